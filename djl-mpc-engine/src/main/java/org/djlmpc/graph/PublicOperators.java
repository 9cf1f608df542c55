package org.djlmpc.graph;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import java.util.function.LongBinaryOperator;
import java.util.function.LongUnaryOperator;
import org.djlmpc.ring.ConvolutionSpec;
import org.jspecify.annotations.Nullable;

/**
 * The operators on public arrays, in plain Java: every party computes the same bits, whatever its
 * machine and Java version.
 *
 * <p>Data types follow PyTorch: FLOAT32 stays FLOAT32, integers divide to FLOAT32, comparisons are
 * BOOLEAN. Transcendental functions are {@link StrictMath}'s in double precision, rounded once.
 */
public final class PublicOperators implements Operators<PublicTensor> {
  private final ShapeInference inference = new ShapeInference();

  @Override
  public Shape shape(PublicTensor x) {
    return x.shape();
  }

  @Override
  public DataType dataType(PublicTensor x) {
    return x.dataType();
  }

  @Override
  public PublicTensor unary(Unary function, PublicTensor x) {
    TensorType result = inference.unary(function, x.type());
    if (x.isFloating() || result.dataType().isFloating()) {
      return mapReal(ElementFunctions.real(function), x, result);
    }
    LongUnaryOperator f = ElementFunctions.integer(function);
    long[] from = x.longs();
    long[] to = new long[from.length];
    for (int i = 0; i < to.length; i++) {
      to[i] = f.applyAsLong(from[i]);
    }
    return PublicTensor.of(to, x.shape()).cast(result.dataType());
  }

  private static PublicTensor mapReal(DoubleUnaryOperator f, PublicTensor x, TensorType result) {
    if (x.dataType() == DataType.FLOAT32 && result.dataType() == DataType.FLOAT32) {
      float[] from = x.floats();
      float[] to = new float[from.length];
      for (int i = 0; i < to.length; i++) {
        to[i] = (float) f.applyAsDouble(from[i]);
      }
      return PublicTensor.of(to, x.shape());
    }
    double[] from = x.doubles();
    double[] to = new double[from.length];
    for (int i = 0; i < to.length; i++) {
      to[i] = f.applyAsDouble(from[i]);
    }
    return PublicTensor.of(to, x.shape()).cast(result.dataType());
  }

  @Override
  public PublicTensor binary(Binary function, PublicTensor a, PublicTensor b) {
    TensorType result = inference.binary(function, a.type(), b.type());
    DataType common = DataTypes.promote(a.type(), b.type());
    return combine(
        function,
        broadcast(a.cast(common), result.shape()),
        broadcast(b.cast(common), result.shape()),
        result);
  }

  @Override
  public PublicTensor scalar(Binary function, PublicTensor x, double number, boolean numberFirst) {
    TensorType result = inference.scalar(function, x.type(), number, numberFirst);
    DataType common = DataTypes.withNumber(x.dataType(), number);
    PublicTensor array = x.cast(common);
    // the number takes the array's precision first, as in PyTorch
    PublicTensor other = PublicTensor.full(x.shape(), common, number);
    return numberFirst
        ? combine(function, other, array, result)
        : combine(function, array, other, result);
  }

  /** Two arrays of one shape and type. */
  private static PublicTensor combine(
      Binary function, PublicTensor a, PublicTensor b, TensorType result) {
    int n = a.size();
    if (a.dataType() == DataType.FLOAT32 && result.dataType() == DataType.FLOAT32) {
      DoubleBinaryOperator f = ElementFunctions.real(function);
      float[] fa = a.floats();
      float[] fb = b.floats();
      float[] to = new float[n];
      for (int i = 0; i < n; i++) {
        to[i] = (float) f.applyAsDouble(fa[i], fb[i]);
      }
      return PublicTensor.of(to, result.shape());
    }
    if (a.isFloating() || result.dataType().isFloating()) {
      DoubleBinaryOperator f = ElementFunctions.real(function);
      double[] da = a.doubles();
      double[] db = b.doubles();
      double[] to = new double[n];
      for (int i = 0; i < n; i++) {
        to[i] = f.applyAsDouble(da[i], db[i]);
      }
      return PublicTensor.of(to, result.shape()).cast(result.dataType());
    }
    LongBinaryOperator f = ElementFunctions.integer(function);
    long[] la = a.longs();
    long[] lb = b.longs();
    long[] to = new long[n];
    for (int i = 0; i < n; i++) {
      to[i] = f.applyAsLong(la[i], lb[i]);
    }
    return PublicTensor.of(to, result.shape()).cast(result.dataType());
  }

