package org.djlmpc.layers.split.paillier;

import java.math.BigInteger;
import java.util.Arrays;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;

/** Ciphertexts under one key, as they are computed with and as they travel. Immutable. */
public final class Ciphertexts {
  private final PaillierPublicKey key;
  private final BigInteger[] values;

  /** Takes the array over. */
  Ciphertexts(PaillierPublicKey key, BigInteger[] values) {
    this.key = key;
    this.values = values;
  }

  /**
   * Ciphertexts that another party sent.
   *
   * @param key what they are encrypted with
   * @param count how many are expected
   * @param bytes each with {@link PaillierPublicKey#ciphertextBytes} bytes, highest first
   * @throws MpcException with code BAD_FRAME for another length, and unless each is a unit modulo
   *     n^2, in its reduced form
   */
  public static Ciphertexts of(PaillierPublicKey key, int count, byte[] bytes) {
    int length = key.ciphertextBytes();
    if (bytes.length != (long) count * length) {
      throw malformed(
          bytes.length + " bytes came for " + count + " ciphertexts of " + length + " bytes");
    }
    BigInteger square = key.modulus().square();
    BigInteger[] values = new BigInteger[count];
    // One gcd for all: it costs as much as hundreds of products.
    BigInteger product = BigInteger.ONE;
    for (int i = 0; i < count; i++) {
      values[i] = new BigInteger(1, bytes, i * length, length);
      if (values[i].compareTo(square) >= 0) {
        throw malformed("ciphertext " + i + " is not below the square of the modulus");
      }
      product = product.multiply(values[i].mod(key.n())).mod(key.n());
    }
    if (!product.gcd(key.n()).equals(BigInteger.ONE)) {
      throw malformed("a ciphertext has a factor in common with the modulus");
    }
    return new Ciphertexts(key, values);
  }

  private static MpcException malformed(String what) {
    return new MpcException(
        ErrorCode.BAD_FRAME,
        "Malformed Paillier ciphertexts: " + what + ".",
        ErrorCode.BAD_FRAME.nextStep());
  }

  /** What they are encrypted with. */
  public PaillierPublicKey key() {
    return key;
  }

  /** How many they are. */
  public int size() {
    return values.length;
  }

  BigInteger get(int i) {
    return values[i];
  }

  /** {@link PaillierPublicKey#ciphertextBytes} bytes each, highest first. */
  public byte[] toBytes() {
    int length = key.ciphertextBytes();
    byte[] bytes = new byte[Math.multiplyExact(values.length, length)];
    for (int i = 0; i < values.length; i++) {
      byte[] one = PaillierPublicKey.fixedLength(values[i], length);
      System.arraycopy(one, 0, bytes, i * length, length);
    }
    return bytes;
  }

  /**
   * Encryptions of the sums, modulo n.
   *
   * <p>Who knows both summands recognizes the result. Before it goes to somebody else, {@link
   * Encryptor#rerandomize} it.
   *
   * @param other as many, under the same key
   * @throws MpcException with code CONFIGURATION_MISMATCH for another key, SHAPE for another number
   */
  public Ciphertexts plus(Ciphertexts other) {
    requireKey(other.key);
    requireSize(other.values.length);
    BigInteger[] sums = new BigInteger[values.length];
    BigInteger square = key.modulus().square();
    Pieces.run(sums.length, i -> sums[i] = values[i].multiply(other.values[i]).mod(square));
    return new Ciphertexts(key, sums);
  }

  /** Fails unless these belong to that key. */
  void requireKey(PaillierPublicKey expected) {
    if (!key.equals(expected)) {
      throw new MpcException(
          ErrorCode.CONFIGURATION_MISMATCH,
          "Ciphertexts under another Paillier key.",
          "Encrypt, add and decrypt under one key.");
    }
  }

  /** Fails unless they are that many. */
  void requireSize(int expected) {
    if (values.length != expected) {
      throw new MpcException(
          ErrorCode.SHAPE,
          values.length + " ciphertexts where " + expected + " are needed.",
          ErrorCode.SHAPE.nextStep());
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Ciphertexts those
        && key.equals(those.key)
        && Arrays.equals(values, those.values);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(values);
  }

  @Override
  public String toString() {
    return "Ciphertexts[" + values.length + "]";
  }
}
