package org.djlmpc.protocol.ariann;

import ai.djl.ndarray.types.Shape;
import java.util.Map;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;
import org.djlmpc.protocol.Rounds;

/**
 * Public options of AriaNN.
 *
 * @param variant exact comparison, or the paper's, which fails with probability |x| / 2^n
 * @param comparisonBits width k of the comparisons that no precision bounds: |x| must be below
 *     2^(k-1) in units of 2^-f; {@link GateWidths#WHOLE} for the whole ring
 * @param rounds what a round is worth
 */
record AriannOptions(DReluGate.Variant variant, int comparisonBits, Rounds rounds) {
  static final AriannOptions DEFAULT =
      new AriannOptions(DReluGate.Variant.EXACT, GateWidths.WHOLE, Rounds.BYTES);

  AriannOptions {
    if (comparisonBits != GateWidths.WHOLE
        && (comparisonBits < DReluGate.LEAST_WIDTH || comparisonBits > Long.SIZE)) {
      throw new MpcException(
          ErrorCode.ARGUMENT,
          "A comparison width of " + comparisonBits + " bits.",
          "Use 2 to 64 bits, or 0 for the width of the ring.");
    }
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
        comparisonBits == GateWidths.WHOLE ? "ring" : Integer.toString(comparisonBits),
        "rounds",
        rounds.toString());
  }
}
