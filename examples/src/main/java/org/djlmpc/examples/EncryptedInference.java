package org.djlmpc.examples;

import ai.djl.Model;
import ai.djl.inference.Predictor;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.translate.NoopTranslator;
import ai.djl.translate.TranslateException;
import org.djlmpc.engine.LocalParties;
import org.djlmpc.layers.networks.FashionMnist;
import org.djlmpc.layers.networks.TrainedNetworks;
import org.djlmpc.protocol.ariann.Ariann;

/** Classifies pictures of clothes; who computes sees neither the pictures nor the network. */
public final class EncryptedInference {
  private EncryptedInference() {}

  /** Runs the program; it takes no arguments. */
  public static void main(String[] args) throws TranslateException {
    FashionMnist clothes = FashionMnist.testSample();
    try (Model model = TrainedNetworks.lenet("PyTorch");
        LocalParties parties = LocalParties.start(Ariann.ARIANN);
        // in plaintext: model.newPredictor(new NoopTranslator())
        Predictor<NDList, NDList> predictor = parties.encrypt(model, new NoopTranslator())) {
      NDArray images = clothes.images(model.getNDManager(), 0, 10);
      NDArray logits = predictor.predict(new NDList(images)).singletonOrThrow();
      long[] answers = logits.argMax(1).toLongArray();
      for (int i = 0; i < answers.length; i++) {
        String truth = FashionMnist.CLASS_NAMES.get(clothes.label(i));
        System.out.println(truth + ": " + FashionMnist.CLASS_NAMES.get((int) answers[i]));
      }
    }
  }
}
