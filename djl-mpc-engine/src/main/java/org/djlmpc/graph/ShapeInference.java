package org.djlmpc.graph;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.Locale;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;
import org.djlmpc.ring.ConvolutionSpec;
import org.jspecify.annotations.Nullable;

/**
 * The operators on shapes and data types alone, by NumPy's rules for shapes and PyTorch's for
 * types.
 *
 * <p>Every other implementation may rely on what this one accepts: arguments that fit, and results
 * of at most 2^31 - 1 elements.
 */
public final class ShapeInference implements Operators<TensorType> {
  @Override
  public Shape shape(TensorType x) {
    return x.shape();
  }

  @Override
  public DataType dataType(TensorType x) {
    return x.dataType();
  }

  @Override
  public TensorType unary(Unary function, TensorType x) {
    DataType type = x.dataType();
    return switch (function) {
      case LOGICAL_NOT -> {
        DataTypes.supported(type);
        yield of(x.shape(), DataType.BOOLEAN);
      }
      case NEGATE, ABS, SIGN, SQUARE, RELU, FLOOR, CEIL, ROUND ->
          of(x.shape(), DataTypes.number(type, function.name().toLowerCase(Locale.ROOT)));
      default -> of(x.shape(), DataTypes.floating(type));
    };
  }

  @Override
  public TensorType binary(Binary function, TensorType a, TensorType b) {
    Shape shape = Shapes.broadcast(a.shape(), b.shape());
    return of(shape, resultType(function, DataTypes.promote(a, b)));
  }

  @Override
  public TensorType scalar(Binary function, TensorType x, double number, boolean numberFirst) {
    return of(x.shape(), resultType(function, DataTypes.withNumber(x.dataType(), number)));
  }

  private static DataType resultType(Binary function, DataType common) {
    return switch (function) {
      case EQUAL, NOT_EQUAL, GREATER, GREATER_OR_EQUAL, LESS, LESS_OR_EQUAL, AND, OR, XOR ->
          DataType.BOOLEAN;
      case DIVIDE -> DataTypes.floating(common);
      case SUBTRACT, POWER, REMAINDER ->
          DataTypes.number(common, function.name().toLowerCase(Locale.ROOT));
      default -> common;
    };
  }

  @Override
  public TensorType where(TensorType condition, TensorType a, TensorType b) {
    DataTypes.supported(condition.dataType());
    Shape shape = Shapes.broadcast(condition.shape(), Shapes.broadcast(a.shape(), b.shape()));
    return of(shape, DataTypes.promote(a, b));
  }

  @Override
  public TensorType clip(TensorType x, double min, double max) {
    if (Double.isNaN(min) || Double.isNaN(max) || min > max) {
      throw new MpcException(
          ErrorCode.ARGUMENT,
          "A clip to [" + min + ", " + max + "].",
          "Give min <= max, neither NaN.");
    }
    DataType type = DataTypes.number(x.dataType(), "clip");
    boolean integral =
        (DataTypes.isIntegral(min) || Double.isInfinite(min))
            && (DataTypes.isIntegral(max) || Double.isInfinite(max));
    return of(x.shape(), integral ? type : DataTypes.floating(type));
  }

  @Override
  public TensorType leakyRelu(TensorType x, double slope) {
    return of(x.shape(), DataTypes.floating(x.dataType()));
  }

  @Override
  public TensorType prelu(TensorType x, TensorType slope) {
    if (slope.shape().size() != 1) {
      checkChannels("The slope of prelu", slope, x, 1);
    }
    return of(x.shape(), DataTypes.floating(DataTypes.promote(x, slope)));
  }

  @Override
  public TensorType matmul(TensorType a, TensorType b) {
    return of(
        MatmulShape.of(a.shape(), b.shape()).output(), product(DataTypes.promote(a, b), "matmul"));
  }

  @Override
  public TensorType linear(TensorType x, TensorType weight, @Nullable TensorType bias) {
    Shape in = x.shape();
    Shape w = weight.shape();
    if (in.dimension() < 1
        || w.dimension() != 2
        || in.getLastDimension() != w.get(1)
        || bias != null && !bias.shape().equals(new Shape(w.get(0)))) {
      throw new MpcException(
          ErrorCode.SHAPE,
          "A linear layer of input "
              + in
              + ", weight "
              + w
              + (bias == null ? "" : " and bias " + bias.shape())
              + ".",
          "Use input (..., in), weight (out, in) and bias (out).");
    }
    DataType type = withBias(DataTypes.promote(x, weight), bias);
    return of(in.slice(0, in.dimension() - 1).add(w.get(0)), product(type, "linear"));
  }

  @Override
  public TensorType convolution(
      TensorType x, TensorType weight, @Nullable TensorType bias, ConvolutionSpec spec) {
    Shape out = spec.outputShape(x.shape(), weight.shape());
    if (bias != null && !bias.shape().equals(new Shape(weight.shape().get(0)))) {
      throw new MpcException(
          ErrorCode.SHAPE,
          "A convolution of weight " + weight.shape() + " with bias " + bias.shape() + ".",
          "Give one bias for each output channel.");
    }
    return of(out, product(withBias(DataTypes.promote(x, weight), bias), "convolution"));
  }

  private static DataType withBias(DataType type, @Nullable TensorType bias) {
    return bias == null ? type : DataTypes.promote(type, bias.dataType());
  }

  private static DataType product(DataType type, String operator) {
    return DataTypes.number(type, operator);
  }

