package org.djlmpc.protocol;

import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;

/**
 * Public numerics of one operator on fixed-point secrets: how large its arguments are, and with how
 * many fraction bits it works. Part of the program that the parties compare before the first
 * opening.
 *
 * <p>A comparison of values below 2^R with s fraction bits needs a gate of k = R + s + 1 bits only,
 * one more for a difference of two values (protocols.md, section 2). Nothing tells when an argument
 * is outside: the result is then silently wrong.
 *
 * @param magnitudeBits R: every element of every argument, as a real number and two units in the
 *     last place included, is below 2^R in absolute value; {@link #UNBOUNDED} if nothing is known
 * @param fractionBits fx: fraction bits to which the operator rescales its arguments, and so of
 *     what it makes of them; {@link #SESSION} for the session's
 * @param weightBits fw: fraction bits of the weights that it multiplies with; {@link #SESSION} for
 *     the session's
 * @param wireBits m: whatever it multiplies, truncates or compares is below 2^(m-2) in units of the
 *     last place, and so is its result, so that openings need no more bits ({@link
 *     Protocol#onWire}); {@link #SESSION} for those of the ring
 */
public record Precision(int magnitudeBits, int fractionBits, int weightBits, int wireBits) {
  /** No bound of the arguments: comparisons take the whole ring. */
  public static final int UNBOUNDED = Integer.MAX_VALUE;

  /** As many fraction bits as the session has. */
  public static final int SESSION = -1;

  /** Nothing is known, and all fraction bits are the session's. */
  public static final Precision STANDARD = new Precision(UNBOUNDED, SESSION, SESSION, SESSION);

  private static final int MOST_BITS = Long.SIZE - 2;
  private static final int LEAST_WIRE_BITS = 3;

  /** Checks the numbers, which may come from anybody. */
  public Precision {
    if (magnitudeBits != UNBOUNDED && (magnitudeBits < 0 || magnitudeBits > MOST_BITS)
        || fractionBits < SESSION
        || fractionBits > MOST_BITS
        || weightBits < SESSION
        || weightBits > MOST_BITS
        || wireBits != SESSION && (wireBits < LEAST_WIRE_BITS || wireBits > Long.SIZE)) {
      throw new MpcException(
          ErrorCode.ARGUMENT,
          "A precision of "
              + magnitudeBits
              + " bits before the binary point, "
              + fractionBits
              + " bits behind it, and "
              + weightBits
              + " for weights, "
              + wireBits
              + " on the wire.",
          "Use 0 to "
              + MOST_BITS
              + " bits, and "
              + LEAST_WIRE_BITS
              + " to "
              + Long.SIZE
              + " on the wire.");
    }
  }

  /** The same with another bound of the arguments. */
  public Precision withMagnitude(int bits) {
    return new Precision(bits, fractionBits, weightBits, wireBits);
  }

  /** The same with another width of openings, or {@link #SESSION}. */
  public Precision withWire(int bits) {
    return new Precision(magnitudeBits, fractionBits, weightBits, bits);
  }

  /** Whether comparisons may take less than the whole ring. */
  public boolean bounded() {
    return magnitudeBits != UNBOUNDED;
  }

  /** fx, given the session's fraction bits. */
  public int fractionBits(int session) {
    return fractionBits == SESSION ? session : fractionBits;
  }

  /** fw, given the session's fraction bits. */
  public int weightBits(int session) {
    return weightBits == SESSION ? session : weightBits;
  }

  /**
   * The width k of a gate that compares values with {@code scale} fraction bits, at most {@code
   * times} as large as the arguments; one that no ring reaches if nothing is known.
   */
  public int comparisonBits(int scale, double times) {
    if (!bounded()) {
      return UNBOUNDED;
    }
    int growth = Math.getExponent(times);
    growth += Math.scalb(1.0, growth) < times ? 1 : 0;
    return magnitudeBits + growth + scale + 1;
  }
}
