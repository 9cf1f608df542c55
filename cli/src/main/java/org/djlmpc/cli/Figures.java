package org.djlmpc.cli;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** Measurements: their means, and how JSON has them: no exponents, parties in their order. */
final class Figures {
  private static final MathContext DIGITS = new MathContext(6);

  private Figures() {}

  /** Six digits of a number; null, as in JSON, if it is none. */
  static @Nullable BigDecimal number(double value) {
    if (Double.isNaN(value) || Double.isInfinite(value)) {
      return null;
    }
    return plain(new BigDecimal(value).round(DIGITS));
  }

  /** The same number without zeros at the end and without an exponent. */
  static BigDecimal plain(BigDecimal number) {
    BigDecimal stripped = number.stripTrailingZeros();
    return stripped.scale() < 0 ? stripped.setScale(0) : stripped;
  }

  /** Nanoseconds as seconds. */
  static @Nullable BigDecimal seconds(long nanos) {
    return number(nanos / 1e9);
  }

  /** The mean of a figure over runs; NaN if there are none. */
  static <T> double mean(Collection<T> runs, ToDoubleFunction<T> figure) {
    return runs.stream().mapToDouble(figure).average().orElse(Double.NaN);
  }

  /** Figures of both share holders. */
  static Map<String, Object> byParty(Object p0, Object p1) {
    Map<String, Object> parties = new LinkedHashMap<>();
    parties.put("P0", p0);
    parties.put("P1", p1);
    return parties;
  }

  /** Figures of all parties. */
  static Map<String, Object> byParty(Object p0, Object p1, Object p2) {
    Map<String, Object> parties = byParty(p0, p1);
    parties.put("P2", p2);
    return parties;
  }
}
