package org.djlmpc.layers.split.paillier;

import java.math.BigInteger;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;

/**
 * The modulus n of Paillier's encryption, with which anybody encrypts and adds (P. Paillier:
 * Public-Key Cryptosystems Based on Composite Degree Residuosity Classes, EUROCRYPT 1999).
 *
 * <p>The key is n alone. The base h of the variant of Damgard, Jurik and Nielsen is no part of it:
 * each {@link Encryptor} draws its own, so that nobody needs to trust another's.
 */
public final class PaillierPublicKey {
  /** Fewer bits of n are refused. */
  public static final int MIN_BITS = 2048;

  /** More bits of n are refused: a peer must not choose how long others compute. */
  public static final int MAX_BITS = 8192;

  private final SquareModulus modulus;

  /** A key of any size, for tests that a person can follow. */
  PaillierPublicKey(BigInteger n) {
    this.modulus = new SquareModulus(n);
  }

  /**
   * A key from the bytes that its owner sent.
   *
   * @param modulus n, highest byte first
   * @throws MpcException with code BAD_FRAME unless n is odd and has {@link #MIN_BITS} to {@link
   *     #MAX_BITS} bits
   */
  public static PaillierPublicKey of(byte[] modulus) {
    if (modulus.length > MAX_BITS / Byte.SIZE) {
      throw malformed(modulus.length * Byte.SIZE + " bits");
    }
    BigInteger n = new BigInteger(1, modulus);
    if (n.bitLength() < MIN_BITS || !n.testBit(0)) {
      throw malformed(n.bitLength() + " bits" + (n.testBit(0) ? "" : " and is even"));
    }
    return new PaillierPublicKey(n);
  }

  /** Fails with code ARGUMENT unless keys of this length can be made. */
  static void requireBits(int bits) {
    if (bits < MIN_BITS || bits > MAX_BITS || bits % 16 != 0) {
      throw new MpcException(
          ErrorCode.ARGUMENT,
          "A Paillier key of " + bits + " bits is not possible.",
          "Give a multiple of 16 from " + MIN_BITS + " to " + MAX_BITS + ".");
    }
  }

  private static MpcException malformed(String what) {
    return new MpcException(
        ErrorCode.BAD_FRAME,
        "The modulus of a Paillier key has " + what + ".",
        "Use an odd modulus of " + MIN_BITS + " to " + MAX_BITS + " bits.");
  }

  /** n as bytes, highest byte first. */
  public byte[] toBytes() {
    return fixedLength(n(), (bits() + 7) / 8);
  }

  /** Bits of n. */
  public int bits() {
    return n().bitLength();
  }

  /** Length of a ciphertext on the wire, in bytes: that of n^2. */
  public int ciphertextBytes() {
    return (modulus.square().bitLength() + 7) / 8;
  }

  BigInteger n() {
    return modulus.m();
  }

  SquareModulus modulus() {
    return modulus;
  }

  /** A number of at most {@code length} bytes, with leading zeros. */
  static byte[] fixedLength(BigInteger x, int length) {
    byte[] shortest = x.toByteArray();
    byte[] bytes = new byte[length];
    int kept = Math.min(length, shortest.length);
    System.arraycopy(shortest, shortest.length - kept, bytes, length - kept, kept);
    return bytes;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof PaillierPublicKey key && key.n().equals(n());
  }

  @Override
  public int hashCode() {
    return n().hashCode();
  }

  @Override
  public String toString() {
    return "PaillierPublicKey[" + bits() + " bits]";
  }
}
