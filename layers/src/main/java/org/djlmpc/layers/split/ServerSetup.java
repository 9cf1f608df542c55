package org.djlmpc.layers.split;

import ai.djl.Device;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;
import org.jspecify.annotations.Nullable;

/**
 * What the server brings.
 *
 * @param device of the hidden layers: the CPU, or a GPU for which PyTorch has CUDA
 * @param folder for checkpoints, the server's own; null keeps none
 * @param seed for experiments that are to be repeated; null draws secret weights
 * @param observer told what the server sees, to measure how much that is
 */
public record ServerSetup(
    Device device, @Nullable Path folder, @Nullable Long seed, ServerObserver observer) {
  private static final Pattern GPU = Pattern.compile(Device.Type.GPU + "(\\d{0,4})");

  /** On the CPU, without checkpoints. */
  public static final ServerSetup CPU =
      new ServerSetup(Device.cpu(), null, null, ServerObserver.NOBODY);

  /** The same with checkpoints in a folder of the server. */
  public ServerSetup withFolder(Path checkpoints) {
    return new ServerSetup(device, checkpoints, seed, observer);
  }

  /** The same with weights that can be repeated. */
  public ServerSetup withSeed(long own) {
    return new ServerSetup(device, folder, own, observer);
  }

  /** The same on another device. */
  public ServerSetup withDevice(Device other) {
    return new ServerSetup(other, folder, seed, observer);
  }

  /**
   * The same on another device. Whether it is there is seen when the server starts.
   *
   * @param name {@code cpu}, {@code gpu} for the first GPU, or {@code gpu0}, {@code gpu1}, ...
   * @throws MpcException ARGUMENT if it is none of them
   */
  public ServerSetup withDevice(String name) {
    if (name.equals(Device.Type.CPU)) {
      return withDevice(Device.cpu());
    }
    Matcher gpu = GPU.matcher(name);
    if (!gpu.matches()) {
      throw new MpcException(
          ErrorCode.ARGUMENT,
          "\"" + name + "\" is no device.",
          "Write cpu, or gpu0 for the first GPU, gpu1 for the second.");
    }
    String number = gpu.group(1);
    return withDevice(Device.gpu(number.isEmpty() ? 0 : Integer.parseInt(number)));
  }

  /** The same with an observer. */
  public ServerSetup withObserver(ServerObserver other) {
    return new ServerSetup(device, folder, seed, other);
  }
}
