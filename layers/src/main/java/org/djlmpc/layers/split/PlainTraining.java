package org.djlmpc.layers.split;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;

/**
 * The network of a {@link SplitPlan} trained in one place, on the columns of all holders together:
 * what split learning is measured against. Everything is computed by DJL's PyTorch engine and its
 * automatic differentiation; there are no parties, no messages and no rounding.
 *
 * <p>From the same seeds it begins with the same weights as the parties do, uses the rows in the
 * same order and the same update rule, so that {@link MaskedSum} differs by rounding only. One
 * thread uses it.
 */
public final class PlainTraining implements AutoCloseable {
  private final SplitPlan plan;
  private final List<HolderSetup> holders;
  private final long shuffleSeed;
  private final TorchDevice device;
  private final NDManager manager;
  private final ParameterStore store;
  private final Block hidden;
  private final List<TorchParameter> parameters = new ArrayList<>();
  private final NDArray theta;
  private final NDArray thetaBias;
  private final NDArray last;
  private final NDArray lastBias;
  private int epochs;
  private double trainLoss;

  /** The whole network, to go back to its best epoch. */
  private final Part network =
      new Part() {
        @Override
        public void save(DataOutput out) throws IOException {
          out.writeInt(epochs);
          for (TorchParameter parameter : parameters) {
            parameter.save(out);
          }
        }

        @Override
        public void load(DataInput in) throws IOException {
          epochs = in.readInt();
          for (TorchParameter parameter : parameters) {
            parameter.load(in);
          }
        }

        @Override
        public void close() {
          parameters.forEach(TorchParameter::close);
        }
      };

  /**
   * Draws the weights that the parties would draw.
   *
   * @param plan what the parties agree on
   * @param server with a seed
   * @param setups of the holders, each with a seed
   * @param shuffleSeed of the order of rows
   * @throws MpcException ARGUMENT if a seed is missing
   */
  public PlainTraining(
      SplitPlan plan, ServerSetup server, List<HolderSetup> setups, long shuffleSeed) {
    this.plan = plan;
    this.shuffleSeed = shuffleSeed;
    holders = List.copyOf(setups);
    Long serverSeed = server.seed();
    Long labelSeed = setups.get(plan.roles().labelHolder()).seed();
    if (serverSeed == null || labelSeed == null) {
      throw new MpcException(
          ErrorCode.ARGUMENT,
          "A comparison needs seeds for all parties.",
          "Use withSeed for the server and every holder.");
    }
    device = TorchDevice.open(server.device());
    manager = device.manager();
    store = new ParameterStore(manager, false);
    int width = plan.network().width();
    theta = parameter(theta(width), width);
    thetaBias = parameter(new float[width], width);
    hidden = plan.network().hidden().block().get();
    hidden.initialize(manager, DataType.FLOAT32, new Shape(1, width));
    ServerLayers.initialize(hidden, serverSeed);
    for (Parameter parameter : hidden.getParameters().values()) {
      parameters.add(
          TorchParameter.of(
              parameter.getArray(), plan.training().rule(), parameter.requiresGradient()));
    }
    LabelLayer layer = new LabelLayer(plan, LabelWork.layerSeed(labelSeed));
    int outputs = layer.outputs();
    last = parameter(Arrays.copyOf(layer.weights(), layer.inputs() * outputs), outputs);
    lastBias = parameter(new float[outputs], outputs);
  }

  /** The weights of all holders, one below the other. */
  private float[] theta(int width) {
    List<float[]> parts = new ArrayList<>();
    int length = 0;
    for (int i = 0; i < holders.size(); i++) {
      FeatureSchema schema = schema(holders.get(i));
      parts.add(new FirstWeights(schema, plan, i, holders.get(i).seed()).theta());
      length += schema.columns() * width;
    }
    float[] all = new float[length];
    int at = 0;
    for (float[] part : parts) {
      System.arraycopy(part, 0, all, at, part.length);
      at += part.length;
    }
    return all;
  }

  private static FeatureSchema schema(HolderSetup holder) {
    return Objects.requireNonNull(holder.data().get(HolderSetup.TRAIN)).schema();
  }

  private NDArray parameter(float[] values, int columns) {
    NDArray array = manager.create(values, new Shape(values.length / columns, columns));
    array.setRequiresGradient(true);
    parameters.add(TorchParameter.of(array, plan.training().rule(), true));
    return array;
  }

  /**
   * Trains; the label holder's results are told the loss of each epoch, and the metrics of the
   * validation data if there is any. With patience it stops as the parties do, and goes back to the
   * weights of the best epoch.
   *
   * @return the time of each epoch; nothing is sent
   */
  public List<EpochReport> train(SplitProgress progress) {
    List<EpochReport> reports = new ArrayList<>();
    BestEpoch best = new BestEpoch(plan.training().patience());
    byte[] kept = {};
    while (reports.size() < plan.training().epochs() && !best.verdict().stop()) {
      epochs++;
      EpochReport report = epoch(progress);
      reports.add(report);
      progress.epoch(report);
      best.add(reports.size(), validationLoss());
      if (best.verdict().best() == reports.size()) {
        kept = Checkpoints.bytes(network);
      }
    }
    int epoch = best.verdict().best();
    if (epoch > 0) {
      Checkpoints.load(kept, network);
      progress.kept(epoch);
    }
    return reports;
  }

