package org.djlmpc.layers.split.leakage;

/**
 * What a training gave away. Areas under the ROC curve (AUC) are 0.5 for who guesses and 1 for who
 * knows.
 *
 * @param taskAuc how good the network is on rows that it was not trained on
 * @param shadowAuc how well the server tells a property of a row from its h1, having trained the
 *     same network on rows of its own: SPNN's property attack
 * @param knownRowsAuc the same, if the server knows the property of half of the rows instead
 * @param inputs distance correlation of all inputs and h1
 * @param labels distance correlation of the labels and the gradients that the server gets
 * @param independent what both correlations would be about, for inputs and h1 of different rows
 * @param serverNormAuc how well the server tells the label by the length of a row's gradient
 *     (arXiv:2102.08504)
 * @param holderNormAuc the same for a holder without labels, by the gradient for h1
 */
public record Leakage(
    double taskAuc,
    double shadowAuc,
    double knownRowsAuc,
    double inputs,
    double labels,
    double independent,
    double serverNormAuc,
    double holderNormAuc) {}
