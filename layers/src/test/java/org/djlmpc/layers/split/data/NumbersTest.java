package org.djlmpc.layers.split.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Decimal numbers, against the parser of the JDK. */
final class NumbersTest {

  @Test
  void theFastWayRoundsAsTheJdkDoes() {
    Random random = new Random(3);
    for (int i = 0; i < 20_000; i++) {
      String text =
          String.format(
              Locale.ROOT,
              "%." + random.nextInt(12) + "f",
              random.nextGaussian() * Math.pow(10, random.nextInt(9)));
      assertSame(text);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"0", "-0", "+7", ".5", "5.", "-1e-3", "1E5", "123456789012345678", "1e-400"})
  void formsOfNumbersAreRead(String text) {
    assertSame(text);
  }

  private static void assertSame(String text) {
    assertThat(Numbers.isNumber(text)).as(text).isTrue();
    assertThat(Numbers.parse(text)).as(text).isEqualTo((float) Double.parseDouble(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "-", ".", "e5", "1e", "1e+", "1.2.3", "1,5", "0x10", "1f", "NaN", "١"})
  void otherTextsAreNoNumbers(String text) {
    assertThat(Numbers.isNumber(text)).isFalse();
  }
}
