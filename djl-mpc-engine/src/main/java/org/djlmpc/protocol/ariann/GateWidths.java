package org.djlmpc.protocol.ariann;

import org.djlmpc.ring.Ring;

/**
 * How wide the comparisons of one operator are: as wide as its precision says ({@link
 * org.djlmpc.protocol.Protocol#within}); without one, as the session's default says.
 *
 * @param variant the construction
 * @param ring the ring of what is compared
 * @param fractionBits f, the session's
 * @param usual the default, in units of 2^-f; {@link #WHOLE} for the ring's width
 * @param named what the precision says, in units of the last place; {@link #UNNAMED} without one
 */
record GateWidths(DReluGate.Variant variant, Ring ring, int fractionBits, int usual, int named) {
  /** As a default: all bits of the ring. */
  static final int WHOLE = 0;

  private static final int UNNAMED = 0;

  /** The session's default. */
  static GateWidths usual(AriannOptions options, Ring ring, int fractionBits) {
    return new GateWidths(options.variant(), ring, fractionBits, options.comparisonBits(), UNNAMED);
  }

  /** Those of a precision, whatever the default. */
  GateWidths named(int bits) {
    int width = Math.max(DReluGate.LEAST_WIDTH, Math.min(bits, ring.bits()));
    return new GateWidths(variant, ring, fractionBits, usual, width);
  }

  /** Fraction bits beyond the session's, which a narrow comparison need not see. */
  private int excess(int scale) {
    return Math.max(0, scale - fractionBits);
  }

  /** Width for values with {@code scale} fraction bits, in units of the last place. */
  int bits(int scale) {
    if (named != UNNAMED) {
      return named;
    }
    return usual == WHOLE ? ring.bits() : Math.min(ring.bits(), usual + excess(scale));
  }

  /** The comparison of values with {@code scale} fraction bits that an opening shows in part. */
  DReluGate gate(int scale, Width width) {
    int bits = Math.min(bits(scale), width.bits());
    int dropped = bits == ring.bits() ? 0 : Math.min(excess(scale), bits - DReluGate.LEAST_WIDTH);
    return new DReluGate(variant, bits - dropped, dropped);
  }

  /**
   * The comparison that shares its opening with a truncation.
   *
   * @param scale fraction bits after the truncation
   * @param removed bits that it removes
   */
  DReluGate fused(int scale, int removed, Width width) {
    return new DReluGate(variant, Math.min(bits(scale), width.bits() - removed));
  }
}
