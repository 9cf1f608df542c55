package org.djlmpc.consumer;

import ai.djl.Model;
import ai.djl.inference.Predictor;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.training.ParameterStore;
import ai.djl.translate.NoopTranslator;
import ai.djl.translate.TranslateException;
import java.util.Arrays;
import org.djlmpc.engine.LocalParties;
import org.djlmpc.protocol.ariann.Ariann;

/** A tiny model, in plaintext and encrypted; fails if the answers differ. */
public final class Consumer {
  private static final double TOLERANCE = 1e-3;

  private Consumer() {}

  /** Runs the program; it takes no arguments. */
  public static void main(String[] args) throws TranslateException {
    try (Model model = Model.newInstance("tiny", "PyTorch");
        LocalParties parties = LocalParties.start(Ariann.ARIANN)) {
      NDManager manager = model.getNDManager();
      model.setBlock(
          new SequentialBlock()
              .add(Linear.builder().setUnits(8).build())
              .add(Activation.reluBlock())
              .add(Linear.builder().setUnits(3).build()));
      model.getBlock().initialize(manager, DataType.FLOAT32, new Shape(1, 4));
      NDList input = new NDList(manager.randomUniform(-1, 1, new Shape(2, 4)));

      NDArray plain =
          model.getBlock().forward(new ParameterStore(manager, false), input, false).head();
      try (Predictor<NDList, NDList> predictor = parties.encrypt(model, new NoopTranslator())) {
        NDArray secret = predictor.predict(input).head();
        System.out.println("plaintext " + Arrays.toString(plain.toFloatArray()));
        System.out.println("encrypted " + Arrays.toString(secret.toFloatArray()));
        if (plain.sub(secret).abs().max().getFloat() > TOLERANCE) {
          throw new IllegalStateException("The answers differ.");
        }
      }
    }
  }
}
