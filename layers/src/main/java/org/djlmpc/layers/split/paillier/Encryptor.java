package org.djlmpc.layers.split.paillier;

import java.math.BigInteger;
import java.security.SecureRandom;
import java.util.Arrays;
import org.djlmpc.crypto.Prg;
import org.djlmpc.crypto.Seed;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;
import org.jspecify.annotations.Nullable;

/**
 * Encrypts, adds to and re-randomizes ciphertexts, with randomness that is mostly computed ahead.
 *
 * <p>The variant of Damgard, Jurik and Nielsen (International Journal of Information Security 9,
 * 2010): with h = -x^2 modulo n for a random x, a ciphertext of M is
 *
 * <pre>  (1 + M·n)·(h^n)^s modulo n^2,   s random of {@link #exponentBits} bits
 * </pre>
 *
 * <p>instead of (1 + M·n)·r^n for a random r. The paper takes s of half the bits of n, and
 * Goldreich and Rosen (Journal of Cryptology 16, 2003) show that then h^s cannot be told from a
 * random power if n cannot be factored. Shorter exponents, of 448 bits at 2048, are an assumption
 * of their own: the best known attacks search half of the bits, 2^224 steps. See docs/adr in the
 * project.
 *
 * <p>A base is drawn and its table made when an encryptor is made; that takes less than a second.
 * May be used from many threads; each call runs on all cores.
 */
public final class Encryptor implements AutoCloseable {
  private final PaillierPublicKey key;
  private final int exponentBytes;
  private volatile @Nullable PowerTable table;
  private final Prg random;

  /** With any table and length of exponents; others are for tests that a person can follow. */
  Encryptor(PaillierPublicKey key, int exponentBits, PowerTable table) {
    this.key = key;
    this.exponentBytes = exponentBits / Byte.SIZE;
    this.table = table;
    try (Seed seed = Seed.random()) {
      this.random = new Prg(seed);
    }
  }

  /** Encrypts with a public key and short exponents, {@link #shortExponentBits}. */
  public static Encryptor of(PaillierPublicKey key) {
    return of(key, shortExponentBits(key.bits()));
  }

  /**
   * Encrypts with a public key.
   *
   * @param key the key
   * @param exponentBits length of the exponents: a multiple of 8, at least {@link
   *     #shortExponentBits}; half the bits of n for the length of the paper
   * @throws MpcException with code ARGUMENT for another length
   */
  public static Encryptor of(PaillierPublicKey key, int exponentBits) {
    requireExponent(key.bits(), exponentBits);
    BigInteger base = randomBase(key);
    return new Encryptor(
        key, exponentBits, new FixedBase(key.modulus(), base, exponentBits / Byte.SIZE));
  }

  /** Encrypts twice as fast, for the owner of the key; works on when the key is closed. */
  public static Encryptor of(PaillierPrivateKey key) {
    PaillierPublicKey open = key.publicKey();
    int exponentBits = shortExponentBits(open.bits());
    PowerTable table = key.crt().table(randomBase(open), exponentBits / Byte.SIZE);
    return new Encryptor(open, exponentBits, table);
  }

  /**
   * The least number of bits of an exponent: four for each bit of security that NIST SP 800-57 part
   * 1, table 2, gives a modulus of this length, so that a search of square-root time is as hard as
   * squaring the attack on the modulus.
   *
   * @param bits of n
   */
  public static int shortExponentBits(int bits) {
    if (bits < 3072) {
      return 4 * 112;
    }
    return 4 * (bits < 7680 ? 128 : 192);
  }

  /** Fails with code ARGUMENT for an exponent that is too short, or longer than the key. */
  static void requireExponent(int keyBits, int exponentBits) {
    int least = shortExponentBits(keyBits);
    if (exponentBits < least || exponentBits > keyBits || exponentBits % Byte.SIZE != 0) {
      throw new MpcException(
          ErrorCode.ARGUMENT,
          "Exponents of " + exponentBits + " bits are not possible.",
          "Give a multiple of 8 from " + least + " to " + keyBits + ".");
    }
  }

