package org.djlmpc.protocol.functions;

import ai.djl.ndarray.types.Shape;
import org.djlmpc.protocol.Protocol;
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

  /** The same secret with fewer or more fraction bits. */
  static Share atScale(Protocol protocol, Share x, int scale) {
    return x.scale() > scale
        ? protocol.truncate(x, x.scale() - scale)
        : protocol.scaleUp(x, scale - x.scale());
  }

  /** 2 [bit] x - x: the sign that a bit stands for, times x. */
  static Share signed(Protocol protocol, Share bit, Share x) {
    Share half = protocol.select(bit, x);
    return protocol.subtract(protocol.add(half, half), x);
  }
}
