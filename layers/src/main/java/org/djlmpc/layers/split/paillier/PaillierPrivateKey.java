package org.djlmpc.layers.split.paillier;

import java.math.BigInteger;
import java.security.SecureRandom;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;
import org.jspecify.annotations.Nullable;

/**
 * The primes of a Paillier key, with which its owner decrypts.
 *
 * <p>Primes p, q are 3 modulo 4 and gcd(p - 1, q - 1) = 2, as the variant of Damgard, Jurik and
 * Nielsen needs (A generalization of Paillier's public-key system with applications to electronic
 * voting, International Journal of Information Security 9, 2010, section 4).
 *
 * <p>{@link #close} drops the key. Java's numbers cannot be overwritten, so the primes stay in
 * memory until it is collected and reused; nothing else keeps a reference to them. Use a key for
 * one training and never store it. May be used from many threads.
 */
public final class PaillierPrivateKey implements AutoCloseable {
  /** Error probability of a primality test at most 2^-128. */
  private static final int CERTAINTY = 128;

  private static final BigInteger TWO = BigInteger.TWO;

  private final PaillierPublicKey publicKey;
  private volatile @Nullable Crt crt;

  private PaillierPrivateKey(BigInteger p, BigInteger q) {
    this.publicKey = new PaillierPublicKey(p.multiply(q));
    this.crt = new Crt(p, q);
  }

  /**
   * A fresh key from the operating system's generator; takes about a second for 2048 bits.
   *
   * @param bits of n: a multiple of 16, {@link PaillierPublicKey#MIN_BITS} to {@link
   *     PaillierPublicKey#MAX_BITS}
   * @throws MpcException with code ARGUMENT for another number of bits, CANCELLED when interrupted
   */
  public static PaillierPrivateKey generate(int bits) {
    PaillierPublicKey.requireBits(bits);
    SecureRandom random = new SecureRandom();
    BigInteger p = prime(bits / 2, random);
    BigInteger q = prime(bits / 2, random);
    while (!fit(p, q, bits)) {
      q = prime(bits / 2, random);
    }
    return new PaillierPrivateKey(p, q);
  }

  /** A key of any size, for tests that a person can follow. */
  static PaillierPrivateKey ofPrimes(long p, long q) {
    return new PaillierPrivateKey(BigInteger.valueOf(p), BigInteger.valueOf(q));
  }

  /** A prime that is 3 modulo 4, at least 1.5·2^(bits-1): so two have a product of 2·bits bits. */
  private static BigInteger prime(int bits, SecureRandom random) {
    while (!Thread.currentThread().isInterrupted()) {
      BigInteger candidate =
          new BigInteger(bits, random).setBit(bits - 1).setBit(bits - 2).setBit(1).setBit(0);
      if (candidate.isProbablePrime(CERTAINTY)) {
        return candidate;
      }
    }
    throw new MpcException(
        ErrorCode.CANCELLED,
        "The making of a Paillier key was interrupted.",
        ErrorCode.CANCELLED.nextStep());
  }

  /**
   * Whether p and q are far apart (FIPS 186-5, A.1.3) and p - 1, q - 1 have only 2 in common. Then
   * n is prime to (p - 1)(q - 1): primes of one length do not divide each other less one.
   */
  private static boolean fit(BigInteger p, BigInteger q, int bits) {
    return p.subtract(q).abs().bitLength() > bits / 2 - 100
        && p.subtract(BigInteger.ONE).gcd(q.subtract(BigInteger.ONE)).equals(TWO);
  }

  /** What others encrypt with. */
  public PaillierPublicKey publicKey() {
    return publicKey;
  }

  /**
   * The plaintexts, each at least 0 and below n. Runs on all cores.
   *
   * @throws MpcException with code CONFIGURATION_MISMATCH for ciphertexts under another key, CLOSED
   *     after {@link #close}, CANCELLED when interrupted
   */
  public BigInteger[] decrypt(Ciphertexts ciphertexts) {
    ciphertexts.requireKey(publicKey);
    Crt opened = crt();
    BigInteger[] plaintexts = new BigInteger[ciphertexts.size()];
    Pieces.run(plaintexts.length, i -> plaintexts[i] = opened.decrypt(ciphertexts.get(i)));
    return plaintexts;
  }

  /** Arithmetic modulo p^2 and q^2. */
  Crt crt() {
    Crt current = crt;
    if (current == null) {
      throw new MpcException(
          ErrorCode.CLOSED, "This Paillier key was closed.", "Make a new key for a new training.");
    }
    return current;
  }

  /** Drops the primes. */
  @Override
  public void close() {
    crt = null;
  }

  @Override
  public String toString() {
    return "PaillierPrivateKey[" + publicKey.bits() + " bits, hidden]";
  }
}
