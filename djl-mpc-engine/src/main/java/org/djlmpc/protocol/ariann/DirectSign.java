package org.djlmpc.protocol.ariann;

import ai.djl.ndarray.types.Shape;
import java.io.DataInput;
import java.io.IOException;
import java.util.List;
import org.djlmpc.ring.RingTensor;

/**
 * {@link Sign} in one round.
 *
 * <pre>
 * dealer: r uniform; the gate's key
 * 1. open x^ = x + r mod 2^m; [s] by the gate
 * </pre>
 *
 * <p>One round, m bits each way. The parties see x^, which is uniform.
 *
 * @param shape shape of x
 * @param gate width of the comparison
 * @param width m, and the ring
 */
record DirectSign(Shape shape, DReluGate gate, Width width) implements DirectComparison {
  static final int KIND = 9;

  @Override
  public int kind() {
    return KIND;
  }

  static DirectSign decode(DataInput in) throws IOException {
    return DirectComparison.decode(in, DirectSign::new);
  }

  @Override
  public int words() {
    return 1;
  }

  @Override
  public RingTensor result(RingTensor masked, List<RingTensor> paid) {
    return paid.get(0);
  }
}
