package org.djlmpc.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportTest {
  @TempDir private Path folder;

  @Test
  void writesATableAndAChart() throws Exception {
    Report report = new Report(folder.resolve("new"), "speed");
    report.table("Speed", "Measured.", List.of("network", "s"), List.of(List.of("a", "0.3")));
    report.bars("Speed", "seconds", Map.of("LAN", Map.of("a", 0.308), "WAN", Map.of("a", 13.1)));
    assertThat(Files.readString(folder.resolve("new/speed.md")))
        .contains("# Speed", "Measured.", "| a | 0.3 |");
    assertThat(Files.readString(folder.resolve("new/speed.csv"))).contains("a,0.3");
    assertThat(ImageIO.read(folder.resolve("new/speed.png").toFile()).getWidth()).isPositive();
  }
}