  @Override
  public PublicTensor where(PublicTensor condition, PublicTensor a, PublicTensor b) {
    TensorType result = inference.where(condition.type(), a.type(), b.type());
    PublicTensor c = broadcast(condition.cast(DataType.BOOLEAN), result.shape());
    PublicTensor x = broadcast(a.cast(result.dataType()), result.shape());
    PublicTensor y = broadcast(b.cast(result.dataType()), result.shape());
    int n = c.size();
    byte[] chosen = c.bytes();
    if (result.dataType().isFloating()) {
      double[] dx = x.doubles();
      double[] dy = y.doubles();
      double[] to = new double[n];
      for (int i = 0; i < n; i++) {
        to[i] = chosen[i] != 0 ? dx[i] : dy[i];
      }
      return PublicTensor.of(to, result.shape()).cast(result.dataType());
    }
    long[] lx = x.longs();
    long[] ly = y.longs();
    long[] to = new long[n];
    for (int i = 0; i < n; i++) {
      to[i] = chosen[i] != 0 ? lx[i] : ly[i];
    }
    return PublicTensor.of(to, result.shape()).cast(result.dataType());
  }

  @Override
  public PublicTensor clip(PublicTensor x, double min, double max) {
    TensorType result = inference.clip(x.type(), min, max);
    if (result.dataType().isFloating()) {
      return mapReal(v -> Math.min(Math.max(v, min), max), x, result);
    }
    long low = min == Double.NEGATIVE_INFINITY ? Long.MIN_VALUE : (long) min;
    long high = max == Double.POSITIVE_INFINITY ? Long.MAX_VALUE : (long) max;
    long[] to = Arrays.stream(x.longs()).map(v -> Math.min(Math.max(v, low), high)).toArray();
    return PublicTensor.of(to, x.shape()).cast(result.dataType());
  }

  @Override
  public PublicTensor leakyRelu(PublicTensor x, double slope) {
    TensorType result = inference.leakyRelu(x.type(), slope);
    return mapReal(v -> v > 0 ? v : v * slope, x, result);
  }

  @Override
  public PublicTensor prelu(PublicTensor x, PublicTensor slope) {
    TensorType result = inference.prelu(x.type(), slope.type());
    double[] slopes = slope.doubles();
    double[] values = x.doubles();
    int inner = slopes.length == 1 ? 1 : Shapes.product(x.shape(), 2, x.shape().dimension());
    double[] to = new double[values.length];
    for (int i = 0; i < to.length; i++) {
      to[i] = values[i] > 0 ? values[i] : values[i] * slopes[i / inner % slopes.length];
    }
    return PublicTensor.of(to, x.shape()).cast(result.dataType());
  }

  @Override
  public PublicTensor matmul(PublicTensor a, PublicTensor b) {
    return PublicProducts.matmul(a, b, inference.matmul(a.type(), b.type()));
  }

  @Override
  public PublicTensor linear(PublicTensor x, PublicTensor weight, @Nullable PublicTensor bias) {
    TensorType result = inference.linear(x.type(), weight.type(), type(bias));
    return PublicProducts.linear(x, weight, bias, result);
  }

  @Override
  public PublicTensor convolution(
      PublicTensor x, PublicTensor weight, @Nullable PublicTensor bias, ConvolutionSpec spec) {
    TensorType result = inference.convolution(x.type(), weight.type(), type(bias), spec);
    return PublicProducts.convolution(x, weight, bias, spec, result);
  }

