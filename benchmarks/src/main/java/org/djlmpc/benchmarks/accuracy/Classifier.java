package org.djlmpc.benchmarks.accuracy;

import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.training.ParameterStore;
import java.time.Duration;
import org.djlmpc.engine.EncryptedModel;
import org.djlmpc.engine.LocalParties;
import org.djlmpc.graph.EvaluationListener;
import org.djlmpc.graph.WeightMode;
import org.djlmpc.layers.networks.FashionMnist;
import org.djlmpc.layers.networks.Network;
import org.djlmpc.layers.networks.TrainedNetworks;
import org.djlmpc.protocol.PartyOptions;
import org.djlmpc.protocol.ProtocolSuite;

/** A trained network that classifies test images in clear and privately. */
final class Classifier implements AutoCloseable {
  private static final int BATCH = 200;
  private static final Duration TIMEOUT = Duration.ofMinutes(5);

  private final Model model;
  private final FashionMnist images;
  private final int count;
  private final int classes;

  Classifier(Network network, FashionMnist images, int count) {
    model = TrainedNetworks.load(network, "PyTorch");
    classes = network.classes();
    this.images = images;
    this.count = count;
  }

  Model model() {
    return model;
  }

  int classes() {
    return classes;
  }

  /** Logits in clear, image by image. */
  float[] plain() {
    return batches(
        (x, manager) ->
            model
                .getBlock()
                .forward(new ParameterStore(manager, false), new NDList(x), false)
                .singletonOrThrow()
                .toFloatArray());
  }

  /** Logits computed privately, image by image. */
  float[] secret(ProtocolSuite suite, PartyOptions options) {
    try (LocalParties parties = LocalParties.start(suite, options);
        EncryptedModel encrypted = parties.encrypt(model, WeightMode.OWNER)) {
      return batches(
          (x, manager) ->
              encrypted
                  .predict(new NDList(x), manager, TIMEOUT, report -> {}, EvaluationListener.none())
                  .singletonOrThrow()
                  .toFloatArray());
    }
  }

  private interface Logits {
    float[] of(NDArray x, NDManager manager);
  }

  private float[] batches(Logits logits) {
    float[] all = new float[count * classes];
    for (int from = 0; from < count; from += BATCH) {
      int to = Math.min(from + BATCH, count);
      try (NDManager manager = model.getNDManager().newSubManager()) {
        float[] some = logits.of(images.images(manager, from, to), manager);
        System.arraycopy(some, 0, all, from * classes, some.length);
      }
    }
    return all;
  }

  /** Share of images whose largest logit is that of their class. */
  double accuracy(float[] logits) {
    int right = 0;
    for (int i = 0; i < count; i++) {
      right += best(logits, i) == images.label(i) ? 1 : 0;
    }
    return (double) right / count;
  }

  /** Share of images with the same largest logit. */
  double agreement(float[] a, float[] b) {
    int same = 0;
    for (int i = 0; i < count; i++) {
      same += best(a, i) == best(b, i) ? 1 : 0;
    }
    return (double) same / count;
  }

  private int best(float[] logits, int image) {
    int best = 0;
    for (int c = 1; c < classes; c++) {
      if (logits[image * classes + c] > logits[image * classes + best]) {
        best = c;
      }
    }
    return best;
  }

  @Override
  public void close() {
    model.close();
  }
}
