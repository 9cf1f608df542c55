package org.djlmpc.ring;

/** The rings of integers modulo a power of two that tensors live in. */
public enum Ring {
  /** Integers modulo 2^32. */
  Z32(32),
  /** Integers modulo 2^64. */
  Z64(64);

  private final int bits;

  Ring(int bits) {
    this.bits = bits;
  }

  /** The width n of Z_2^n. */
  public int bits() {
    return bits;
  }

  /** Bytes of one element in memory and on the wire. */
  public int bytes() {
    return bits / Byte.SIZE;
  }

  /** A word whose low n bits are set. */
  public long mask() {
    return -1L >>> (Long.SIZE - bits);
  }
}
