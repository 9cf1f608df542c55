package org.djlmpc.ring;

import java.util.Arrays;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;

/**
 * A dense sequence of bits, 64 to a word, bit i in position i mod 64 of word i / 64.
 *
 * <p>The bits of the last word beyond the size are always zero, so that words can be compared, sent
 * and counted as they are. An absent one has a size and no storage: planning runs on it.
 */
public final class BitTensor implements AutoCloseable {

  private static final long[] NOTHING = {};

  private final int size;
  private final boolean absent;
  private final long[] words;

  private BitTensor(int size, boolean absent, long[] words) {
    this.size = size;
    this.absent = absent;
    this.words = words;
  }

  /** A tensor of {@code size} zero bits. */
  public static BitTensor zeros(int size) {
    requireSize(size);
    return new BitTensor(size, false, new long[words(size)]);
  }

  /** A tensor of {@code size} bits that holds nothing; every operation on it does nothing. */
  public static BitTensor absent(int size) {
    requireSize(size);
    return new BitTensor(size, true, NOTHING);
  }

  private static void requireSize(int size) {
    Shapes.requireArgument(size >= 0, "A tensor of " + size + " bits.", "Use a size >= 0.");
  }

  private static int words(int size) {
    return (int) (((long) size + 63) >>> 6);
  }

  /** Number of bits. */
  public int size() {
    return size;
  }

  /** Whether this tensor only stands for its size. */
  public boolean isAbsent() {
    return absent;
  }

  /** Number of 64-bit words that hold the bits. */
  public int wordCount() {
    return words(size);
  }

  /** Bytes of all bits on the wire: ceil(size / 8). */
  public int byteLength() {
    return byteLength(size);
  }

  private static int byteLength(int bits) {
    return (int) (((long) bits + 7) >>> 3);
  }

  /** Bit {@code index}; for public values and tests. */
  public boolean get(int index) {
    requirePresent();
    Shapes.requireRange(index, 1, size);
    return (words[index >>> 6] >>> index & 1) != 0;
  }

  /** Sets bit {@code index}; for public values and tests. */
  public void set(int index, boolean value) {
    requirePresent();
    Shapes.requireRange(index, 1, size);
    long bit = 1L << index;
    words[index >>> 6] = words[index >>> 6] & ~bit | (value ? bit : 0);
  }

  /** Word {@code index}: bits 64 index to 64 index + 63; zero when absent. */
  public long word(int index) {
    return absent ? 0 : words[index];
  }

  /** Replaces word {@code index}; bits beyond the size are cleared. Nothing when absent. */
  public void setWord(int index, long value) {
    if (!absent) {
      words[index] = index == words.length - 1 ? value & lastMask() : value;
    }
  }

  /** The bit-wise exclusive or. */
  public BitTensor xor(BitTensor other) {
    requireSame(other);
    if (absent || other.absent) {
      return absent(size);
    }
    BitTensor result = zeros(size);
    for (int i = 0; i < words.length; i++) {
      result.words[i] = words[i] ^ other.words[i];
    }
    return result;
  }

  /** Replaces this by its exclusive or with {@code other}, and returns this. */
  public BitTensor xorInPlace(BitTensor other) {
    requireSame(other);
    if (!absent) {
      other.requirePresent();
      for (int i = 0; i < words.length; i++) {
        words[i] ^= other.words[i];
      }
    }
    return this;
  }

  /** The bit-wise and. */
  public BitTensor and(BitTensor other) {
    requireSame(other);
    if (absent || other.absent) {
      return absent(size);
    }
    BitTensor result = zeros(size);
    for (int i = 0; i < words.length; i++) {
      result.words[i] = words[i] & other.words[i];
    }
    return result;
  }

  /** The complement. */
  public BitTensor not() {
    if (absent) {
      return this;
    }
    BitTensor result = zeros(size);
    for (int i = 0; i < words.length; i++) {
      result.words[i] = ~words[i];
    }
    result.clearBeyondSize();
    return result;
  }

  /** An independent copy. */
  public BitTensor copy() {
    return absent ? this : new BitTensor(size, false, words.clone());
  }

