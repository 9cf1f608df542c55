package org.djlmpc.graph;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.internal.NDArrayEx;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.List;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;
import org.djlmpc.ring.ConvolutionSpec;
import org.jspecify.annotations.Nullable;

/**
 * The operators on the arrays of another DJL engine, PyTorch's for example: the plaintext that
 * private results are compared with.
 *
 * <p>Results belong to the managers of their arguments; evaluate on arrays of a sub-manager and
 * close it, or close values early with {@link #closing}.
 */
public final class DjlOperators implements Operators<NDArray> {
  private final NDManager manager;
  private final ShapeInference inference = new ShapeInference();

  /**
   * Computes with one engine.
   *
   * @param manager where constants are made; its engine must be the arguments'
   */
  public DjlOperators(NDManager manager) {
    this.manager = manager;
  }

  /** Closes every array as soon as nothing will read it again. */
  public static EvaluationListener<NDArray> closing() {
    return new EvaluationListener<>() {
      @Override
      public void released(NDArray value) {
        value.close();
      }
    };
  }

  /** The values of a plaintext array; one copy. */
  public static PublicTensor toPublic(NDArray array) {
    return PublicTensor.fromBuffer(array.toByteBuffer(), array.getDataType(), array.getShape());
  }

  @Override
  public Shape shape(NDArray x) {
    return x.getShape();
  }

  @Override
  public DataType dataType(NDArray x) {
    return x.getDataType();
  }

  private static TensorType type(NDArray x) {
    return new TensorType(x.getShape(), x.getDataType());
  }

  @Override
  public NDArray unary(Unary function, NDArray x) {
    DataType result = inference.unary(function, type(x)).dataType();
    NDArray a = function == Unary.LOGICAL_NOT ? x : cast(x, result);
    NDArrayEx ex = a.getNDArrayInternal();
    return switch (function) {
      case NEGATE -> a.neg();
      case ABS -> a.abs();
      case SIGN -> a.sign();
      case SQUARE -> a.mul(a);
      case RELU -> ex.relu();
      case SIGMOID -> ex.sigmoid();
      case TANH -> a.tanh();
      case EXP -> a.exp();
      case LOG -> a.log();
      case SQRT -> a.sqrt();
      case RECIPROCAL -> scalar(Binary.DIVIDE, a, 1, true);
      case RECIPROCAL_SQRT -> scalar(Binary.DIVIDE, a.sqrt(), 1, true);
      case GELU -> ex.gelu();
      case SILU -> a.mul(ex.sigmoid());
      case SOFTPLUS -> ex.softPlus();
      case HARD_SIGMOID -> hardSigmoid(a);
      case HARD_SWISH -> a.mul(hardSigmoid(a));
      case LOGICAL_NOT -> a.logicalNot();
      case FLOOR -> a.getDataType().isFloating() ? a.floor() : a;
      case CEIL -> a.getDataType().isFloating() ? a.ceil() : a;
      case ROUND -> a.getDataType().isFloating() ? a.round() : a;
      case SIN -> a.sin();
      case COS -> a.cos();
      case ERF -> a.erf();
    };
  }

  private NDArray hardSigmoid(NDArray x) {
    return scalar(Binary.DIVIDE, clip(scalar(Binary.ADD, x, 3, false), 0, 6), 6, false);
  }

  @Override
  public NDArray binary(Binary function, NDArray a, NDArray b) {
    inference.binary(function, type(a), type(b));
    return switch (function) {
      case ADD -> a.add(b);
      case SUBTRACT -> a.sub(b);
      case MULTIPLY -> a.mul(b);
      case DIVIDE -> a.div(b);
      case MAXIMUM -> a.maximum(b);
      case MINIMUM -> a.minimum(b);
      case POWER -> a.pow(b);
      case REMAINDER -> a.mod(b);
      case EQUAL -> a.eq(b);
      case NOT_EQUAL -> a.neq(b);
      case GREATER -> a.gt(b);
      case GREATER_OR_EQUAL -> a.gte(b);
      case LESS -> a.lt(b);
      case LESS_OR_EQUAL -> a.lte(b);
      case AND -> a.logicalAnd(b);
      case OR -> a.logicalOr(b);
      case XOR -> a.logicalXor(b);
    };
  }

  @Override
  public NDArray scalar(Binary function, NDArray x, double number, boolean numberFirst) {
    DataType common = DataTypes.withNumber(x.getDataType(), number);
    NDArray array = cast(x, common);
    NDArray other = constant(PublicTensor.scalar(number, common));
    return numberFirst ? binary(function, other, array) : binary(function, array, other);
  }

  @Override
  public NDArray where(NDArray condition, NDArray a, NDArray b) {
    TensorType result = inference.where(type(condition), type(a), type(b));
    NDArray c = cast(condition, DataType.BOOLEAN).broadcast(result.shape());
    NDArray x = cast(a, result.dataType()).broadcast(result.shape());
    NDArray y = cast(b, result.dataType()).broadcast(result.shape());
    return x.getNDArrayInternal().where(c, y);
  }

