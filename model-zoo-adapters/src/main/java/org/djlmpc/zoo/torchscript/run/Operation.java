package org.djlmpc.zoo.torchscript.run;

/** One operator of PyTorch. */
@FunctionalInterface
public interface Operation {
  /**
   * Computes or records it.
   *
   * @throws UnsupportedCall if it has no private form for these arguments
   * @throws org.djlmpc.error.MpcException if the arguments make no sense
   */
  Value apply(Arguments arguments);
}
