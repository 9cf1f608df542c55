package org.djlmpc.layers.networks;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.training.initializer.Initializer;
import java.util.SplittableRandom;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;

/**
 * Random weights for measuring networks that nobody has trained: the same bits for the same seed,
 * on every engine and machine.
 *
 * <p>Weights are uniform in ±sqrt(6 / fan-in) (He, Zhang, Ren, Sun, ICCV 2015, equation 10), so
 * that the size of the activations stays about the same through layers with ReLU. Biases and means
 * are small. Normalizations shrink a little, because each shortcut of a residual network adds to
 * the size.
 */
public final class SeededWeights {

  private SeededWeights() {}

  /**
   * Gives every parameter of a Block random values.
   *
   * @param block a Block that has no values yet
   * @param manager owns the new arrays
   * @param input the shape of the Block's input, batch included
   * @param seed chooses the values
   * @throws MpcException with code ARGUMENT if the Block is initialized already
   */
  public static void initialize(Block block, NDManager manager, Shape input, long seed) {
    if (block.isInitialized()) {
      throw new MpcException(
          ErrorCode.ARGUMENT, "The block has weights already.", "Give a block without weights.");
    }
    // One generator a parameter: its values do not depend on the sizes of those before it.
    SplittableRandom root = new SplittableRandom(seed);
    for (Parameter parameter : block.getParameters().values()) {
      parameter.setInitializer(initializer(parameter.getType(), root.split()));
    }
    block.initialize(manager, DataType.FLOAT32, input);
  }

  private static Initializer initializer(Parameter.Type type, SplittableRandom random) {
    return switch (type) {
      case WEIGHT ->
          (manager, shape, dataType) -> {
            double bound = Math.sqrt(6.0 / fanIn(shape));
            return uniform(manager, shape, random, -bound, bound);
          };
      case GAMMA -> between(random, 0.5, 1);
      case RUNNING_VAR -> between(random, 0.75, 1.25);
      case BIAS, BETA, RUNNING_MEAN, OTHER -> between(random, -0.05, 0.05);
    };
  }

  private static Initializer between(SplittableRandom random, double low, double high) {
    return (manager, shape, dataType) -> uniform(manager, shape, random, low, high);
  }

  /** How many products an output sums: (out, in) or (out, in, height, width). */
  private static long fanIn(Shape weight) {
    return weight.slice(1).size();
  }

  private static NDArray uniform(
      NDManager manager, Shape shape, SplittableRandom random, double low, double high) {
    float[] values = new float[Math.toIntExact(shape.size())];
    double unit = (high - low) * 0x1p-53;
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (low + (random.nextLong() >>> 11) * unit);
    }
    return manager.create(values, shape);
  }
}