  @Override
  public NDArray clip(NDArray x, double min, double max) {
    NDArray y = cast(x, inference.clip(type(x), min, max).dataType());
    if (min != Double.NEGATIVE_INFINITY) {
      y = scalar(Binary.MAXIMUM, y, min, false);
    }
    return max == Double.POSITIVE_INFINITY ? y : scalar(Binary.MINIMUM, y, max, false);
  }

  @Override
  public NDArray leakyRelu(NDArray x, double slope) {
    NDArray a = cast(x, DataTypes.floating(x.getDataType()));
    return a.getNDArrayInternal().leakyRelu((float) slope);
  }

  @Override
  public NDArray prelu(NDArray x, NDArray slope) {
    // not DJL's prelu, which its PyTorch engine lacks
    NDArray slopes = slope;
    if (slope.getShape().size() != 1) {
      slopes = slope.reshape(channels(x.getShape(), 1));
    }
    NDArray negative = scalar(Binary.MINIMUM, x, 0, false).mul(slopes);
    return scalar(Binary.MAXIMUM, x, 0, false).add(negative);
  }

  /** All lengths one but that of the channel axis. */
  private static Shape channels(Shape shape, int axis) {
    long[] lengths = new long[shape.dimension()];
    Arrays.fill(lengths, 1);
    lengths[axis] = shape.get(axis);
    return new Shape(lengths);
  }

  @Override
  public NDArray matmul(NDArray a, NDArray b) {
    DataType result = inference.matmul(type(a), type(b)).dataType();
    return cast(a, result).matMul(cast(b, result));
  }

  @Override
  public NDArray linear(NDArray x, NDArray weight, @Nullable NDArray bias) {
    inference.linear(type(x), type(weight), bias == null ? null : type(bias));
    return x.getNDArrayInternal().linear(x, weight, bias).singletonOrThrow();
  }

  @Override
  public NDArray convolution(
      NDArray x, NDArray weight, @Nullable NDArray bias, ConvolutionSpec spec) {
    inference.convolution(type(x), type(weight), bias == null ? null : type(bias), spec);
    return x.getNDArrayInternal()
        .convolution(
            x,
            weight,
            bias,
            new Shape(spec.strideH(), spec.strideW()),
            new Shape(spec.padH(), spec.padW()),
            new Shape(spec.dilationH(), spec.dilationW()),
            spec.groups())
        .singletonOrThrow();
  }

  @Override
  public NDArray pool(NDArray x, Pooling pooling) {
    inference.pool(type(x), pooling);
    Shape kernel = new Shape(pooling.kernelH(), pooling.kernelW());
    Shape stride = new Shape(pooling.strideH(), pooling.strideW());
    Shape padding = new Shape(pooling.padH(), pooling.padW());
    NDArrayEx ex = x.getNDArrayInternal();
    if (pooling.kind() == Pooling.Kind.MAX) {
      return ex.maxPool(kernel, stride, padding, pooling.ceil());
    }
    NDArray mean = ex.avgPool(kernel, stride, padding, pooling.ceil(), true);
    if (pooling.countPadding()) {
      return mean;
    }
    // DJL's PyTorch engine always counts padding; the mean of ones is the part that is no padding
    Shape image = new Shape(1, 1, x.getShape().get(2), x.getShape().get(3));
    NDArray ones = constant(PublicTensor.full(image, x.getDataType(), 1));
    return mean.div(
        ones.getNDArrayInternal().avgPool(kernel, stride, padding, pooling.ceil(), true));
  }

  @Override
  public NDArray batchNorm(
      NDArray x,
      NDArray mean,
      NDArray variance,
      @Nullable NDArray gamma,
      @Nullable NDArray beta,
      int axis,
      double epsilon) {
    Shape channels = channels(x.getShape(), Shapes.axis(axis, x.getShape().dimension()));
    NDArray deviation = scalar(Binary.ADD, variance, epsilon, false).sqrt().reshape(channels);
    NDArray y = x.sub(mean.reshape(channels)).div(deviation);
    y = gamma == null ? y : y.mul(gamma.reshape(channels));
    return beta == null ? y : y.add(beta.reshape(channels));
  }

  @Override
  public NDArray reduce(Reduction reduction, NDArray x, int[] axes, boolean keepAxes) {
    TensorType result = inference.reduce(reduction, type(x), axes, keepAxes);
    boolean[] reduced = Shapes.axes(axes, x.getShape().dimension());
    NDArray y =
        switch (reduction) {
          case MEAN, VARIANCE -> cast(x, result.dataType());
          case SUM, PRODUCT -> cast(x, result.dataType());
          case ALL, ANY -> cast(cast(x, DataType.BOOLEAN), DataType.INT32);
          default -> x;
        };
    if (reduction == Reduction.VARIANCE) {
      NDArray mean = reduce(Reduction.MEAN, y, axes, true);
      NDArray centred = y.sub(mean);
      return reduce(Reduction.MEAN, centred.mul(centred), axes, keepAxes);
    }
    for (int i = 0; i < reduced.length; i++) {
      if (reduced[i]) {
        int[] axis = {i};
        y =
            switch (reduction) {
              case SUM -> y.sum(axis, true);
              case MEAN, VARIANCE -> y.mean(axis, true);
              case MAX, ANY -> y.max(axis, true);
              case MIN, ALL -> y.min(axis, true);
              case PRODUCT -> y.prod(axis, true);
            };
      }
    }
    return cast(y.reshape(result.shape()), result.dataType());
  }

