package org.djlmpc.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class ProgressBarTest {

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private long now;

  @Test
  void inALogPrintsALineEveryTenPercent() {
    try (ProgressBar bar = bar(false, 1000)) {
      for (int i = 0; i < 1000; i++) {
        now += 10_000_000;
        bar.step(1_000_000);
      }
    }
    List<String> lines = output().lines().toList();
    assertThat(lines).hasSize(10);
    assertThat(lines.get(1)).isEqualTo("online: 200/1000 layers, 20 %, 200 MB, 8.00 s left");
    assertThat(lines.get(9)).isEqualTo("online: 1000/1000 layers, 100 %, 1.00 GB, 10.0 s");
    assertThat(output()).doesNotContain("\r");
  }

  @Test
  void inALogPrintsNoLineTwiceWhenStepsAreLarge() {
    try (ProgressBar bar = bar(false, 3)) {
      bar.update(1, 0);
      bar.update(1, 0);
      bar.update(3, 0);
      bar.update(3, 0);
    }
    assertThat(output().lines().map(line -> line.split(",", 2)[0]))
        .containsExactly("online: 1/3 layers", "online: 3/3 layers");
  }

  @Test
  void onATerminalRewritesOneLineAtMostTenTimesASecond() {
    try (ProgressBar bar = bar(true, 100)) {
      for (int i = 0; i < 100; i++) {
        now += 1_000_000;
        bar.step(0);
      }
      assertThat(drawn()).hasSize(2); // the start, and one after 100 ms
    }
    assertThat(drawn().get(0)).isEqualTo("[........................] online: 0/100 layers, 0 %");
    assertThat(drawn().get(2).strip())
        .isEqualTo("[########################] online: 100/100 layers, 100 %, 0.100 s");
    assertThat(output()).endsWith(System.lineSeparator()).containsOnlyOnce("\n");
  }

  @Test
  void blanksOutALongerLineBefore() {
    try (ProgressBar bar = bar(true, 10)) {
      now += 100_000_000;
      bar.update(5, 123_000_000);
      now += 100_000_000;
      bar.update(6, 0);
    }
    assertThat(drawn().get(2).stripTrailing()).endsWith("6/10 layers, 60 %, 0.133 s left");
    assertThat(drawn().get(2).stripTrailing().length()).isLessThan(drawn().get(1).length());
    assertThat(drawn().get(2)).startsWith(drawn().get(2).stripTrailing() + "  ");
  }

  @Test
  void aFailedComputationKeepsItsHalfBar() {
    ProgressBar bar = bar(true, 4);
    bar.update(2, 0);
    bar.close();
    bar.update(4, 0);
    bar.close();
    assertThat(output()).contains("[############............] online: 2/4 layers, 50 %");
    assertThat(output()).doesNotContain("4/4");
  }

  private ProgressBar bar(boolean terminal, long total) {
    PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
    return new ProgressBar(out, terminal, () -> now, "online", "layers", total);
  }

  /** What the line showed, one after the other. */
  private List<String> drawn() {
    return Pattern.compile("\r").splitAsStream(output()).skip(1).toList();
  }

  private String output() {
    return bytes.toString(StandardCharsets.UTF_8);
  }
}
