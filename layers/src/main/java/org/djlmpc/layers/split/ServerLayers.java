package org.djlmpc.layers.split;

import ai.djl.Device;
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
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;
import org.jspecify.annotations.Nullable;

/**
 * The server's part: the first layer's bias and activation, and the hidden layers, in plaintext on
 * DJL's PyTorch engine. Parameters are updated and kept in floats on the CPU, so that a checkpoint
 * of one device is one of all.
 */
final class ServerLayers implements Part {
  private final TorchDevice device;
  private final NDManager manager;
  private final ParameterStore store;
  private final Block block;
  private final FirstActivation activation;
  private final int width;
  private final int outputWidth;
  private final float[] bias;
  private final Updater biasUpdater;
  private final List<TorchParameter> parameters = new ArrayList<>();
  private @Nullable Pass pass;

  /** A forward pass that waits for its gradient. */
  private record Pass(NDManager scope, NDArray h1, NDArray hL) {}

  /**
   * Makes the layers.
   *
   * @param device CPU or a GPU
   * @param seed for experiments that are to be repeated, or null
   * @throws MpcException MISSING_DEPENDENCY or ARGUMENT without such a device, SHAPE if the block
   *     gives another width than its description
   */
  ServerLayers(SplitPlan plan, Device device, @Nullable Long seed) {
    SplitNetwork network = plan.network();
    width = network.width();
    outputWidth = network.hidden().outputWidth();
    activation = network.activation();
    this.device = TorchDevice.open(device);
    manager = this.device.manager();
    store = new ParameterStore(manager, false);
    block = network.hidden().block().get();
    bias = new float[width];
    biasUpdater = new Updater(plan.training().rule(), width);
    block.initialize(manager, DataType.FLOAT32, new Shape(1, width));
    requireOutput(block.getOutputShapes(new Shape[] {new Shape(1, width)}));
    initialize(block, seed);
    for (Parameter parameter : block.getParameters().values()) {
      parameters.add(
          TorchParameter.of(
              parameter.getArray(), plan.training().rule(), parameter.requiresGradient()));
    }
  }

  /** Draws weights; DJL's initializers draw from a generator of the process. */
  static void initialize(Block block, @Nullable Long seed) {
    int number = 0;
    for (Parameter parameter : block.getParameters().values()) {
      NDArray array = parameter.getArray();
      if (parameter.requiresGradient() && parameter.getType() == Parameter.Type.WEIGHT) {
        float[] values = new float[Math.toIntExact(array.size())];
        double fan = array.getShape().get(0) + array.getShape().slice(1).size();
        InitialWeights.fill(values, Math.sqrt(6 / fan), seed == null ? null : seed + number);
        array.set(values);
      }
      number++;
    }
  }

  private void requireOutput(Shape[] shapes) {
    if (shapes.length != 1 || !shapes[0].equals(new Shape(1, outputWidth))) {
      throw new MpcException(
          ErrorCode.SHAPE,
          "The hidden layers give " + Arrays.toString(shapes) + " for one row.",
          "Give a block from (rows, " + width + ") to (rows, " + outputWidth + ").");
    }
  }

  /**
   * hL of a batch.
   *
   * @param h1 (rows, width)
   * @param training whether {@link #backward} follows
   * @return (rows, outputWidth)
   */
  float[] forward(float[] h1, boolean training) {
    endPass();
    int rows = h1.length / width;
    float[] shifted = h1.clone();
    for (int i = 0; i < shifted.length; i++) {
      shifted[i] += bias[i % width];
    }
    NDManager scope = manager.newSubManager();
    NDArray input = scope.create(shifted, new Shape(rows, width));
    if (!training) {
      try (scope) {
        return values(run(scope, input, false), "hidden layers' outputs");
      }
    }
    input.setRequiresGradient(true);
    NDArray hL = device.collecting(collector -> run(scope, input, true));
    pass = new Pass(scope, input, hL);
    return values(hL, "hidden layers' outputs");
  }

  private NDArray run(NDManager scope, NDArray input, boolean training) {
    NDArray activated = activation.apply(input);
    NDArray output = block.forward(store, new NDList(activated), training).singletonOrThrow();
    output.attach(scope);
    return output;
  }

  private static float[] values(NDArray array, String what) {
    float[] values = TorchDevice.values(array);
    Finite.require(values, what);
    return values;
  }

  /**
   * The gradient for h1; keeps those of the parameters for {@link #update}.
   *
   * @param g gradient for hL, (rows, outputWidth)
   * @return (rows, width)
   */
  float[] backward(float[] g) {
    Pass last = pass;
    if (last == null) {
      throw new MpcException(
          ErrorCode.INTERNAL, "A gradient without a forward pass.", "Report this.");
    }
    return device.collecting(
        collector -> {
          parameters.forEach(TorchParameter::clearGradient);
          NDArray gradient = last.scope.create(g, last.hL.getShape());
          collector.backward(last.hL.mul(gradient).sum());
          try (NDArray g1 = last.h1.getGradient()) {
            return values(g1, "gradients of the hidden layers");
          }
        });
  }

  /**
   * One step of all parameters.
   *
   * @param g1 what {@link #backward} returned
   */
  void update(float[] g1) {
    float[] biasGradient = new float[width];
    for (int i = 0; i < g1.length; i++) {
      biasGradient[i % width] += g1[i];
    }
    biasUpdater.update(bias, biasGradient);
    parameters.forEach(TorchParameter::update);
    endPass();
  }

  private void endPass() {
    Pass last = pass;
    if (last != null) {
      last.scope.close();
      pass = null;
    }
  }

  @Override
  public void save(DataOutput out) throws IOException {
    FloatData.write(out, bias);
    biasUpdater.save(out);
    for (TorchParameter parameter : parameters) {
      parameter.save(out);
    }
  }

  @Override
  public void load(DataInput in) throws IOException {
    FloatData.read(in, bias);
    biasUpdater.load(in);
    for (TorchParameter parameter : parameters) {
      parameter.load(in);
    }
  }

  @Override
  public void close() {
    endPass();
    biasUpdater.close();
    parameters.forEach(TorchParameter::close);
    device.close();
  }
}
