package org.djlmpc.engine;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;
import org.djlmpc.graph.Layout;
import org.djlmpc.graph.Operand;
import org.djlmpc.graph.Operators;
import org.djlmpc.graph.Pooling;
import org.djlmpc.graph.PublicOperators;
import org.djlmpc.graph.PublicTensor;
import org.djlmpc.protocol.Share;
import org.djlmpc.ring.ConvolutionSpec;
import org.jspecify.annotations.Nullable;

/**
 * Secrets without any protocol: a share hides its value from everything but these operators, so
 * that a test sees whether the engine keeps to them.
 */
final class FakeSecrets implements Operators<Operand> {
  private final PublicOperators plain = new PublicOperators();

  /** A share that is the value itself. */
  static final class Hidden implements Share {
    private final PublicTensor value;
    boolean erased;

    Hidden(PublicTensor value) {
      this.value = value;
    }

    private PublicTensor value() {
      if (erased) {
        throw new AssertionError("an erased share was used");
      }
      return value;
    }

    @Override
    public Shape shape() {
      return value.shape();
    }

    @Override
    public int scale() {
      return 16;
    }

    @Override
    public @Nullable Share rescaled() {
      return null;
    }

    @Override
    public void rescaled(Share share) {}

    @Override
    public void close() {
      erased = true;
    }
  }

  /** A context whose arrays may be secret in this way. */
  static ArrayContext context() {
    return ArrayContext.of(new FakeSecrets(), new Random(1));
  }

  /** A secret array. */
  static MpcNDArray share(MpcNDManager manager, PublicTensor value) {
    return manager.create(new Hidden(value), value.dataType());
  }

  /** The value of a secret or public array. */
  static PublicTensor open(MpcNDArray array) {
    return open(array.operand());
  }

  private static PublicTensor open(Operand x) {
    return x instanceof Operand.Public known
        ? known.tensor()
        : ((Hidden) ((Operand.Secret) x).share()).value();
  }

  private static @Nullable PublicTensor openOrNull(@Nullable Operand x) {
    return x == null ? null : open(x);
  }

  private static Operand hide(PublicTensor result) {
    DataType type = result.dataType();
    boolean reported =
        type == DataType.FLOAT32 || type == DataType.BOOLEAN || type == DataType.INT64;
    return new Operand.Secret(new Hidden(result), reported ? type : DataType.FLOAT32);
  }

  private static void requireSecret(@Nullable Operand... arguments) {
    if (Arrays.stream(arguments).noneMatch(Operand.Secret.class::isInstance)) {
      throw new AssertionError("public arrays reached the protocol");
    }
  }

  @Override
  public Shape shape(Operand x) {
    return x.shape();
  }

  @Override
  public DataType dataType(Operand x) {
    return x.dataType();
  }

  @Override
  public Operand unary(Unary function, Operand x) {
    requireSecret(x);
    return hide(plain.unary(function, open(x)));
  }

  @Override
  public Operand binary(Binary function, Operand a, Operand b) {
    requireSecret(a, b);
    return hide(plain.binary(function, open(a), open(b)));
  }

  @Override
  public Operand scalar(Binary function, Operand x, double number, boolean numberFirst) {
    requireSecret(x);
    return hide(plain.scalar(function, open(x), number, numberFirst));
  }

  @Override
  public Operand where(Operand condition, Operand a, Operand b) {
    requireSecret(condition, a, b);
    return hide(plain.where(open(condition), open(a), open(b)));
  }

  @Override
  public Operand clip(Operand x, double min, double max) {
    return hide(plain.clip(open(x), min, max));
  }

  @Override
  public Operand leakyRelu(Operand x, double slope) {
    return hide(plain.leakyRelu(open(x), slope));
  }

  @Override
  public Operand prelu(Operand x, Operand slope) {
    return hide(plain.prelu(open(x), open(slope)));
  }

  @Override
  public Operand matmul(Operand a, Operand b) {
    requireSecret(a, b);
    return hide(plain.matmul(open(a), open(b)));
  }

  @Override
  public Operand linear(Operand x, Operand weight, @Nullable Operand bias) {
    requireSecret(x, weight, bias);
    return hide(plain.linear(open(x), open(weight), openOrNull(bias)));
  }

  @Override
  public Operand convolution(
      Operand x, Operand weight, @Nullable Operand bias, ConvolutionSpec spec) {
    requireSecret(x, weight, bias);
    return hide(plain.convolution(open(x), open(weight), openOrNull(bias), spec));
  }

  @Override
  public Operand pool(Operand x, Pooling pooling) {
    return hide(plain.pool(open(x), pooling));
  }

  @Override
  public Operand batchNorm(
      Operand x,
      Operand mean,
      Operand variance,
      @Nullable Operand gamma,
      @Nullable Operand beta,
      int axis,
      double epsilon) {
    requireSecret(x, mean, variance, gamma, beta);
    return hide(
        plain.batchNorm(
            open(x),
            open(mean),
            open(variance),
            openOrNull(gamma),
            openOrNull(beta),
            axis,
            epsilon));
  }

  @Override
  public Operand reduce(Reduction reduction, Operand x, int[] axes, boolean keepAxes) {
    return hide(plain.reduce(reduction, open(x), axes, keepAxes));
  }

  @Override
  public Operand argMax(Operand x, int axis, boolean smallest) {
    return hide(plain.argMax(open(x), axis, smallest));
  }

  @Override
  public Operand softmax(Operand x, int axis, boolean logarithm) {
    return hide(plain.softmax(open(x), axis, logarithm));
  }

  @Override
  public Operand cumSum(Operand x, int axis) {
    return hide(plain.cumSum(open(x), axis));
  }

  @Override
  public Operand layout(Layout layout, Operand x) {
    return hide(plain.layout(layout, open(x)));
  }

  @Override
  public Operand concat(List<Operand> values, int axis) {
    requireSecret(values.toArray(Operand[]::new));
    return hide(plain.concat(values.stream().map(FakeSecrets::open).toList(), axis));
  }

  /** Changes only what the array reports. */
  @Override
  public Operand cast(Operand x, DataType type) {
    if (type != DataType.FLOAT32 && type != x.dataType()) {
      throw new MpcException(
          ErrorCode.DATA_TYPE, "A secret has no type " + type + ".", "Convert before sharing.");
    }
    return new Operand.Secret(((Operand.Secret) x).share(), type);
  }

  @Override
  public Operand constant(PublicTensor tensor) {
    return new Operand.Public(tensor);
  }
}
