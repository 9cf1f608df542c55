package org.djlmpc.crypto;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import javax.crypto.Cipher;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;

/**
 * A hash of 16-byte blocks from AES under one public random key k, never re-keyed:
 *
 * <pre>  H_d(s) = AES_k(sigma(s) xor d) xor sigma(s) xor d,   sigma(hi || lo) = (hi xor lo) || hi
 * </pre>
 *
 * <p>sigma is a linear orthomorphism, which makes H circular correlation robust in the ideal-cipher
 * model (Guo, Katz, Wang, Yu: Efficient and Secure Multiparty Computation from Fixed-Key Block
 * Ciphers, eprint 2019/074, section 7.2). The bound falls with the number of blocks hashed under
 * one key; so k is fresh for each chunk of function keys, and an instance refuses more than {@link
 * #MAX_BLOCKS} blocks. k is never the key of a {@link Prg}.
 *
 * <p>A block is two little-endian words of 64 bits. Its hi and lo are the upper and lower halves of
 * both words, so that sigma works on each word alone ({@link #sigma}); d goes to the lowest bits of
 * the first. Cheap to create per chunk; not thread-safe.
 */
public final class FixedKeyHash {
  /** Length of a block and of the key, in bytes. */
  public static final int BLOCK = Aes.BLOCK;

  /** Blocks that one instance may hash. */
  public static final long MAX_BLOCKS = 1L << 30;

  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private final byte[] key;
  private final Cipher aes;
  private long blocks;

  private FixedKeyHash(byte[] key) {
    this.key = key;
    this.aes = Aes.ecb(key);
  }

  /**
   * The hash under a public key that the maker of the function keys chose at random.
   *
   * @param publicKey {@link #BLOCK} bytes, copied
   */
  public static FixedKeyHash of(byte[] publicKey) {
    if (publicKey.length != BLOCK) {
      throw new MpcException(
          ErrorCode.ARGUMENT,
          "The key of a fixed-key hash has 16 bytes, but " + publicKey.length + " were given.",
          "Pass the bytes that publicKey returned at the dealer.");
    }
    return new FixedKeyHash(publicKey.clone());
  }

  /**
   * The hash under a key derived from a seed; the derivation differs from that of every stream key.
   */
  public static FixedKeyHash from(Seed seed) {
    return new FixedKeyHash(seed.expand(BLOCK, "fixed-key-hash"));
  }

  /** The hash under a fresh random key. */
  public static FixedKeyHash random() {
    try (Seed seed = Seed.random()) {
      return from(seed);
    }
  }

  /** sigma of one of the two words of a block: (hi xor lo) || hi. */
  public static long sigma(long word) {
    return Long.rotateLeft(word, 32) ^ word & 0xffff_ffff_0000_0000L;
  }

  /** A copy of k, which both parties learn. */
  public byte[] publicKey() {
    return key.clone();
  }

  /**
   * AES_k of whole blocks, to another array.
   *
   * @param src the blocks
   * @param srcOff offset of the first, in bytes
   * @param dst another array than {@code src}: encrypting in place is several times slower
   * @param dstOff offset of the first result, in bytes
   * @param count number of blocks
   * @throws MpcException with code ARGUMENT beyond {@link #MAX_BLOCKS} blocks in total
   */
  public void permute(byte[] src, int srcOff, byte[] dst, int dstOff, int count) {
    blocks += count;
    if (blocks > MAX_BLOCKS) {
      throw new MpcException(
          ErrorCode.ARGUMENT,
          "One fixed hash key may serve " + MAX_BLOCKS + " blocks.",
          "Make function keys in smaller chunks, each with its own hash key.");
    }
    Aes.update(aes, src, srcOff, dst, dstOff, BLOCK * count);
  }

  /**
   * H_d of blocks.
   *
   * @param src the blocks
   * @param srcOff offset of the first, in bytes
   * @param d what the result is used for; results for different d are independent
   * @param dst another array than {@code src}
   * @param dstOff offset of the first result, in bytes
   * @param count number of blocks
   */
  public void hash(byte[] src, int srcOff, int d, byte[] dst, int dstOff, int count) {
    byte[] input = new byte[BLOCK * count];
    for (int i = 0; i < input.length; i += BLOCK) {
      LONG.set(input, i, sigma((long) LONG.get(src, srcOff + i)) ^ d);
      LONG.set(input, i + 8, sigma((long) LONG.get(src, srcOff + i + 8)));
    }
    permute(input, 0, dst, dstOff, count);
    for (int i = 0; i < input.length; i += 8) {
      LONG.set(dst, dstOff + i, (long) LONG.get(dst, dstOff + i) ^ (long) LONG.get(input, i));
    }
    Arrays.fill(input, (byte) 0);
  }
}
