package org.djlmpc.layers.split;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Outputs and labels of the rows evaluated so far: 8 bytes a row for the exact AUC. */
final class Evaluated {
  private final SplitNetwork network;
  private float[] outputs = new float[1024];
  private float[] labels = new float[1024];
  private int kept;
  private double lossSum;
  private long rows;
  private long hits;

  Evaluated(SplitNetwork network) {
    this.network = network;
  }

  /** Adds rows; without labels nothing is evaluated. */
  void add(float[] z, float @Nullable [] y) {
    if (y == null) {
      return;
    }
    network.loss().requireLabels(y, network.outputs());
    lossSum += network.loss().evaluate(z, y, network.outputs(), new float[z.length]) * y.length;
    rows += y.length;
    switch (network.loss()) {
      case BINARY -> keep(z, y);
      case SOFTMAX -> countHits(z, y);
      case SQUARED -> {}
    }
  }

  private void keep(float[] z, float[] y) {
    if (kept + z.length > outputs.length) {
      int size = Math.max(kept + z.length, outputs.length + (outputs.length >> 1));
      outputs = Arrays.copyOf(outputs, size);
      labels = Arrays.copyOf(labels, size);
    }
    System.arraycopy(z, 0, outputs, kept, z.length);
    System.arraycopy(y, 0, labels, kept, y.length);
    kept += z.length;
  }

  private void countHits(float[] z, float[] y) {
    int classes = network.outputs();
    for (int row = 0; row < y.length; row++) {
      hits += LabelLoss.mostProbable(z, row * classes, classes) == y[row] ? 1 : 0;
    }
  }

  /** Whether no row with a label was added. */
  boolean isEmpty() {
    return rows == 0;
  }

  Metrics metrics(String dataset, int epoch, double trainLoss) {
    double loss = rows == 0 ? Double.NaN : lossSum / rows;
    double auc =
        kept == 0 ? Double.NaN : Auc.of(Arrays.copyOf(outputs, kept), Arrays.copyOf(labels, kept));
    boolean classes = rows > 0 && network.loss() == LabelLoss.SOFTMAX;
    double accuracy = classes ? hits / (double) rows : Double.NaN;
    return new Metrics(dataset, epoch, trainLoss, loss, auc, accuracy);
  }

  void clear() {
    Arrays.fill(outputs, 0);
    Arrays.fill(labels, 0);
    kept = 0;
    rows = 0;
    hits = 0;
    lossSum = 0;
  }
}
