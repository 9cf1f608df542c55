package org.djlmpc.protocol.ariann;

import ai.djl.ndarray.types.Shape;
import java.util.Locale;
import java.util.Map;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;
import org.djlmpc.protocol.Rounds;
import org.djlmpc.ring.Ring;

/**
 * Public options of AriaNN.
 *
 * @param variant exact comparison, or the paper's, which fails with probability |x| / 2^n
 * @param comparisonBits width k of comparisons: |x| must be below 2^(k-1) in units of 2^-f; 0 for
 *     the whole ring
 * @param rounds whether rounds or bytes are spared
 */
record AriannOptions(DReluGate.Variant variant, int comparisonBits, Rounds rounds) {
  static final AriannOptions DEFAULT = new AriannOptions(DReluGate.Variant.EXACT, 0, Rounds.BYTES);

  AriannOptions {
    if (comparisonBits != 0 && (comparisonBits < 2 || comparisonBits > Long.SIZE)) {
      throw new MpcException(
          ErrorCode.ARGUMENT,
          "A comparison width of " + comparisonBits + " bits.",
          "Use 2 to 64 bits, or 0 for the width of the ring.");
    }
  }

  /**
   * The comparison for values of at most {@code most} bits, of which the gate takes all or fewer.
   */
  DReluGate gate(int most) {
    return new DReluGate(variant, comparisonBits == 0 ? most : Math.min(comparisonBits, most));
  }

  /**
   * The comparison for values of at most {@code most} bits in units of the last place, of which
   * {@code excess} are fraction bits beyond the session's. These count only where all bits do.
   */
  DReluGate gate(int most, int excess, Ring ring) {
    if (comparisonBits == 0 && most >= ring.bits()) {
      return gate(most);
    }
    int high = Math.max(DReluGate.LEAST_WIDTH, Math.min(most, ring.bits()) - excess);
    return new DReluGate(variant, gate(high).k(), excess);
  }

  /** Whether so many comparisons take one round, for larger keys and more work. */
  boolean comparesDirectly(Shape shape) {
    return variant == DReluGate.Variant.EXACT && rounds.comparesDirectly(shape.size());
  }

  Map<String, String> announcement() {
    return Map.of(
        "comparison",
        variant == DReluGate.Variant.EXACT ? "exact" : "paper",
        "comparison bits",
        comparisonBits == 0 ? "ring" : Integer.toString(comparisonBits),
        "rounds",
        rounds.name().toLowerCase(Locale.ROOT));
  }
}
