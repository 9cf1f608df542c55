package org.djlmpc.cli;

import java.util.Locale;

/** Writes sizes and durations for people, the same way everywhere. */
final class Quantities {

  private static final String[] BYTE_UNITS = {"B", "kB", "MB", "GB", "TB", "PB", "EB"};

  private Quantities() {}

  /** Bytes with three digits and a decimal unit, such as {@code 12.3 MB}. */
  static String bytes(long bytes) {
    double value = bytes;
    int unit = 0;
    // 999.5 would print as 1000 with three digits.
    while (value >= 999.5 && unit < BYTE_UNITS.length - 1) {
      value /= 1000;
      unit++;
    }
    return unit == 0 ? bytes + " B" : threeDigits(value) + " " + BYTE_UNITS[unit];
  }

  /** Seconds with three digits below a minute, such as {@code 0.052 s}, and whole ones above. */
  static String seconds(double seconds) {
    if (seconds < 59.95) {
      return (seconds < 0.9995 ? decimals(seconds, 3) : threeDigits(seconds)) + " s";
    }
    long whole = Math.round(seconds);
    return whole < 3600
        ? String.format(Locale.ROOT, "%d:%02d min", whole / 60, whole % 60)
        : String.format(Locale.ROOT, "%d:%02d h", whole / 3600, whole % 3600 / 60);
  }

  private static String threeDigits(double value) {
    return decimals(value, value < 9.995 ? 2 : value < 99.95 ? 1 : 0);
  }

  private static String decimals(double value, int digits) {
    return String.format(Locale.ROOT, "%." + digits + "f", value);
  }
}
