package org.djlmpc.protocol.functions;

import ai.djl.ndarray.types.Shape;
import org.djlmpc.protocol.SecretMath;
import org.djlmpc.protocol.Share;

/** The form in which functions take their argument. */
final class Arguments {
  private Arguments() {}

  /**
   * A vector with f fraction bits.
   *
   * @throws org.djlmpc.error.MpcException OUT_OF_RANGE if the ring has no room for functions
   */
  static Share flat(SecretMath math, Share x) {
    Room room = Room.of(math.fixedPoint());
    Share y = math.atScale(math.rescale(x), room.fractionBits());
    return math.protocol().reshape(y, new Shape(x.shape().size()));
  }
}
