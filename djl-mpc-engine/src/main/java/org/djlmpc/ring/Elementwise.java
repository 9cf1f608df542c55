package org.djlmpc.ring;

/** Operators that a kernel applies position by position; all results are modulo 2^n. */
public final class Elementwise {

  private Elementwise() {}

  /** Operators of two tensors. */
  public enum Binary {
    /** a + b. */
    ADD,
    /** a - b. */
    SUBTRACT,
    /** a * b. */
    MULTIPLY
  }

  /** Operators of a tensor and one public number. */
  public enum Scalar {
    /** a + s. */
    ADD,
    /** a * s. */
    MULTIPLY,
    /** a * 2^s, 0 &lt;= s &lt; n. */
    SHIFT_LEFT,
    /** floor(a / 2^s) of the unsigned value, 0 &lt;= s &lt; n. */
    SHIFT_RIGHT,
    /** floor(a / 2^s) of the signed value, 0 &lt;= s &lt; n. */
    SHIFT_RIGHT_ARITHMETIC,
    /** a AND s. */
    AND
  }

  /** Operators of a tensor and a bit per element, without a branch on the bit. */
  public enum Masked {
    /** b * a. */
    KEEP,
    /** (1 - 2 b) * a. */
    NEGATE
  }
}
