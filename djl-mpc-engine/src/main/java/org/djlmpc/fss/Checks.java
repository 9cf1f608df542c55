package org.djlmpc.fss;

import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;

/** Checks of public arguments. */
final class Checks {
  private Checks() {}

  static void domain(int bits, int max) {
    require(
        bits >= 1 && bits <= max,
        "A function key for points of " + bits + " bits.",
        "Use 1 to " + max + " bits.");
  }

  static void party(int party) {
    require(party == 0 || party == 1, "Party " + party + " of two.", "Use 0 or 1.");
  }

  static void range(String what, int length, int from, long count) {
    require(
        from >= 0 && count >= 0 && count <= length - from,
        what + ": " + count + " from " + from + ", but there are " + length + ".",
        "Pass a range inside the array.");
  }

  static int bytes(long bytes) {
    require(
        bytes <= Integer.MAX_VALUE - 8,
        bytes + " bytes of correction words at once.",
        "Make fewer keys at once.");
    return (int) bytes;
  }

  static void require(boolean holds, String problem, String nextStep) {
    if (!holds) {
      throw new MpcException(ErrorCode.ARGUMENT, problem, nextStep);
    }
  }
}
