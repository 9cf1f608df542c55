package org.djlmpc.engine;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.ndarray.types.SparseFormat;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;
import org.djlmpc.graph.Layout;
import org.djlmpc.graph.Operators.Binary;
import org.djlmpc.graph.Operators.Unary;
import org.djlmpc.graph.Pooling;
import org.djlmpc.graph.PublicTensor;
import org.djlmpc.ring.ConvolutionSpec;
import org.jspecify.annotations.Nullable;

/** The operators that DJL's blocks, optimizers and image transforms call on an array. */
final class MpcNDArrayEx extends UnsupportedNDArrayEx {
  private static final float ROUNDING_ERROR = 1f / 1024;

  private final MpcNDArray array;

  MpcNDArrayEx(MpcNDArray array) {
    this.array = array;
  }

  @Override
  public MpcNDArray getArray() {
    return array;
  }

  private ArrayOperators operators() {
    return array.operators();
  }

  private MpcNDArray ours(NDArray other) {
    return array.getManager().from(other);
  }

  private @Nullable MpcNDArray oursOrNull(@Nullable NDArray other) {
    return other == null ? null : ours(other);
  }

  // ---- reversed arithmetic

  @Override
  public NDArray rsub(Number n) {
    return operators().scalar(Binary.SUBTRACT, array, n, true);
  }

  @Override
  public NDArray rsubi(Number n) {
    return array.assign((MpcNDArray) rsub(n));
  }

  @Override
  public NDArray rdiv(Number n) {
    return operators().scalar(Binary.DIVIDE, array, n, true);
  }

  @Override
  public NDArray rdivi(Number n) {
    return array.assign((MpcNDArray) rdiv(n));
  }

  @Override
  public NDArray rdivi(NDArray b) {
    return array.assign(ours(b).binary(Binary.DIVIDE, array));
  }

  @Override
  public NDArray rmod(Number n) {
    return operators().scalar(Binary.REMAINDER, array, n, true);
  }

  @Override
  public NDArray rmodi(Number n) {
    return array.assign((MpcNDArray) rmod(n));
  }

  @Override
  public NDArray rmodi(NDArray b) {
    return array.assign(ours(b).binary(Binary.REMAINDER, array));
  }

  @Override
  public NDArray rpow(Number n) {
    return operators().scalar(Binary.POWER, array, n, true);
  }

  @Override
  public NDArray rpowi(Number n) {
    return array.assign((MpcNDArray) rpow(n));
  }

  // ---- activations

  @Override
  public NDArray relu() {
    return array.unary(Unary.RELU);
  }

  @Override
  public NDArray sigmoid() {
    return array.unary(Unary.SIGMOID);
  }

  @Override
  public NDArray tanh() {
    return array.unary(Unary.TANH);
  }

  @Override
  public NDArray softPlus() {
    return array.unary(Unary.SOFTPLUS);
  }

  @Override
  public NDArray softSign() {
    return array.div(array.abs().add(1));
  }

  @Override
  public NDArray leakyRelu(float alpha) {
    return operators().leakyRelu(array, alpha);
  }

  @Override
  public NDArray elu(float alpha) {
    // exp only ever sees values <= 0, where it is bounded
    return relu().add(array.minimum(0).exp().sub(1).mul(alpha));
  }

  @Override
  public NDArray selu() {
    // Klambauer et al., "Self-Normalizing Neural Networks" (2017), equation 2
    return elu(1.6732632f).mul(1.0507010f);
  }

  @Override
  public NDArray gelu() {
    return array.unary(Unary.GELU);
  }

  @Override
  public NDArray swish(float beta) {
    return beta == 1
        ? array.unary(Unary.SILU)
        : array.mul(((MpcNDArray) array.mul(beta)).unary(Unary.SIGMOID));
  }

  /** {@inheritDoc} As DJL defines it: {@code x tanh(log2(1 + exp(x)))}. */
  @Override
  public NDArray mish() {
    // the same as exp().add(1).log2(), without exp's overflow
    return array.unary(Unary.SOFTPLUS).mul(1 / Math.log(2)).tanh().mul(array);
  }

  @Override
  public NDList prelu(NDArray input, NDArray alpha) {
    return new NDList(operators().prelu(ours(input), ours(alpha)));
  }

  // ---- pooling

  private MpcNDArray pool(
      Pooling.Kind kind,
      Shape kernel,
      Shape stride,
      Shape padding,
      boolean ceil,
      boolean countPadding) {
    Planes planes = Planes.of(array);
    Pooling pooling =
        new Pooling(
            kind,
            planes.rows(kernel, 1),
            planes.columns(kernel),
            planes.rows(stride, 1),
            planes.columns(stride),
            planes.rows(padding, 0),
            planes.columns(padding),
            ceil,
            countPadding);
    return planes.back(operators().pool(planes.array(), pooling));
  }

