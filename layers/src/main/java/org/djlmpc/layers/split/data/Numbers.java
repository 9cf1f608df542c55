package org.djlmpc.layers.split.data;

import java.util.Locale;

/** Reads decimal numbers, which most of the time of loading a file goes into. */
final class Numbers {
  /** Digits that a double holds exactly. */
  private static final int EXACT_DIGITS = 15;

  /** The powers of ten that a double holds exactly. */
  private static final double[] POWERS = new double[23];

  static {
    POWERS[0] = 1;
    for (int i = 1; i < POWERS.length; i++) {
      POWERS[i] = POWERS[i - 1] * 10;
    }
  }

  private Numbers() {}

  /** Whether the text is a decimal number: no NaN, no hexadecimal digits, no separators. */
  static boolean isNumber(String text) {
    int i = sign(text, 0);
    int start = i;
    i = digits(text, i);
    int count = i - start;
    if (i < text.length() && text.charAt(i) == '.') {
      int end = digits(text, i + 1);
      count += end - i - 1;
      i = end;
    }
    if (count == 0) {
      return false;
    }
    if (i < text.length() && (text.charAt(i) | 0x20) == 'e') {
      int exponent = sign(text, i + 1);
      i = digits(text, exponent);
      return i > exponent && i == text.length();
    }
    return i == text.length();
  }

  /** Whether the text stands for NaN or infinity, as other programs write them. */
  static boolean isNotFinite(String text) {
    String name = text.substring(sign(text, 0)).toLowerCase(Locale.ROOT);
    return name.equals("nan") || name.equals("inf") || name.equals("infinity");
  }

  /**
   * The value of a number.
   *
   * @param text for which {@link #isNumber} holds
   * @return infinite if it is too large for a float
   */
  static float parse(String text) {
    int start = sign(text, 0);
    long mantissa = 0;
    int places = 0;
    boolean afterPoint = false;
    if (text.length() - start > EXACT_DIGITS) {
      return (float) Double.parseDouble(text);
    }
    for (int i = start; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '.') {
        afterPoint = true;
      } else if (c >= '0' && c <= '9') {
        mantissa = 10 * mantissa + (c - '0');
        places += afterPoint ? 1 : 0;
      } else {
        return (float) Double.parseDouble(text);
      }
    }
    // Both are exact, so that the quotient is rounded once (Clinger, PLDI 1990).
    double value = mantissa / POWERS[places];
    return (float) (text.charAt(0) == '-' ? -value : value);
  }

  private static int sign(String text, int i) {
    return i < text.length() && (text.charAt(i) == '-' || text.charAt(i) == '+') ? i + 1 : i;
  }

  private static int digits(String text, int from) {
    int i = from;
    while (i < text.length() && text.charAt(i) >= '0' && text.charAt(i) <= '9') {
      i++;
    }
    return i;
  }
}
