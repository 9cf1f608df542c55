package org.djlmpc.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.djlmpc.error.MpcException;
import org.junit.jupiter.api.Test;

class TextTableTest {

  @Test
  void alignsTextLeftAndNumbersRight() {
    TextTable table = new TextTable().text("layer").number("rounds").text("kernel");
    table
        .row("01Conv2d", 3, "vector")
        .row("02ReLU", 12345678, "")
        .line()
        .row("total", 12345681, "");
    assertThat(table)
        .hasToString(
            """
            layer       rounds  kernel
            --------  --------  ------
            01Conv2d         3  vector
            02ReLU    12345678
            --------  --------  ------
            total     12345681
            """);
  }

  @Test
  void refusesRowsOfAnotherLength() {
    TextTable table = new TextTable().text("layer").number("rounds");
    assertThatThrownBy(() -> table.row("relu"))
        .isInstanceOf(MpcException.class)
        .hasMessageContaining("1 cells for 2 columns");
  }
}