  private EpochReport epoch(SplitProgress progress) {
    Training training = plan.training();
    long rows = source(0, HolderSetup.TRAIN).rows();
    int batches = RowOrder.batches(rows, training.batch());
    long begin = System.nanoTime();
    RowOrder order =
        RowOrder.shuffled(rows, training.shuffleWindow(), training.batch(), shuffleSeed + epochs);
    double lossSum = 0;
    for (int done = 1; order.hasNext(); done++) {
      long[] batch = order.next();
      lossSum += step(batch) * batch.length;
      progress.batches(epochs, done, batches);
    }
    trainLoss = lossSum / rows;
    return new EpochReport(epochs, (System.nanoTime() - begin) / 1e9, Map.of());
  }

  /** Tells the metrics of the epoch; the loss is NaN without validation data. */
  private double validationLoss() {
    boolean validates = holders.get(0).data().containsKey(HolderSetup.VALIDATION);
    Metrics metrics =
        validates
            ? evaluate(HolderSetup.VALIDATION, trainLoss)
            : Metrics.ofTraining(epochs, trainLoss);
    results().metrics(metrics);
    return metrics.loss();
  }

  /** Evaluates a data set with labels; the label holder's results are told the metrics. */
  public void infer(String dataset) {
    results().metrics(evaluate(dataset, Double.NaN));
  }

  private LabelResults results() {
    return holders.get(plan.roles().labelHolder()).results();
  }

  private Metrics evaluate(String dataset, double trainLoss) {
    Evaluated evaluated = new Evaluated(plan.network());
    RowOrder order = RowOrder.sequential(source(0, dataset).rows(), plan.training().batch());
    while (order.hasNext()) {
      List<RowBatch> parts = read(dataset, order.next());
      try (NDManager scope = manager.newSubManager()) {
        evaluated.add(TorchDevice.values(forward(scope, parts, false)), labels(parts));
      }
    }
    return evaluated.metrics(dataset, epochs, trainLoss);
  }

  private RowSource source(int holder, String dataset) {
    RowSource source = holders.get(holder).data().get(dataset);
    if (source == null) {
      throw new MpcException(
          ErrorCode.ARGUMENT,
          "A holder has no data set \"" + dataset + "\".",
          "Give every holder data of this name.");
    }
    return source;
  }

  private List<RowBatch> read(String dataset, long[] rows) {
    List<RowBatch> parts = new ArrayList<>();
    for (int i = 0; i < holders.size(); i++) {
      parts.add(source(i, dataset).read(rows));
    }
    return parts;
  }

  private float[] labels(List<RowBatch> parts) {
    return Objects.requireNonNull(parts.get(plan.roles().labelHolder()).labels());
  }

  /** One batch of training; the mean loss. */
  private double step(long[] rows) {
    List<RowBatch> parts = read(HolderSetup.TRAIN, rows);
    float[] labels = labels(parts);
    plan.network().loss().requireLabels(labels, plan.network().outputs());
    try (NDManager scope = manager.newSubManager()) {
      double mean =
          device.collecting(
              collector -> {
                NDArray z = forward(scope, parts, true);
                NDArray loss = PlainLoss.mean(plan.network().loss(), z, labels, scope);
                parameters.forEach(TorchParameter::clearGradient);
                collector.backward(loss);
                return (double) TorchDevice.values(loss)[0];
              });
      parameters.forEach(TorchParameter::update);
      return mean;
    }
  }

  /** z, (rows, outputs). */
  private NDArray forward(NDManager scope, List<RowBatch> parts, boolean training) {
    NDArray h1 = dense(scope, parts).matMul(theta).add(thetaBias);
    NDArray activated = plan.network().activation().apply(h1);
    NDArray hL = hidden.forward(store, new NDList(activated), training).singletonOrThrow();
    NDArray z = hL.matMul(last).add(lastBias);
    z.attach(scope);
    return z;
  }

  /** All columns of all holders, one-hot and sparse columns written out. */
  private static NDArray dense(NDManager scope, List<RowBatch> parts) {
    int rows = parts.get(0).rows();
    int columns = parts.stream().mapToInt(part -> part.schema().columns()).sum();
    float[] x = new float[FeatureSchema.dense(columns).values(rows, "dense rows")];
    int offset = 0;
    for (RowBatch part : parts) {
      part.copyWithOneHot(x, columns, offset);
      offset += part.schema().columns();
    }
    return scope.create(x, new Shape(rows, columns));
  }

  /** Frees the network. */
  @Override
  public void close() {
    network.close();
    device.close();
  }
}