  @Override
  public TensorType pool(TensorType x, Pooling pooling) {
    if (x.shape().dimension() != 4) {
      throw new MpcException(
          ErrorCode.SHAPE, "Pooling of " + x.shape() + ".", "Use an input of shape (N, C, H, W).");
    }
    Shape out = pooling.outputShape(x.shape());
    if (out.get(2) < 1 || out.get(3) < 1) {
      throw new MpcException(
          ErrorCode.SHAPE,
          "The pooling window of "
              + pooling.kernelH()
              + " x "
              + pooling.kernelW()
              + " is larger than the padded input "
              + x.shape()
              + ".",
          "Use a larger image or a smaller window.");
    }
    DataType type = DataTypes.number(x.dataType(), "pool");
    return of(out, pooling.kind() == Pooling.Kind.MAX ? type : DataTypes.floating(type));
  }

  @Override
  public TensorType batchNorm(
      TensorType x,
      TensorType mean,
      TensorType variance,
      @Nullable TensorType gamma,
      @Nullable TensorType beta,
      int axis,
      double epsilon) {
    int at = Shapes.axis(axis, x.shape().dimension());
    checkChannels("The mean of batch_norm", mean, x, at);
    checkChannels("The variance of batch_norm", variance, x, at);
    if (gamma != null) {
      checkChannels("The gamma of batch_norm", gamma, x, at);
    }
    if (beta != null) {
      checkChannels("The beta of batch_norm", beta, x, at);
    }
    if (!(epsilon >= 0)) {
      throw new MpcException(
          ErrorCode.ARGUMENT, "An epsilon of " + epsilon + ".", "Give a number >= 0.");
    }
    return of(x.shape(), DataTypes.floating(x.dataType()));
  }

  private static void checkChannels(String what, TensorType parameter, TensorType x, int axis) {
    if (axis >= x.shape().dimension()
        || !parameter.shape().equals(new Shape(x.shape().get(axis)))) {
      throw new MpcException(
          ErrorCode.SHAPE,
          what + " has the shape " + parameter.shape() + " for the input " + x.shape() + ".",
          "Give one value for each entry of axis " + axis + ".");
    }
  }

  @Override
  public TensorType reduce(Reduction reduction, TensorType x, int[] axes, boolean keepAxes) {
    boolean[] reduced = Shapes.axes(axes, x.shape().dimension());
    Shape out = new Shape();
    long count = 1;
    for (int i = 0; i < reduced.length; i++) {
      long length = x.shape().get(i);
      count = reduced[i] ? count * length : count;
      if (!reduced[i] || keepAxes) {
        out = out.add(reduced[i] ? 1 : length);
      }
    }
    if (count == 0 && (reduction == Reduction.MAX || reduction == Reduction.MIN)) {
      throw empty(x.shape());
    }
    return of(out, reducedType(reduction, x.dataType()));
  }

  private static DataType reducedType(Reduction reduction, DataType type) {
    return switch (reduction) {
      case SUM, PRODUCT -> DataTypes.accumulated(type);
      case MEAN, VARIANCE -> DataTypes.floating(type);
      case ALL, ANY -> {
        DataTypes.supported(type);
        yield DataType.BOOLEAN;
      }
      default -> DataTypes.supported(type);
    };
  }

  private static MpcException empty(Shape shape) {
    return new MpcException(
        ErrorCode.SHAPE,
        "The largest of no elements in " + shape + ".",
        "Give at least one element.");
  }

  @Override
  public TensorType argMax(TensorType x, int axis, boolean smallest) {
    DataTypes.number(x.dataType(), "arg_max");
    int at = Shapes.axis(axis, x.shape().dimension());
    if (x.shape().get(at) == 0) {
      throw empty(x.shape());
    }
    return of(x.shape().slice(0, at).addAll(x.shape().slice(at + 1)), DataType.INT64);
  }

  @Override
  public TensorType softmax(TensorType x, int axis, boolean logarithm) {
    Shapes.axis(axis, x.shape().dimension());
    return of(x.shape(), DataTypes.floating(x.dataType()));
  }

  @Override
  public TensorType cumSum(TensorType x, int axis) {
    Shapes.axis(axis, x.shape().dimension());
    return of(x.shape(), DataTypes.accumulated(x.dataType()));
  }

  @Override
  public TensorType layout(Layout layout, TensorType x) {
    return of(layout.outputShape(x.shape()), DataTypes.supported(x.dataType()));
  }

  @Override
  public TensorType concat(List<TensorType> values, int axis) {
    if (values.isEmpty()) {
      throw new MpcException(
          ErrorCode.ARGUMENT, "A concatenation of nothing.", "Give at least one array.");
    }
    Shape first = values.get(0).shape();
    int at = Shapes.axis(axis, first.dimension());
    DataType type = DataTypes.supported(values.get(0).dataType());
    long length = 0;
    for (TensorType value : values) {
      Shape shape = value.shape();
      if (shape.dimension() != first.dimension()
          || !Shape.update(shape, at, 0).equals(Shape.update(first, at, 0))) {
        throw new MpcException(
            ErrorCode.SHAPE,
            "A concatenation of " + first + " and " + shape + " along axis " + at + ".",
            "All other axes need the same length.");
      }
      length = Math.addExact(length, shape.get(at));
      type = DataTypes.promote(type, value.dataType());
    }
    return of(Shape.update(first, at, length), type);
  }

  @Override
  public TensorType cast(TensorType x, DataType type) {
    return of(x.shape(), DataTypes.supported(type));
  }

  @Override
  public TensorType constant(PublicTensor tensor) {
    return tensor.type();
  }

  private static TensorType of(Shape shape, DataType type) {
    Shapes.size(shape);
    return new TensorType(shape, type);
  }
}
