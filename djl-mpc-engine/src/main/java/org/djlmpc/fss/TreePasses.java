package org.djlmpc.fss;

/**
 * What is done with many trees on one level, between two runs of AES over all of them.
 *
 * <p>Gates are independent. Each has a block (16 bytes) in every run of the byte arrays, and two
 * words in the word arrays. A pass finishes one level and prepares the inputs of the next run of
 * AES: with {@code in = sigma(s) xor d} kept, {@code H_d(s) = out xor in}.
 *
 * <p>Seeds lack their two lowest bits. In a child's block these are its control bit: bit 0 of a
 * left child, bit 1 of a right one. In a correction they correct the control bits.
 *
 * <p>Bits of y and alpha are read at {@code bit}, the level's position in a word; {@link #descend}
 * also looks at the position below for the direction that comes next.
 */
public interface TreePasses {

  /** A name for statistics. */
  String name();

  /**
   * One level down, along the bit of y, for one party; and the parent's term of the comparison: acc
   * ^= t where y turns.
   *
   * @param in one run of AES inputs of this level, replaced by those of the next
   * @param out their encryptions
   * @param cw corrections of this level
   * @param cwOff offset of the first, in bytes
   * @param y a point, and its turns: the bits that differ from the bit above
   * @param t all ones where the control bit is 1, replaced by the child's; and acc, changed
   * @param gates number of gates
   * @param bit position of this level's bit, at least 2
   * @param tweak d of the next run of AES where the next bit is 1: 1 or 2
   */
  void descend(
      byte[] in,
      byte[] out,
      byte[] cw,
      int cwOff,
      long[] y,
      long[] t,
      int gates,
      int bit,
      long tweak);

  /**
   * Makes the corrections of one level.
   *
   * @param in four runs of AES inputs: party 0 left and right, party 1 left and right
   * @param out their encryptions
   * @param cw receives the corrections
   * @param cwOff offset of the first, in bytes
   * @param alpha secret points, twice each
   * @param gates number of gates
   * @param bit position of this level's bit
   */
  void correct(byte[] in, byte[] out, byte[] cw, int cwOff, long[] alpha, int gates, int bit);

  /**
   * One level down, along the secret bit of alpha, for one party.
   *
   * @param in runs of AES inputs
   * @param out their encryptions
   * @param from offset of the run of this party's left children; the right ones are the next run
   * @param left offset of the run that receives the next left inputs, or the only ones
   * @param right offset of the run that receives the next right inputs
   * @param cw corrections of this level
   * @param cwOff offset of the first, in bytes
   * @param alpha secret points, twice each
   * @param t this party's control bits as masks, twice each; replaced
   * @param tOff position of the first
   * @param gates number of gates
   * @param bit position of this level's bit
   * @param tweak d of the next left inputs
   */
  void keep(
      byte[] in,
      byte[] out,
      int from,
      int left,
      int right,
      byte[] cw,
      int cwOff,
      long[] alpha,
      long[] t,
      int tOff,
      int gates,
      int bit,
      long tweak);
}
