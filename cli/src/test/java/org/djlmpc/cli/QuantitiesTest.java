package org.djlmpc.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QuantitiesTest {

  @ParameterizedTest
  @CsvSource({
    "0, 0 B",
    "999, 999 B",
    "1000, 1.00 kB",
    "12345, 12.3 kB",
    "999499, 999 kB",
    "999500, 1.00 MB",
    "9223372036854775807, 9.22 EB"
  })
  void writesBytes(long bytes, String expected) {
    assertThat(Quantities.bytes(bytes)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "0.0004, 0.000 s",
    "0.0521, 0.052 s",
    "0.9996, 1.00 s",
    "9.996, 10.0 s",
    "59.94, 59.9 s",
    "59.96, 1:00 min",
    "3599.6, 1:00 h",
    "7261, 2:01 h"
  })
  void writesSeconds(double seconds, String expected) {
    assertThat(Quantities.seconds(seconds)).isEqualTo(expected);
  }
}
