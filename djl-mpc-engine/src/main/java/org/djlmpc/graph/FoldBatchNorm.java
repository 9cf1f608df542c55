package org.djlmpc.graph;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Removes inference batch normalization, {@code (y - mean) s + beta} with {@code s = gamma /
 * sqrt(var + epsilon)} for each channel.
 *
 * <p>Behind a convolution or linear layer {@code y = W x + b} that nothing else reads, it becomes
 * part of the weights: {@code W' = s W}, {@code b' = (b - mean) s + beta} (the scaling is along the
 * output channels). Anywhere else it becomes {@code y s + t} with {@code t = beta - mean s}.
 *
 * <p>The new weights are computed where the old ones are known, and only named elsewhere.
 */
public final class FoldBatchNorm implements Rewrite {
  @Override
  public Graph apply(Graph graph) {
    int[] uses = graph.uses();
    GraphCopy copy = new GraphCopy(graph);
    GraphBuilder builder = copy.builder();
    for (Node node : graph.nodes()) {
      Parameters parameters = Parameters.of(builder, node, copy.to(node.inputs()));
      if (parameters == null) {
        copy.keep(node);
        continue;
      }
      // looked up in the copy: what was folded before may be folded into again
      Node producer = builder.node(parameters.x);
      boolean alone = uses[node.inputs().get(0)] == 1;
      copy.replace(
          node,
          alone && producer != null && isFoldable(builder, producer, parameters.axis)
              ? fold(builder, producer, parameters)
              : scaleAndShift(builder, node, parameters));
    }
    return new DeadCode().apply(copy.finish());
  }

  private static boolean isFoldable(GraphBuilder builder, Node producer, int axis) {
    boolean channels =
        producer.op() instanceof Op.Convolution && axis == 1
            || producer.op() instanceof Op.Linear
                && axis == builder.type(producer.id()).shape().dimension() - 1;
    return channels
        && producer.inputs().stream().skip(1).allMatch(id -> isParameter(builder, id))
        && builder.type(producer.inputs().get(1)).dataType().isFloating();
  }

  private static boolean isParameter(GraphBuilder builder, int id) {
    return builder.weight(id) != null || builder.constant(id) != null;
  }

  private static int fold(GraphBuilder builder, Node producer, Parameters p) {
    int weight = producer.inputs().get(1);
    boolean biased = producer.inputs().size() > 2;
    PublicTensor w = value(builder, weight);
    PublicTensor b = biased ? value(builder, producer.inputs().get(2)) : null;
    double[] scale = p.scale();
    TensorType type = builder.type(weight);
    PublicTensor foldedWeight = scale == null || w == null ? null : scaled(w, scale);
    PublicTensor foldedBias =
        scale == null || biased && b == null ? null : p.shift(scale, b, type.dataType());
    TensorType biasType = new TensorType(new Shape(p.channels), type.dataType());
    String name = name(builder, weight);
    int newWeight = add(builder, name, type, foldedWeight);
    int newBias = add(builder, name + ".bias", biasType, foldedBias);
    List<Integer> inputs = List.of(producer.inputs().get(0), newWeight, newBias);
    return builder.node(producer.op(), inputs, producer.place());
  }

