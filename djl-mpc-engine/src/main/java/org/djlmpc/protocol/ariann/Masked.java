package org.djlmpc.protocol.ariann;

import org.djlmpc.ring.RingTensor;

/**
 * A secret after its mask was opened.
 *
 * @param mask the mask's name
 * @param e the opened difference E = X - A, public to both share holders; absent in owner mode at
 *     the mask's holder
 * @param a this party's summand A_j of the mask; absent where only the other party knows the mask
 * @param right what this party multiplies from the right: E + A_0 at P0, A_1 at P1
 */
record Masked(Mask mask, RingTensor e, RingTensor a, RingTensor right) implements AutoCloseable {
  @Override
  public void close() {
    e.close();
    a.close();
    right.close();
  }
}
