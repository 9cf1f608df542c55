package org.djlmpc.fss;

/**
 * What is done with many trees on one level, between two runs of AES over all of them.
 *
 * <p>Gates are independent and each has a block (16 bytes) in the byte arrays and two words, which
 * vector units like to be equal, in the word arrays. A pass finishes one level and prepares the
 * inputs of the next run of AES: with {@code in = sigma(s) xor d} kept, {@code H_d(s) = out xor
 * in}. Each pass is a method of its own, as compilers do badly on a loop that inlines several.
 *
 * <p>A seed correction carries in its two lowest bits, which seeds lack, the corrections of the
 * left (bit 0) and right (bit 1) control bits.
 */
public interface TreePasses {

  /** A name for statistics. */
  String name();

  /**
   * One level down, along the bit of y, for one party.
   *
   * @param in AES inputs of this level, replaced by those of the next
   * @param out their encryptions
   * @param cw corrections of this level
   * @param cwOff offset of the first, in bytes
   * @param y points, twice each
   * @param t all ones where the control bit is 1, twice each; replaced
   * @param acc where the comparison is summed up: changed in bit 0 of each first word
   * @param gates number of gates
   * @param bit position of the bit of y on this level
   * @param last whether the next run of AES makes the blocks of leaves
   */
  void descend(
      byte[] in,
      byte[] out,
      byte[] cw,
      int cwOff,
      long[] y,
      long[] t,
      long[] acc,
      int gates,
      int bit,
      boolean last);

  /**
   * Makes the corrections of one level, and walks both parties' keys along alpha.
   *
   * <p>The inputs are four runs of {@code gates} blocks: party 0 left and right, party 1 left and
   * right. After the last level they are two runs, one per party.
   *
   * @param in AES inputs of this level, replaced by those of the next
   * @param out their encryptions
   * @param cw receives the corrections
   * @param cwOff offset of the first, in bytes
   * @param alpha secret points, twice each
   * @param t0 all ones where party 0's control bit is 1, twice each (party 1's is the other);
   *     replaced
   * @param gates number of gates
   * @param bit position of the bit of alpha on this level
   * @param last whether the next run of AES makes the blocks of leaves
   */
  void correct(
      byte[] in,
      byte[] out,
      byte[] cw,
      int cwOff,
      long[] alpha,
      long[] t0,
      int gates,
      int bit,
      boolean last);
}