  /** Multiplies each slice of the first axis by its number. */
  private static PublicTensor scaled(PublicTensor weight, double[] scale) {
    int row = weight.size() / scale.length;
    double[] values = weight.doubles();
    double[] result = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      result[i] = values[i] * scale[i / row];
    }
    return PublicTensor.of(result, weight.shape()).cast(weight.dataType());
  }

  private static int scaleAndShift(GraphBuilder builder, Node node, Parameters p) {
    DataType type = DataTypes.floating(builder.type(p.x).dataType());
    // (channels, 1, ..., 1) broadcasts against the axes behind the channel axis
    long[] lengths = new long[builder.type(p.x).shape().dimension() - p.axis];
    Arrays.fill(lengths, 1);
    lengths[0] = p.channels;
    TensorType parameter = new TensorType(new Shape(lengths), type);
    double[] scale = p.scale();
    PublicTensor s = null;
    PublicTensor t = null;
    if (scale != null) {
      s = PublicTensor.of(scale, parameter.shape()).cast(type);
      t = p.shift(scale, null, type).reshape(parameter.shape());
    }
    int scaleId = add(builder, p.name + ".scale", parameter, s);
    int shiftId = add(builder, p.name + ".shift", parameter, t);
    Op multiply = new Op.Binary(Operators.Binary.MULTIPLY);
    Op plus = new Op.Binary(Operators.Binary.ADD);
    int product = builder.node(multiply, List.of(p.x, scaleId), node.place());
    return builder.node(plus, List.of(product, shiftId), node.place());
  }

  private static int add(
      GraphBuilder builder, String name, TensorType type, @Nullable PublicTensor value) {
    return builder.weight(new Graph.Weight(builder.freeWeightName(name), type, value));
  }

  private static String name(GraphBuilder builder, int id) {
    Graph.Weight weight = builder.weight(id);
    if (weight == null) {
      return "constant.folded";
    }
    return weight.name().endsWith(".folded") ? weight.name() : weight.name() + ".folded";
  }

  private static @Nullable PublicTensor value(GraphBuilder builder, int id) {
    Graph.Weight weight = builder.weight(id);
    return weight == null ? builder.constant(id) : weight.value();
  }

  /** What a batch normalization knows of each channel; values are null where only named. */
  private static final class Parameters {
    private final int x;
    private final int axis;
    private final int channels;
    private final double epsilon;
    private final String name;
    private final boolean known;
    private final @Nullable PublicTensor mean;
    private final @Nullable PublicTensor variance;
    private final @Nullable PublicTensor gamma;
    private final @Nullable PublicTensor beta;

    private Parameters(GraphBuilder builder, Op.BatchNorm op, List<Integer> inputs) {
      this.x = inputs.get(0);
      this.axis = Shapes.axis(op.axis(), builder.type(x).shape().dimension());
      this.channels = (int) builder.type(inputs.get(1)).shape().get(0);
      this.epsilon = op.epsilon();
      this.name = name(builder, inputs.get(1));
      this.known = inputs.stream().skip(1).allMatch(id -> value(builder, id) != null);
      this.mean = value(builder, inputs.get(1));
      this.variance = value(builder, inputs.get(2));
      this.gamma = op.scaled() ? value(builder, inputs.get(3)) : null;
      this.beta = op.shifted() ? value(builder, inputs.get(op.scaled() ? 4 : 3)) : null;
    }

    /** The parameters of a batch normalization whose statistics are fixed; null for other nodes. */
    static @Nullable Parameters of(GraphBuilder builder, Node node, List<Integer> inputs) {
      return node.op() instanceof Op.BatchNorm op
              && inputs.stream().skip(1).allMatch(id -> isParameter(builder, id))
          ? new Parameters(builder, op, inputs)
          : null;
    }

    /** gamma / sqrt(var + epsilon), or null if not known. */
    double @Nullable [] scale() {
      if (!known || variance == null) {
        return null;
      }
      double[] scale = new double[channels];
      for (int c = 0; c < channels; c++) {
        double numerator = gamma == null ? 1 : gamma.getDouble(c);
        scale[c] = numerator / StrictMath.sqrt(variance.getDouble(c) + epsilon);
      }
      return scale;
    }

    /** (bias - mean) scale + beta. */
    PublicTensor shift(double[] scale, @Nullable PublicTensor bias, DataType type) {
      double[] shift = new double[channels];
      for (int c = 0; c < channels; c++) {
        double b = bias == null ? 0 : bias.getDouble(c);
        double m = mean == null ? 0 : mean.getDouble(c);
        shift[c] = (b - m) * scale[c] + (beta == null ? 0 : beta.getDouble(c));
      }
      return PublicTensor.of(shift, new Shape(channels)).cast(type);
    }
  }
}
