package org.djlmpc.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.djlmpc.error.ErrorCode;
import org.junit.jupiter.api.Test;

class ErrorsDocTest {

  @Test
  void pageIsUpToDate() throws IOException {
    assertThat(Files.readString(Path.of("..", "docs", "errors.md")))
        .as("Error codes changed. Run: bin/djl-mpc errors-doc > docs/errors.md")
        .isEqualTo(print());
  }

  @Test
  void pageHasEveryCodeOnce() {
    String page = print();
    for (ErrorCode code : ErrorCode.values()) {
      assertThat(page).containsOnlyOnce("| " + code.id() + " | `" + code.name() + "` |");
    }
    assertThat(Arrays.stream(ErrorCode.values()).map(ErrorCode::id)).doesNotHaveDuplicates();
  }

  private static String print() {
    StringWriter out = new StringWriter();
    assertThat(Main.commandLine().setOut(new PrintWriter(out)).execute("errors-doc")).isZero();
    return out.toString();
  }
}