  private NDArray globalPool(Pooling.Kind kind) {
    Shape shape = array.getShape();
    Planes.checkRank(shape);
    MpcNDArray planes =
        (MpcNDArray) array.reshape(shape.get(0), shape.get(1), shape.slice(2).size(), 1);
    return operators()
        .pool(planes, Pooling.global(kind, planes.getShape()))
        .reshape(shape.slice(0, 2));
  }

  @Override
  public NDArray maxPool(Shape kernelShape, Shape stride, Shape padding, boolean ceilMode) {
    return pool(Pooling.Kind.MAX, kernelShape, stride, padding, ceilMode, false);
  }

  @Override
  public NDArray globalMaxPool() {
    return globalPool(Pooling.Kind.MAX);
  }

  @Override
  public NDArray avgPool(
      Shape kernelShape, Shape stride, Shape padding, boolean ceilMode, boolean countIncludePad) {
    return pool(Pooling.Kind.MEAN, kernelShape, stride, padding, ceilMode, countIncludePad);
  }

  @Override
  public NDArray globalAvgPool() {
    return globalPool(Pooling.Kind.MEAN);
  }

  // ---- layers

  @Override
  public NDList convolution(
      NDArray input,
      NDArray weight,
      @Nullable NDArray bias,
      Shape stride,
      Shape padding,
      Shape dilation,
      int groups) {
    Planes planes = Planes.of(ours(input));
    ConvolutionSpec spec =
        new ConvolutionSpec(
            planes.rows(stride, 1),
            planes.columns(stride),
            planes.rows(padding, 0),
            planes.columns(padding),
            planes.rows(dilation, 1),
            planes.columns(dilation),
            groups);
    MpcNDArray kernel = Planes.of(ours(weight)).array();
    return new NDList(
        planes.back(operators().convolution(planes.array(), kernel, oursOrNull(bias), spec)));
  }

  @Override
  public NDList linear(NDArray input, NDArray weight, @Nullable NDArray bias) {
    return new NDList(operators().linear(ours(input), ours(weight), oursOrNull(bias)));
  }

  /** {@inheritDoc} The indices are public; the embedding may be secret. */
  @Override
  public NDList embedding(NDArray input, NDArray weight, SparseFormat sparse) {
    PublicTensor indices = Selection.readable(ours(input));
    return new NDList(operators().layout(Layout.gather(0, indices), ours(weight)));
  }

  /** {@inheritDoc} In training, the mask is public and the same at every party. */
  @Override
  public NDList dropout(NDArray input, float rate, boolean training) {
    MpcNDArray x = ours(input);
    if (!training || rate == 0) {
      return new NDList(x.duplicate());
    }
    RandomGenerator random = array.getManager().context().random();
    float kept = 1 - rate;
    PublicTensor mask =
        PublicTensors.generate(
            x.getShape(), DataType.FLOAT32, i -> random.nextFloat() < kept ? 1 / kept : 0);
    return new NDList(x.mul(array.getManager().create(mask)));
  }

  @Override
  public NDList layerNorm(
      NDArray input,
      Shape normalizedShape,
      @Nullable NDArray gamma,
      @Nullable NDArray beta,
      float eps) {
    int rank = input.getShape().dimension();
    int[] axes = IntStream.range(rank - normalizedShape.dimension(), rank).toArray();
    MpcNDArray centred = (MpcNDArray) ours(input).sub(ours(input).mean(axes, true));
    MpcNDArray variance = (MpcNDArray) centred.square().mean(axes, true).add(eps);
    NDArray result = centred.mul(variance.unary(Unary.RECIPROCAL_SQRT));
    if (gamma != null) {
      result = result.mul(ours(gamma));
    }
    return new NDList(beta == null ? result : result.add(ours(beta)));
  }

  @Override
  public NDList batchNorm(
      NDArray input,
      NDArray runningMean,
      NDArray runningVar,
      @Nullable NDArray gamma,
      @Nullable NDArray beta,
      int axis,
      float momentum,
      float eps,
      boolean training) {
    if (training) {
      throw UnsupportedNDArray.unsupported(
          "batchNorm in training", "running statistics (training = false), or layerNorm");
    }
    return new NDList(
        operators()
            .batchNorm(
                ours(input),
                ours(runningMean),
                ours(runningVar),
                oursOrNull(gamma),
                oursOrNull(beta),
                // DJL's PyTorch engine reads -1 as the axis of channels
                axis == -1 ? 1 : axis,
                eps));
  }

  // ---- optimizers

