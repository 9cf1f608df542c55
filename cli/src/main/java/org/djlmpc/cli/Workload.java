package org.djlmpc.cli;

import ai.djl.ndarray.types.Shape;
import java.util.List;
import org.djlmpc.protocol.Protocol;
import org.djlmpc.protocol.Share;
import org.djlmpc.ring.RingTensor;

/**
 * An operator on secrets that is run, measured and checked. P1 owns the first argument and learns
 * the result, P0 owns the others; all are drawn from public seeds, so that P1 can check.
 */
interface Workload {

  /** Shapes of the arguments. */
  List<Shape> shapes();

  /**
   * The values of an argument, in units of the last place.
   *
   * @param argument its position
   * @param run another run has other values
   */
  RingTensor values(int argument, int run);

  /** The operator on shares; also run on absent shares to plan it. */
  Share compute(Protocol protocol, List<Share> arguments);

  /** The exact result in the ring, before rescaling. */
  RingTensor exact(List<RingTensor> arguments);

  /** Fraction bits that the operator removes; then it may be one unit above the floor. */
  int rescaledBits();
}