  private static @Nullable TensorType type(@Nullable PublicTensor x) {
    return x == null ? null : x.type();
  }

  @Override
  public PublicTensor pool(PublicTensor x, Pooling pooling) {
    return PublicPooling.pool(x, pooling, inference.pool(x.type(), pooling));
  }

  @Override
  public PublicTensor batchNorm(
      PublicTensor x,
      PublicTensor mean,
      PublicTensor variance,
      @Nullable PublicTensor gamma,
      @Nullable PublicTensor beta,
      int axis,
      double epsilon) {
    TensorType result =
        inference.batchNorm(
            x.type(), mean.type(), variance.type(), type(gamma), type(beta), axis, epsilon);
    int at = Shapes.axis(axis, x.shape().dimension());
    int channels = mean.size();
    int inner = Shapes.product(x.shape(), at + 1, x.shape().dimension());
    double[] scale = new double[channels];
    for (int c = 0; c < channels; c++) {
      scale[c] =
          (gamma == null ? 1 : gamma.getDouble(c))
              / StrictMath.sqrt(variance.getDouble(c) + epsilon);
    }
    double[] values = x.doubles();
    double[] to = new double[values.length];
    for (int i = 0; i < to.length; i++) {
      int c = i / inner % channels;
      to[i] = (values[i] - mean.getDouble(c)) * scale[c] + (beta == null ? 0 : beta.getDouble(c));
    }
    return PublicTensor.of(to, x.shape()).cast(result.dataType());
  }

  @Override
  public PublicTensor reduce(Reduction reduction, PublicTensor x, int[] axes, boolean keepAxes) {
    TensorType result = inference.reduce(reduction, x.type(), axes, keepAxes);
    return PublicReductions.reduce(reduction, x, axes, result);
  }

  @Override
  public PublicTensor argMax(PublicTensor x, int axis, boolean smallest) {
    TensorType result = inference.argMax(x.type(), axis, smallest);
    return PublicReductions.argMax(x, axis, smallest, result);
  }

  @Override
  public PublicTensor softmax(PublicTensor x, int axis, boolean logarithm) {
    TensorType result = inference.softmax(x.type(), axis, logarithm);
    return PublicReductions.softmax(x, axis, logarithm, result);
  }

  @Override
  public PublicTensor cumSum(PublicTensor x, int axis) {
    return PublicReductions.cumSum(x, axis, inference.cumSum(x.type(), axis));
  }

  @Override
  public PublicTensor layout(Layout layout, PublicTensor x) {
    inference.layout(layout, x.type());
    return layout instanceof Layout.Reshape
        ? x.reshape(layout.outputShape(x.shape()))
        : x.rearrange(layout.indexMap(x.shape()), layout.fill());
  }

  @Override
  public PublicTensor concat(List<PublicTensor> values, int axis) {
    TensorType result = inference.concat(values.stream().map(PublicTensor::type).toList(), axis);
    Shape shape = result.shape();
    int at = Shapes.axis(axis, shape.dimension());
    int outer = Shapes.product(shape, 0, at);
    int row = Shapes.product(shape, at, shape.dimension());
    Elements to = Elements.allocate(result.dataType(), Shapes.size(shape));
    int offset = 0;
    for (PublicTensor value : values) {
      Elements from = value.cast(result.dataType()).elements();
      int part = Shapes.product(value.shape(), at, shape.dimension());
      for (int o = 0; o < outer; o++) {
        System.arraycopy(from.array(), o * part, to.array(), o * row + offset, part);
      }
      offset += part;
    }
    return PublicTensor.of(to, result.dataType(), shape);
  }

  @Override
  public PublicTensor cast(PublicTensor x, DataType type) {
    inference.cast(x.type(), type);
    return x.cast(type);
  }

  @Override
  public PublicTensor constant(PublicTensor tensor) {
    return tensor;
  }

  private static PublicTensor broadcast(PublicTensor x, Shape to) {
    return x.shape().equals(to) ? x : x.rearrange(Layout.broadcast(to).indexMap(x.shape()));
  }
}
