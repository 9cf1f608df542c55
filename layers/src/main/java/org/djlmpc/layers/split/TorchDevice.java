package org.djlmpc.layers.split;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.engine.EngineException;
import ai.djl.engine.StandardCapabilities;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;

/**
 * A device of DJL's PyTorch engine, on which something is computed in plaintext: a CPU or a GPU.
 *
 * <p>PyTorch has one gradient collector in a process, so those who share a process take turns, and
 * a collector is open only while something is computed: what it recorded stays with the arrays.
 */
final class TorchDevice implements AutoCloseable {
  private static final String ENGINE = "PyTorch";
  private static final Pattern FOLDERS = Pattern.compile("\\S*[/\\\\]");
  private static final ReentrantLock ONE_COLLECTOR = new ReentrantLock();

  private final Engine engine;
  private final NDManager manager;

  private TorchDevice(Engine engine, NDManager manager) {
    this.engine = engine;
    this.manager = manager;
  }

  /**
   * Opens a device, after a computation on it.
   *
   * @throws MpcException MISSING_DEPENDENCY if there is no PyTorch engine, or none with CUDA for a
   *     GPU; ARGUMENT if there is no such device
   */
  static TorchDevice open(Device device) {
    Engine engine = engine();
    if (device.isGpu() && !engine.hasCapability(StandardCapabilities.CUDA)) {
      throw new MpcException(
          ErrorCode.MISSING_DEPENDENCY,
          "PyTorch cannot use " + device + ": its native library here has no CUDA or finds no GPU.",
          "Set the device to cpu; or check the driver with nvidia-smi, and let PYTORCH_LIBRARY_PATH"
              + " name a PyTorch with CUDA (docs/split.md, \"The server on a GPU\").");
    }
    return new TorchDevice(engine, engine.newBaseManager(tried(engine, device)));
  }

  private static Engine engine() {
    if (!Engine.hasEngine(ENGINE)) {
      throw new MpcException(
          ErrorCode.MISSING_DEPENDENCY,
          "The server runs its layers on DJL's PyTorch engine, which is not there.",
          "Add ai.djl.pytorch:pytorch-engine with its JNI and native library.");
    }
    try {
      return Engine.getEngine(ENGINE);
    } catch (EngineException e) {
      // other parties read it, too: no folders
      String why = FOLDERS.matcher(String.valueOf(rootOf(e).getMessage())).replaceAll("");
      throw new MpcException(
          ErrorCode.MISSING_DEPENDENCY,
          "DJL's PyTorch engine does not load: " + why + ".",
          "Check the native library, and where the variables PYTORCH_... choose another, these and"
              + " the GPU's driver (docs/split.md, \"The server on a GPU\").",
          e);
    }
  }

  private static Throwable rootOf(Throwable e) {
    Throwable cause = e.getCause();
    return cause == null ? e : rootOf(cause);
  }

  /** The device as its arrays call it: DJL compares names, and a GPU may come without a number. */
  private static Device tried(Engine engine, Device device) {
    try (NDManager scope = engine.newBaseManager(device)) {
      NDArray sum = scope.ones(new Shape(2)).sum();
      values(sum);
      return sum.getDevice();
    } catch (EngineException | IllegalArgumentException e) {
      throw new MpcException(
          ErrorCode.ARGUMENT,
          "PyTorch cannot use the device " + device + ".",
          "Name one of its " + engine.getGpuCount() + " GPUs, from gpu0, or cpu.",
          e);
    }
  }

  /** What is computed is attached to it or to its sub-managers. */
  NDManager manager() {
    return manager;
  }

  /** Computes with automatic differentiation. */
  <T> T collecting(Function<GradientCollector, T> work) {
    ONE_COLLECTOR.lock();
    try (GradientCollector collector = engine.newGradientCollector()) {
      return work.apply(collector);
    } finally {
      ONE_COLLECTOR.unlock();
    }
  }

  /**
   * The values of an array, wherever it is.
   *
   * <p>DJL's own toFloatArray leaves a copy of an array on a GPU with the array's manager, so that
   * reading weights and gradients at every step would fill the memory.
   */
  static float[] values(NDArray array) {
    NDArray here = array.toDevice(Device.cpu(), false);
    try {
      return here.toFloatArray();
    } finally {
      if (here != array) {
        here.close();
      }
    }
  }

  /** The gradient of a parameter, zero before the first. */
  static float[] gradient(NDArray parameter) {
    try (NDArray gradient = parameter.getGradient()) {
      return values(gradient);
    }
  }

  /** Sets the gradient of a parameter to zero, as PyTorch adds to it. */
  static void clearGradient(NDArray parameter) {
    if (parameter.hasGradient()) {
      try (NDArray gradient = parameter.getGradient()) {
        gradient.subi(gradient);
      }
    }
  }

  /** Frees all arrays. */
  @Override
  public void close() {
    manager.close();
  }
}
