package org.djlmpc.engine;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.random.RandomGenerator;
import org.djlmpc.graph.Operand;
import org.djlmpc.graph.PublicTensor;
import org.djlmpc.protocol.Share;
import org.jspecify.annotations.Nullable;

/**
 * Owns arrays of one {@link ArrayContext}: whatever {@code create} and its kin make is public;
 * arrays become secret by sharing.
 */
public class MpcNDManager extends DenseNDManager {
  private static final MpcNDManager SYSTEM = new SystemManager();

  private final ArrayContext context;

  private MpcNDManager(@Nullable NDManager parent, @Nullable Device device, ArrayContext context) {
    super(parent, device);
    this.context = context;
  }

  /** The manager of arrays that nobody manages. */
  static MpcNDManager system() {
    return SYSTEM;
  }

  /** A manager without parent, for arrays of a context. */
  public static MpcNDManager base(@Nullable Device device, ArrayContext context) {
    return SYSTEM.newSubManager(device, context);
  }

  /** What the arrays of this manager have in common. */
  public ArrayContext context() {
    return context;
  }

  /** The operators, whose results this manager owns. */
  ArrayOperators operators() {
    return new ArrayOperators(this);
  }

  @Override
  public final Engine getEngine() {
    return MpcEngine.INSTANCE;
  }

  @Override
  public MpcNDManager newSubManager() {
    return newSubManager(device, context);
  }

  @Override
  public MpcNDManager newSubManager(@Nullable Device subDevice) {
    return newSubManager(subDevice, context);
  }

  /** A sub-manager whose arrays belong to another context. */
  public MpcNDManager newSubManager(ArrayContext other) {
    return newSubManager(device, other);
  }

  private MpcNDManager newSubManager(@Nullable Device subDevice, ArrayContext other) {
    MpcNDManager manager = new MpcNDManager(this, subDevice, other);
    attachUncappedInternal(manager.uid, manager);
    return manager;
  }

  /** A manager as ours. */
  static MpcNDManager of(NDManager manager) {
    if (manager instanceof MpcNDManager ours) {
      return ours;
    }
    throw new IllegalArgumentException(
        "An array of engine MPC cannot belong to a manager of engine "
            + manager.getEngine().getEngineName()
            + "; use a manager of engine MPC.");
  }

  @Override
  public ByteBuffer allocateDirect(int capacity) {
    return ByteBuffer.allocateDirect(capacity).order(ByteOrder.nativeOrder());
  }

  /** {@inheritDoc} An array of another engine is copied and public. */
  @Override
  @SuppressWarnings("NullAway") // DJL passes null for an absent bias and expects null back
  public MpcNDArray from(NDArray array) {
    if (array == null || array instanceof MpcNDArray) {
      return (MpcNDArray) array;
    }
    MpcNDArray copy = create(new Value.Public(PublicTensors.copyOf(array)));
    copy.setName(array.getName());
    return copy;
  }

  /** A public array; the tensor is shared, not copied. */
  public MpcNDArray create(PublicTensor tensor) {
    context.created(tensor);
    return create(new Value.Public(tensor));
  }

  /**
   * An array of a secret.
   *
   * @param share this party's share, which the array owns from now on
   * @param type the data type that it reports: FLOAT32, BOOLEAN for a bit or INT64 for an index
   */
  public MpcNDArray create(Share share, DataType type) {
    return create(context.secret(new Operand.Secret(share, type)));
  }

  MpcNDArray create(Value value) {
    return new MpcNDArray(this, value);
  }

  @Override
  public MpcNDArray create(Buffer data, Shape shape, DataType type) {
    validateBuffer(data, type, Math.toIntExact(shape.size()));
    return create(PublicTensors.copyOf(data, type, shape));
  }

  @Override
  public MpcNDArray create(Shape shape, DataType type) {
    return zeros(shape, type);
  }

  @Override
  public MpcNDArray zeros(Shape shape, DataType type) {
    return create(PublicTensor.zeros(shape, type));
  }

  @Override
  public MpcNDArray ones(Shape shape, DataType type) {
    return create(PublicTensor.full(shape, type, 1));
  }

  @Override
  public MpcNDArray full(Shape shape, float value, DataType type) {
    return create(PublicTensor.full(shape, type, value));
  }

  @Override
  public MpcNDArray arange(float start, float stop, float step, DataType type) {
    return create(PublicTensors.arange(start, stop, step, type));
  }

  @Override
  public MpcNDArray arange(int start, int stop, int step, DataType type) {
    return create(PublicTensors.arange(start, stop, step, type));
  }

  @Override
  public MpcNDArray eye(int rows, int cols, int k, DataType type) {
    return create(PublicTensors.eye(rows, cols, k, type));
  }

  @Override
  public MpcNDArray linspace(float start, float stop, int num, boolean endpoint) {
    return create(PublicTensors.linspace(start, stop, num, endpoint));
  }

  @Override
  public MpcNDArray randomInteger(long low, long high, Shape shape, DataType type) {
    return create(PublicTensors.integers(low, high, shape, type, context.random()));
  }

  @Override
  public MpcNDArray randomPermutation(long n) {
    return create(PublicTensors.permutation(Math.toIntExact(n), context.random()));
  }

  @Override
  public MpcNDArray randomUniform(float low, float high, Shape shape, DataType type) {
    RandomGenerator random = context.random();
    return create(
        PublicTensors.generate(shape, type, i -> low + random.nextFloat() * (high - low)));
  }

  @Override
  public MpcNDArray randomNormal(float loc, float scale, Shape shape, DataType type) {
    RandomGenerator random = context.random();
    return create(PublicTensors.generate(shape, type, i -> loc + scale * random.nextGaussian()));
  }

  @Override
  public MpcNDArray truncatedNormal(float loc, float scale, Shape shape, DataType type) {
    RandomGenerator random = context.random();
    return create(
        PublicTensors.generate(
            shape,
            type,
            i -> {
              double sample = random.nextGaussian();
              while (Math.abs(sample) > 2) {
                sample = random.nextGaussian();
              }
              return loc + scale * sample;
            }));
  }

  /** The root, which is never closed and owns nothing but the managers. */
  private static final class SystemManager extends MpcNDManager implements SystemNDManager {
    SystemManager() {
      super(null, null, ArrayContext.PUBLIC);
    }
  }
}
