package org.djlmpc.layers.split.paillier;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;

/**
 * How signed values share a plaintext, so that one encryption serves many of them and sums of
 * ciphertexts are sums of all the values inside.
 *
 * <p>A value v of b bits, from -2^(b-1) to 2^(b-1) - 1, is stored as v + 2^(b-1) in a slot of b +
 * ceil(log2(holders)) + 1 bits, the first value in the lowest bits. A sum with one summand of each
 * holder stays below holders·2^b, so no slot reaches the next. The highest bit of each slot stays
 * zero; one that is not tells of a foreign key.
 */
public final class Packing {
  /**
   * Bits of a slot unless said otherwise: a plaintext of 2048 bits has 46 of them, and values have
   * 42 bits with two holders, one less for each doubling of the holders.
   */
  public static final int DEFAULT_SLOT_BITS = 44;

  private final int valueBits;
  private final int holders;
  private final int slotBits;
  private final int slots;

  private Packing(int keyBits, int valueBits, int holders) {
    this.valueBits = valueBits;
    this.holders = holders;
    this.slotBits = valueBits + guardBits(holders);
    // A number of keyBits - 1 bits is below n whatever n is.
    this.slots = (keyBits - 1) / slotBits;
  }

  /**
   * Slots for values of this many bits.
   *
   * @param key the key that packed values are encrypted with
   * @param valueBits b, at least 1
   * @param holders summands of each sum, at least 1
   * @throws MpcException with code ARGUMENT if that is too little, too much for slots of 63 bits or
   *     for the key
   */
  public static Packing of(PaillierPublicKey key, int valueBits, int holders) {
    return ofSlots(key.bits(), valueBits + guardBits(holders), holders);
  }

  /**
   * Slots of {@link #DEFAULT_SLOT_BITS} bits.
   *
   * @param key the key that packed values are encrypted with
   * @param holders summands of each sum, at least 1
   * @throws MpcException with code ARGUMENT if there are too many or too few holders
   */
  public static Packing of(PaillierPublicKey key, int holders) {
    return ofSlots(key.bits(), DEFAULT_SLOT_BITS, holders);
  }

  /**
   * Slots of this many bits; fails with code ARGUMENT if they hold no value or fit no plaintext.
   */
  static Packing ofSlots(int keyBits, int slotBits, int holders) {
    int valueBits = slotBits - guardBits(holders);
    if (holders < 1 || valueBits < 1 || slotBits > Math.min(Long.SIZE, keyBits) - 1) {
      throw new MpcException(
          ErrorCode.ARGUMENT,
          "Slots of "
              + slotBits
              + " bits, values of "
              + valueBits
              + " bits and "
              + holders
              + " holders do not fit.",
          "Give at least one holder, and values so short that ceil(log2(holders)) + 1 bits more"
              + " are at most 63.");
    }
    return new Packing(keyBits, valueBits, holders);
  }

  /** ceil(log2(holders)) + 1. */
  private static int guardBits(int holders) {
    return Integer.SIZE - Integer.numberOfLeadingZeros(holders - 1) + 1;
  }

  /** Bits of a value, its sign included. */
  public int valueBits() {
    return valueBits;
  }

  /** Bits of a slot. */
  public int slotBits() {
    return slotBits;
  }

  /** Values in one plaintext. */
  public int slots() {
    return slots;
  }

  /** Summands of each sum. */
  public int holders() {
    return holders;
  }

  /** Plaintexts that this many values take. */
  public int plaintexts(int values) {
    return (values + slots - 1) / slots;
  }

  /**
   * Values of one holder as plaintexts; slots of the last that are left over hold nothing.
   *
   * @param values signed, of {@link #valueBits} bits
   * @param from the first
   * @param count how many
   * @throws MpcException with code OUT_OF_RANGE for a value of more bits
   */
  public BigInteger[] pack(long[] values, int from, int count) {
    long bias = 1L << (valueBits - 1);
    for (int i = from; i < from + count; i++) {
      if (values[i] < -bias || values[i] >= bias) {
        throw new MpcException(
            ErrorCode.OUT_OF_RANGE,
            "A value takes more than the " + valueBits + " bits of its slot.",
            "Scale the features or weights down, or choose fewer fraction bits.");
      }
    }
    BigInteger[] plaintexts = new BigInteger[plaintexts(count)];
    for (int i = 0; i < plaintexts.length; i++) {
      int first = from + i * slots;
      plaintexts[i] = packOne(values, first, Math.min(slots, from + count - first), bias);
    }
    return plaintexts;
  }

  private BigInteger packOne(long[] values, int from, int count, long bias) {
    long[] words = new long[(count * slotBits + Long.SIZE - 1) / Long.SIZE];
    for (int slot = 0; slot < count; slot++) {
      int bit = slot * slotBits;
      long field = values[from + slot] + bias;
      words[bit / Long.SIZE] |= field << bit;
      int written = Long.SIZE - bit % Long.SIZE;
      if (written < slotBits) {
        words[bit / Long.SIZE + 1] |= field >>> written;
      }
    }
    ByteBuffer bytes = ByteBuffer.allocate(words.length * Long.BYTES);
    for (int i = words.length - 1; i >= 0; i--) {
      bytes.putLong(words[i]);
    }
    BigInteger packed = new BigInteger(1, bytes.array());
    Arrays.fill(bytes.array(), (byte) 0);
    Arrays.fill(words, 0);
    return packed;
  }

  /**
   * The sums of all holders' values.
   *
   * @param sums plaintexts of the sums of one ciphertext of each holder
   * @param count how many values were packed
   * @throws MpcException with code CONFIGURATION_MISMATCH unless each is the sum of as many packed
   *     values: they were encrypted with another key, or packed in another way; SHAPE for another
   *     number of plaintexts
   */
  public long[] unpack(BigInteger[] sums, int count) {
    if (sums.length != plaintexts(count)) {
      throw new MpcException(
          ErrorCode.SHAPE,
          sums.length + " plaintexts for " + count + " values.",
          ErrorCode.SHAPE.nextStep());
    }
    long[] values = new long[count];
    for (int i = 0; i < sums.length; i++) {
      unpackOne(sums[i], values, i * slots, Math.min(slots, count - i * slots));
    }
    return values;
  }

  private void unpackOne(BigInteger sum, long[] values, int from, int count) {
    boolean fits = sum.bitLength() <= count * slotBits;
    byte[] bytes = PaillierPublicKey.fixedLength(sum, (slots * slotBits / Long.SIZE + 2) * 8);
    ByteBuffer words = ByteBuffer.wrap(bytes);
    int last = bytes.length - Long.BYTES;
    long mask = (1L << slotBits) - 1;
    long limit = (long) holders << valueBits;
    long bias = (long) holders << (valueBits - 1);
    for (int slot = 0; slot < count; slot++) {
      int bit = slot * slotBits;
      int word = last - bit / Long.SIZE * Long.BYTES;
      long field = words.getLong(word) >>> bit;
      if (bit % Long.SIZE != 0) {
        field |= words.getLong(word - Long.BYTES) << -bit;
      }
      fits &= (field & mask) <= limit - holders;
      values[from + slot] = (field & mask) - bias;
    }
    Arrays.fill(bytes, (byte) 0);
    if (!fits) {
      throw new MpcException(
          ErrorCode.CONFIGURATION_MISMATCH,
          "A decrypted plaintext is no sum of " + holders + " packed values.",
          "Let all holders use the server's key and the same number of holders and bits.");
    }
  }

  @Override
  public String toString() {
    return "Packing[" + slots + " slots of " + slotBits + " bits, " + holders + " holders]";
  }
}