  @Override
  public NDArray argMax(NDArray x, int axis, boolean smallest) {
    inference.argMax(type(x), axis, smallest);
    return smallest ? x.argMin(axis) : x.argMax(axis);
  }

  @Override
  public NDArray softmax(NDArray x, int axis, boolean logarithm) {
    NDArray a = cast(x, inference.softmax(type(x), axis, logarithm).dataType());
    return logarithm ? a.logSoftmax(axis) : a.softmax(axis);
  }

  @Override
  public NDArray cumSum(NDArray x, int axis) {
    return cast(x, inference.cumSum(type(x), axis).dataType()).cumSum(axis);
  }

  @Override
  public NDArray layout(Layout layout, NDArray x) {
    Shape in = x.getShape();
    Shape out = layout.outputShape(in);
    if (layout instanceof Layout.Reshape) {
      return x.reshape(out);
    }
    if (layout instanceof Layout.Permute permute) {
      int rank = in.dimension();
      return x.transpose(permute.axes().stream().mapToInt(a -> Shapes.axis(a, rank)).toArray());
    }
    if (layout instanceof Layout.Slice slice) {
      NDIndex index = new NDIndex();
      for (int i = 0; i < in.dimension(); i++) {
        index.addSliceDim(slice.first(in, i), slice.last(in, i), slice.step().get(i));
      }
      return x.get(index);
    }
    if (layout instanceof Layout.Broadcast) {
      return x.broadcast(out);
    }
    if (layout instanceof Layout.Flip flip) {
      boolean[] named =
          Shapes.axes(flip.axes().stream().mapToInt(a -> a).toArray(), in.dimension());
      NDArray y = x;
      for (int i = 0; i < named.length; i++) {
        y = named[i] ? y.flip(i) : y;
      }
      return y;
    }
    if (layout instanceof Layout.Repeat repeat) {
      return x.repeat(Shapes.axis(repeat.axis(), in.dimension()), repeat.count());
    }
    if (layout instanceof Layout.Tile tile) {
      return x.tile(tile.counts().stream().mapToLong(n -> n).toArray());
    }
    if (layout instanceof Layout.Gather gather) {
      return gather(x, Shapes.axis(gather.axis(), in.dimension()), gather.indices(), out);
    }
    if (layout instanceof Layout.Take take) {
      NDArray flat = x.reshape(-1);
      return gather(flat, 0, take.positions(), out);
    }
    if (layout instanceof Layout.Pad pad) {
      return pad(x, pad, out);
    }
    throw new MpcException(
        ErrorCode.INTERNAL, "An unknown layout.", "Report this with the stack trace.");
  }

  /** Concatenates constants around the array: engines differ in how they pad. */
  private NDArray pad(NDArray x, Layout.Pad pad, Shape out) {
    NDArray y = x;
    for (int i = 0; i < out.dimension(); i++) {
      NDList parts = new NDList();
      addConstant(parts, y, i, pad.before().get(i), pad.value());
      parts.add(y);
      addConstant(parts, y, i, pad.after().get(i), pad.value());
      y = parts.size() == 1 ? y : NDArrays.concat(parts, i);
    }
    return y;
  }

  private void addConstant(NDList parts, NDArray like, int axis, long length, double value) {
    if (length > 0) {
      Shape shape = Shape.update(like.getShape(), axis, length);
      parts.add(constant(PublicTensor.full(shape, like.getDataType(), value)));
    }
  }

  /**
   * torch.gather reads as many elements as its index has, so the index is widened to the output.
   */
  private NDArray gather(NDArray x, int axis, PublicTensor indices, Shape out) {
    Shape in = x.getShape();
    long[] wrapped = indices.longs().clone();
    for (int i = 0; i < wrapped.length; i++) {
      wrapped[i] += wrapped[i] < 0 ? in.get(axis) : 0;
    }
    long[] lengths = new long[in.dimension()];
    Arrays.fill(lengths, 1);
    lengths[axis] = wrapped.length;
    NDArray index = constant(PublicTensor.of(wrapped, new Shape(lengths)));
    Shape wide = Shape.update(in, axis, wrapped.length);
    return x.gather(index.broadcast(wide), axis).reshape(out);
  }

  @Override
  public NDArray concat(List<NDArray> values, int axis) {
    Shape first = values.get(0).getShape();
    return NDArrays.concat(new NDList(values), Shapes.axis(axis, first.dimension()));
  }

  @Override
  public NDArray cast(NDArray x, DataType type) {
    return x.getDataType() == type ? x : x.toType(type, false);
  }

  @Override
  public NDArray constant(PublicTensor tensor) {
    return manager.create(tensor.toByteBuffer(), tensor.shape(), tensor.dataType());
  }
}
