package org.djlmpc.fss;

/** The uses d of the hash H_d(s) on one seed; results of different uses are independent. */
final class Tweak {
  /** The left child's seed and control bit. */
  static final int LEFT = 0;

  /** The right child's seed and control bit. */
  static final int RIGHT = 1;

  /** The block of leaves. */
  static final int LEAF = 2;

  /** One word of payload for either child: left in the low half, right in the high half. */
  static final int VALUE = 3;

  /**
   * Two words of payload for the left child; those for the right child have the next number, and
   * further words the numbers after these.
   */
  static final int WIDE_VALUE = 4;

  /** The second block of leaves, for a third word of payload. */
  static final int SECOND_LEAF = 8;

  private Tweak() {}
}
