package org.djlmpc.protocol.ariann;

import ai.djl.ndarray.types.Shape;
import java.io.DataInput;
import java.io.IOException;
import java.util.List;
import org.djlmpc.ring.RingTensor;

/**
 * {@link Relu} in one round.
 *
 * <pre>
 * dealer: r uniform; the gate's key with payload (1, r)
 * 1. open x^ = x + r mod 2^m; [s], [s r] by the gate
 * 2. [s x] = x^ [s] - [s r]
 * </pre>
 *
 * <p>One round, m bits each way; shared modulo 2^m, as x. The parties see x^, which is uniform.
 *
 * @param shape shape of x
 * @param gate width of the comparison
 * @param width m, and the ring
 */
record DirectRelu(Shape shape, DReluGate gate, Width width) implements DirectComparison {
  static final int KIND = 10;

  @Override
  public int kind() {
    return KIND;
  }

  static DirectRelu decode(DataInput in) throws IOException {
    return DirectComparison.decode(in, DirectRelu::new);
  }

  @Override
  public int words() {
    return 2;
  }

  @Override
  public RingTensor result(RingTensor masked, List<RingTensor> paid) {
    try (RingTensor s = paid.get(0);
        RingTensor sr = paid.get(1)) {
      return s.multiply(masked).subtractInPlace(sr);
    }
  }
}