  @Override
  public void sgdUpdate(
      NDList inputs,
      NDList weights,
      float learningRate,
      float weightDecay,
      float rescaleGrad,
      float clipGrad,
      float momentum,
      boolean lazyUpdate) {
    try (ParameterUpdate update = new ParameterUpdate(array.getManager())) {
      var gradient = new ParameterUpdate.Gradient(rescaleGrad, clipGrad, weightDecay);
      update.sgd(inputs, gradient, learningRate, momentum);
      update.forgetGradient(weights);
    }
  }

  @Override
  public void adamUpdate(
      NDList inputs,
      NDList weights,
      float learningRate,
      float learningRateBiasCorrection,
      float weightDecay,
      float rescaleGrad,
      float clipGrad,
      float beta1,
      float beta2,
      float epsilon,
      boolean lazyUpdate,
      boolean adamw) {
    try (ParameterUpdate update = new ParameterUpdate(array.getManager())) {
      var gradient = new ParameterUpdate.Gradient(rescaleGrad, clipGrad, adamw ? 0 : weightDecay);
      update.adam(
          inputs,
          gradient,
          adamw ? learningRate * weightDecay : 0,
          learningRateBiasCorrection,
          beta1,
          beta2,
          epsilon);
      update.forgetGradient(weights);
    }
  }

  // ---- images

  @Override
  public NDArray interpolation(long[] size, int mode, boolean alignCorners) {
    if (alignCorners || array.getShape().dimension() != 4) {
      throw UnsupportedNDArray.unsupported(
          "interpolation with aligned corners or without batch",
          "images (N, C, H, W) and alignCorners = false");
    }
    return Interpolation.of(mode).resize(array, size[0], size[1]);
  }

  /** {@inheritDoc} The images are (H, W, C) or (N, H, W, C). */
  @Override
  public NDArray resize(int width, int height, int interpolation) {
    boolean single = array.getShape().dimension() == 3;
    NDArray batch = array.toType(DataType.FLOAT32, false);
    NDArray planes = (single ? batch.expandDims(0) : batch).transpose(0, 3, 1, 2);
    NDArray resized =
        Interpolation.of(interpolation)
            .resize((MpcNDArray) planes, height, width)
            .transpose(0, 2, 3, 1);
    NDArray result = single ? resized.squeeze(0) : resized;
    // whole numbers are cut off: a rounding error must not turn 255 into 254
    return array.getDataType().isFloating()
        ? result
        : result.add(ROUNDING_ERROR).toType(array.getDataType(), false);
  }

  // ---- several arrays

  @Override
  public MpcNDArrayIndexer getIndexer(NDManager manager) {
    return new MpcNDArrayIndexer(MpcNDManager.of(manager));
  }

  @Override
  public NDArray where(NDArray condition, NDArray other) {
    return operators().where(ours(condition), array, ours(other));
  }

  @Override
  public NDArray stack(NDList arrays, int axis) {
    return operators()
        .concat(
            operators().ours(array, arrays).stream()
                .map(x -> (MpcNDArray) x.expandDims(axis))
                .toList(),
            axis);
  }

  @Override
  public NDArray concat(NDList arrays, int axis) {
    return operators().concat(operators().ours(array, arrays), axis);
  }

  /** {@inheritDoc} The boxes follow from the shape alone and are public. */
  @Override
  public NDList multiBoxPrior(
      List<Float> sizes, List<Float> ratios, List<Float> steps, List<Float> offsets, boolean clip) {
    return new NDList(
        array
            .getManager()
            .create(new AnchorBoxes(sizes, ratios).around(array.getShape(), steps, offsets, clip)));
  }

  /** Images with one spatial axis as images with two, of which the first has length one. */
  private record Planes(MpcNDArray array, boolean widened) {
    static Planes of(MpcNDArray x) {
      checkRank(x.getShape());
      return switch (x.getShape().dimension()) {
        case 3 -> new Planes((MpcNDArray) x.expandDims(2), true);
        case 4 -> new Planes(x, false);
        default ->
            throw UnsupportedNDArray.unsupported(
                "convolution or pooling over three axes", "two axes, slice by slice");
      };
    }

    static void checkRank(Shape shape) {
      if (shape.dimension() < 3 || shape.dimension() > 5) {
        throw new MpcException(
            ErrorCode.SHAPE,
            "Images of shape " + shape + ".",
            "Use (batch, channels, width) or (batch, channels, height, width).");
      }
    }

    int rows(Shape geometry, int absent) {
      return widened ? absent : Math.toIntExact(geometry.get(0));
    }

    int columns(Shape geometry) {
      return Math.toIntExact(geometry.get(geometry.dimension() - 1));
    }

    MpcNDArray back(MpcNDArray result) {
      return widened ? (MpcNDArray) result.squeeze(2) : result;
    }
  }
}