  /** A copy of {@code count} bits from bit {@code from}, which is a multiple of 64. */
  public BitTensor range(int from, int count) {
    requireAligned(from, 64);
    Shapes.requireRange(from, count, size);
    if (absent) {
      return absent(count);
    }
    BitTensor result = zeros(count);
    System.arraycopy(words, from >>> 6, result.words, 0, result.words.length);
    result.clearBeyondSize();
    return result;
  }

  /**
   * Replaces the bits from bit {@code from}, which is a multiple of 64, by those of {@code src}.
   */
  public void setRange(int from, BitTensor src) {
    requireAligned(from, 64);
    Shapes.requireRange(from, src.size, size);
    if (absent || src.size == 0) {
      return;
    }
    src.requirePresent();
    int first = from >>> 6;
    int last = src.words.length - 1;
    System.arraycopy(src.words, 0, words, first, last);
    long mask = src.lastMask();
    words[first + last] = words[first + last] & ~mask | src.words[last];
  }

  /** Writes all bits as ceil(size / 8) bytes, lowest bit first. */
  public void store(byte[] dst, int dstOffset) {
    store(dst, dstOffset, 0, size);
  }

  /**
   * Writes bits as ceil(count / 8) bytes, lowest bit first; unused bits of the last byte are zero.
   *
   * @param dst where to write; untouched when this is absent
   * @param dstOffset position of the first byte
   * @param from first bit, a multiple of 8
   * @param count number of bits
   */
  public void store(byte[] dst, int dstOffset, int from, int count) {
    requireAligned(from, 8);
    Shapes.requireRange(from, count, size);
    if (absent || count == 0) {
      return;
    }
    int bytes = byteLength(count);
    for (int i = 0; i < bytes; i++) {
      int bit = from + (i << 3);
      dst[dstOffset + i] = (byte) (words[bit >>> 6] >>> bit);
    }
    if ((count & 7) != 0) {
      dst[dstOffset + bytes - 1] &= (byte) ((1 << (count & 7)) - 1);
    }
  }

  /** Reads all bits from ceil(size / 8) bytes, lowest bit first. */
  public void load(byte[] src, int srcOffset) {
    load(src, srcOffset, 0, size);
  }

  /**
   * Reads bits from ceil(count / 8) bytes, lowest bit first; unused bits of the last byte are
   * ignored.
   *
   * @param src where to read
   * @param srcOffset position of the first byte
   * @param from first bit, a multiple of 8
   * @param count number of bits
   */
  public void load(byte[] src, int srcOffset, int from, int count) {
    requireAligned(from, 8);
    Shapes.requireRange(from, count, size);
    if (absent || count == 0) {
      return;
    }
    int bytes = byteLength(count);
    for (int i = 0; i < bytes; i++) {
      int bit = from + (i << 3);
      int used = Math.min(8, count - (i << 3));
      long mask = ((1L << used) - 1) << bit;
      long value = (src[srcOffset + i] & 0xffL) << bit;
      words[bit >>> 6] = words[bit >>> 6] & ~mask | value & mask;
    }
  }

  /** The words themselves, for kernels of this package. */
  long[] array() {
    requirePresent();
    return words;
  }

  /** Restores the invariant of this class after a kernel has written whole words. */
  void clearBeyondSize() {
    if (words.length > 0) {
      words[words.length - 1] &= lastMask();
    }
  }

  private long lastMask() {
    return -1L >>> (-size & 63);
  }

  private void requireSame(BitTensor other) {
    Shapes.require(
        size == other.size,
        "Bit tensors of " + size + " and " + other.size + " bits.",
        "Use tensors of one size.");
  }

  private void requirePresent() {
    if (absent) {
      throw new MpcException(
          ErrorCode.INTERNAL,
          "A value of an absent bit tensor was asked for.",
          "Report this with the stack trace.");
    }
  }

  private static void requireAligned(int from, int unit) {
    Shapes.requireArgument(
        from % unit == 0,
        "A range of bits that starts at " + from + ".",
        "Start at a multiple of " + unit + ".");
  }

  /** Overwrites the bits with zeros. */
  @Override
  public void close() {
    Arrays.fill(words, 0);
  }

  /** The size only. */
  @Override
  public String toString() {
    return "BitTensor(" + size + ")";
  }
}
