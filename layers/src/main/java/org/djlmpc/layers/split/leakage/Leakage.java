package org.djlmpc.layers.split.leakage;

/**
 * What a training gave away. Areas under the ROC curve (AUC) are 0.5 for who guesses and 1 for who
 * knows. The coordinator is not here: it sees nothing that depends on rows.
 *
 * @param taskAuc how good the network is on rows that it was not trained on
 * @param shadowAuc how well the server tells a property of a row from its h1, having trained the
 *     same network on rows of its own: SPNN's property attack
 * @param knownRowsAuc the same, if the server knows the property of half of the rows instead
 * @param serverNormAuc how well the server tells the label by the length of a row's gradient for hL
 *     (arXiv:2102.08504)
 * @param holderNormAuc the same for a holder without labels, by the gradient for h1
 * @param serverInputs the server: all inputs and h1
 * @param serverLabels the server: the labels and the gradient for hL
 * @param holderInputs a holder without labels: the other holders' inputs and the gradient for h1
 * @param holderLabels a holder without labels: the labels and the gradient for h1
 * @param labelHolderInputs the label holder: the other holders' inputs and hL
 */
public record Leakage(
    double taskAuc,
    double shadowAuc,
    double knownRowsAuc,
    double serverNormAuc,
    double holderNormAuc,
    Correlation serverInputs,
    Correlation serverLabels,
    Correlation holderInputs,
    Correlation holderLabels,
    Correlation labelHolderInputs) {}
