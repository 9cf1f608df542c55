package org.djlmpc.layers.split;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;
import org.djlmpc.transport.Channel;
import org.djlmpc.transport.FrameType;
import org.jspecify.annotations.Nullable;

/** What the label holder does besides being a holder: the last layer, the loss, the metrics. */
final class LabelWork {
  private final SplitPlan plan;
  private final LabelLayer layer;
  private final LabelResults results;
  private final GaussianNoise noise = new GaussianNoise();
  private final Evaluated evaluated;
  private double lossSum;
  private long lossRows;
  private int epochs;
  private final BestEpoch best;

  LabelWork(SplitPlan plan, @Nullable Long seed, LabelResults results) {
    this.plan = plan;
    this.results = results;
    layer = new LabelLayer(plan, seed == null ? null : layerSeed(seed));
    evaluated = new Evaluated(plan.network());
    best = new BestEpoch(plan.training().patience());
  }

  /** Its theta is drawn from the holder's seed itself. */
  static long layerSeed(long holderSeed) {
    return ~holderSeed;
  }

  /** The layer, and how training has gone so far. */
  Part part() {
    return new Part() {
      @Override
      public void save(DataOutput out) throws IOException {
        layer.save(out);
        out.writeInt(epochs);
        best.save(out);
      }

      @Override
      public void load(DataInput in) throws IOException {
        layer.load(in);
        epochs = in.readInt();
        best.load(in);
      }

      @Override
      public void close() {
        layer.close();
        noise.close();
      }
    };
  }

  void train(Channel server, Step step, RowBatch x) {
    float[] labels = required(x, "training");
    float[] hL = receiveHidden(server, step);
    float[] z = layer.forward(hL);
    float[] dz = new float[z.length];
    lossSum += layer.loss(z, labels, dz) * step.rows();
    lossRows += step.rows();
    LabelGradient.send(plan, server, step, layer, dz, noise);
    layer.update(hL, dz);
  }

  private static float[] required(RowBatch x, String what) {
    float[] labels = x.labels();
    if (labels == null) {
      throw new MpcException(
          ErrorCode.ARGUMENT,
          "The label holder's " + what + " data has no labels.",
          "Give labels, or name the holder that has them.");
    }
    return labels;
  }

  private float[] receiveHidden(Channel server, Step step) {
    return FloatFrames.receive(
        server,
        FrameType.SHARE,
        step.number(),
        Math.multiplyExact(step.rows(), layer.inputs()),
        "hidden outputs");
  }

  /** One batch; the scores are told if they are those of a data set to predict. */
  void infer(Channel server, Step step, RowBatch x, @Nullable String predicted, long firstRow) {
    float[] z = layer.forward(receiveHidden(server, step));
    evaluated.add(z, predicted == null ? required(x, "validation") : x.labels());
    if (predicted != null) {
      plan.network().loss().toScores(z, layer.outputs());
      results.scores(predicted, firstRow, z);
      Arrays.fill(z, 0);
    }
  }

  void endEpoch(int epoch) {
    epochs = epoch;
    double trainLoss = lossRows == 0 ? Double.NaN : lossSum / lossRows;
    lossSum = 0;
    lossRows = 0;
    Metrics metrics = evaluated.metrics(HolderSetup.VALIDATION, epoch, trainLoss);
    evaluated.clear();
    results.metrics(metrics);
    best.add(epoch, metrics.loss());
  }

  Verdict verdict() {
    return best.verdict();
  }

  void endInference(String dataset) {
    if (evaluated.isEmpty()) {
      results.withoutLabels(dataset, epochs);
    } else {
      results.metrics(evaluated.metrics(dataset, epochs, Double.NaN));
    }
    evaluated.clear();
  }
}