  /** h^n modulo n^2 for h = -x^2 modulo n. */
  private static BigInteger randomBase(PaillierPublicKey key) {
    BigInteger n = key.n();
    SecureRandom random = new SecureRandom();
    BigInteger x;
    do {
      x = new BigInteger(n.bitLength(), random);
    } while (x.compareTo(n) >= 0 || !x.gcd(n).equals(BigInteger.ONE));
    BigInteger h = x.multiply(x).negate().mod(n);
    return h.modPow(n, key.modulus().square());
  }

  /** What is encrypted with. */
  public PaillierPublicKey key() {
    return key;
  }

  /** Length of the exponents. */
  public int exponentBits() {
    return exponentBytes * Byte.SIZE;
  }

  /**
   * Encryptions.
   *
   * @param plaintexts each at least 0 and below n
   * @throws MpcException with code OUT_OF_RANGE for another plaintext, CANCELLED when interrupted
   */
  public Ciphertexts encrypt(BigInteger[] plaintexts) {
    BigInteger[] ones = new BigInteger[plaintexts.length];
    Arrays.fill(ones, BigInteger.ONE);
    return encryptOnto(new Ciphertexts(key, ones), plaintexts);
  }

  /**
   * Encryptions of the sums of what ciphertexts encrypt and plaintexts, modulo n, under fresh
   * randomness: as fast as {@link #encrypt}, and indistinguishable from its results for everybody
   * who does not have the key.
   *
   * @param ciphertexts summands
   * @param plaintexts summands, as many, each at least 0 and below n
   * @throws MpcException with code CONFIGURATION_MISMATCH for another key, SHAPE for another number
   *     of plaintexts, OUT_OF_RANGE for a plaintext, CANCELLED when interrupted
   */
  public Ciphertexts encryptOnto(Ciphertexts ciphertexts, BigInteger[] plaintexts) {
    ciphertexts.requireKey(key);
    ciphertexts.requireSize(plaintexts.length);
    for (BigInteger plaintext : plaintexts) {
      if (plaintext.signum() < 0 || plaintext.compareTo(key.n()) >= 0) {
        throw new MpcException(
            ErrorCode.OUT_OF_RANGE,
            "A plaintext is not between 0 and the modulus of the Paillier key.",
            "Pack values with the Packing of this key.");
      }
    }
    PowerTable open = table();
    byte[] exponents = exponents(plaintexts.length);
    try {
      BigInteger[] sums = new BigInteger[plaintexts.length];
      Pieces.run(
          sums.length,
          i ->
              sums[i] =
                  open.times(ciphertexts.get(i), exponents, i * exponentBytes, plaintexts[i]));
      return new Ciphertexts(key, sums);
    } finally {
      Arrays.fill(exponents, (byte) 0);
    }
  }

  /**
   * Other ciphertexts of the same plaintexts, unlinkable to the given ones without the key.
   *
   * @throws MpcException with code CONFIGURATION_MISMATCH for another key, CANCELLED when
   *     interrupted
   */
  public Ciphertexts rerandomize(Ciphertexts ciphertexts) {
    BigInteger[] zeros = new BigInteger[ciphertexts.size()];
    Arrays.fill(zeros, BigInteger.ZERO);
    return encryptOnto(ciphertexts, zeros);
  }

  private byte[] exponents(int count) {
    byte[] exponents = new byte[Math.multiplyExact(count, exponentBytes)];
    synchronized (random) {
      random.fill(exponents, 0, exponents.length);
    }
    return exponents;
  }

  /** The powers of this encryptor's base. */
  PowerTable table() {
    PowerTable current = table;
    if (current == null) {
      throw new MpcException(
          ErrorCode.CLOSED, "This encryptor was closed.", "Make another one from the key.");
    }
    return current;
  }

  /**
   * Drops the table, which knows the primes if the owner of the key made it, and all randomness.
   */
  @Override
  public void close() {
    table = null;
    synchronized (random) {
      random.close();
    }
  }

  @Override
  public String toString() {
    return "Encryptor[" + key.bits() + " bits, exponents of " + exponentBits() + " bits]";
  }
}
