package org.djlmpc.fss;

/**
 * What is done with many trees on one level, between two runs of AES over all of them.
 *
 * <p>Gates are independent. Each has a block (16 bytes) in every run of the byte arrays, and two
 * words of state. A pass finishes one level and prepares the inputs of the next run of AES: with
 * {@code in = sigma(s) xor d} kept, {@code H_d(s) = out xor in}.
 *
 * <p>Seeds lack their two highest bits. In a child's block these are its control bit: bit 127 of a
 * left child, bit 126 of a right one. In a correction they correct the control bits.
 *
 * <p>A state's <b>second word</b> has the control bit t in bit 63, this level's direction (the bit
 * of y or alpha) in bit 62 and those of further levels below. A level shifts it by one and puts the
 * child's t on top. So no pass knows its level, and a block needs from its state only what lies in
 * the same lane of a vector, but for the mask of its lower half.
 */
public interface TreePasses {

  /** A name for statistics. */
  String name();

  /** Ranges of gates begin and end at multiples of this. */
  int gatesAtOnce();

  /**
   * One level down, along the bit of y, for one party.
   *
   * <p>A state's first word has the direction of the next level in bit 63, and further ones below.
   * Both words are rotated: bit 0 of the second becomes the parent's t, so that after the last
   * level the bits from 0 up are the control bits on the path, the last first.
   *
   * @param in one run of AES inputs of this level, replaced by those of the next
   * @param out their encryptions
   * @param cw corrections of this level
   * @param cwOff offset of the first, in bytes
   * @param state two words a gate, replaced; one more is read
   * @param first the first gate
   * @param end the one after the last
   * @param last whether leaves follow
   */
  void descend(
      byte[] in, byte[] out, byte[] cw, int cwOff, long[] state, int first, int end, boolean last);

  /**
   * Makes the corrections of one level.
   *
   * @param in four runs of AES inputs: party 0 left and right, party 1 left and right
   * @param out their encryptions
   * @param cw receives the corrections
   * @param cwOff offset of the first, in bytes
   * @param state two words a gate, of either party
   * @param gates number of gates in a run
   * @param first the first gate
   * @param end the one after the last
   */
  void correct(
      byte[] in, byte[] out, byte[] cw, int cwOff, long[] state, int gates, int first, int end);

  /**
   * One level down, along the secret bit of alpha, for one party. Here the first word of a state is
   * the second without t.
   *
   * @param in runs of AES inputs
   * @param out their encryptions
   * @param from offset of the run of this party's left children; the right ones are the next run
   * @param left offset of the run that receives the next left inputs, or the only ones
   * @param right offset of the run that receives the next right inputs
   * @param cw corrections of this level
   * @param cwOff offset of the first, in bytes
   * @param state two words a gate, replaced; one more is read
   * @param sOff position of the first
   * @param gates number of gates in a run
   * @param first the first gate
   * @param end the one after the last
   * @param last whether leaves follow
   */
  void keep(
      byte[] in,
      byte[] out,
      int from,
      int left,
      int right,
      byte[] cw,
      int cwOff,
      long[] state,
      int sOff,
      int gates,
      int first,
      int end,
      boolean last);
}
