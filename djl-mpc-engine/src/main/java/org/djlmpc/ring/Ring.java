package org.djlmpc.ring;

/**
 * The rings of integers modulo a power of two that tensors live in.
 *
 * <p>Z32 and Z64 carry values. Z4 and Z8 have so few elements that a protocol can be run on all
 * values and all masks, which is how tests prove what the parties see; {@link #isSmall} tells them
 * apart.
 */
public enum Ring {
  /** Integers modulo 2^32. */
  Z32(32),
  /** Integers modulo 2^64. */
  Z64(64),
  /** Integers modulo 2^4, to enumerate. */
  Z4(4),
  /** Integers modulo 2^8, to enumerate. */
  Z8(8);

  private final int bits;

  Ring(int bits) {
    this.bits = bits;
  }

  /** The width n of Z_2^n. */
  public int bits() {
    return bits;
  }

  /** Bytes of one element on the wire. */
  public int bytes() {
    return (bits + Byte.SIZE - 1) / Byte.SIZE;
  }

  /** A word whose low n bits are set. */
  public long mask() {
    return -1L >>> (Long.SIZE - bits);
  }

  /** Whether this ring is for enumeration only: too small for encoded reals. */
  public boolean isSmall() {
    return bits <= Byte.SIZE;
  }
}
