package org.djlmpc.ring;

/**
 * Words of fewer than 64 bits, one behind the other without gaps: bit i of word w is bit w * bits +
 * i of the bytes, the lowest bit of a byte first. The last byte is filled up with zeros.
 */
final class PackedBits {
  private PackedBits() {}

  /** Bytes that so many words take. */
  static long bytes(long count, int bits) {
    return (count * bits + Byte.SIZE - 1) / Byte.SIZE;
  }

  /** Writes the low bits of words. */
  static void pack(long[] words, int count, int bits, byte[] dst, int offset) {
    long mask = -1L >>> (Long.SIZE - bits);
    int at = offset;
    long pending = 0;
    int filled = 0;
    for (int i = 0; i < count; i++) {
      long word = words[i] & mask;
      pending |= word << filled;
      filled += bits;
      if (filled >= Long.SIZE) {
        LittleEndian.LONGS.set(dst, at, pending);
        at += Long.BYTES;
        filled -= Long.SIZE;
        // what did not fit; none of it if the word ended with the 64 bits
        pending = filled == 0 ? 0 : word >>> (bits - filled);
      }
    }
    for (int left = filled; left > 0; left -= Byte.SIZE) {
      dst[at++] = (byte) pending;
      pending >>>= Byte.SIZE;
    }
  }

  /** Reads words, zero-extended. */
  static void unpack(byte[] src, int offset, int count, int bits, long[] words) {
    long mask = -1L >>> (Long.SIZE - bits);
    int end = offset + Math.toIntExact(bytes(count, bits));
    int at = offset;
    long pending = 0;
    int filled = 0;
    for (int i = 0; i < count; i++) {
      if (filled >= bits) {
        words[i] = pending & mask;
        pending >>>= bits;
        filled -= bits;
        continue;
      }
      int bytes = Math.min(Long.BYTES, end - at);
      long next = bytes == Long.BYTES ? (long) LittleEndian.LONGS.get(src, at) : rest(src, at, end);
      at += bytes;
      words[i] = (pending | next << filled) & mask;
      int used = bits - filled;
      pending = next >>> used;
      filled = bytes * Byte.SIZE - used;
    }
  }

  private static long rest(byte[] src, int from, int end) {
    long word = 0;
    for (int i = from; i < end; i++) {
      word |= (src[i] & 0xFFL) << ((i - from) * Byte.SIZE);
    }
    return word;
  }
}
