package org.djlmpc.layers.split;

import ai.djl.Device;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What the server brings.
 *
 * @param device of the hidden layers
 * @param folder for checkpoints, the server's own; null keeps none
 * @param seed for experiments that are to be repeated; null draws secret weights
 * @param observer told what the server sees, to measure how much that is
 */
public record ServerSetup(
    Device device, @Nullable Path folder, @Nullable Long seed, ServerObserver observer) {
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

  /** The same with an observer. */
  public ServerSetup withObserver(ServerObserver other) {
    return new ServerSetup(device, folder, seed, other);
  }
}
