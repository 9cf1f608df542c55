package org.djlmpc.benchmarks.accuracy;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class AccuracyCommandTest {
  @TempDir private Path folder;

  @Test
  void privateAnswersAreTheNormalOnes() throws Exception {
    int status =
        new CommandLine(new AccuracyCommand())
            .execute("--images", "20", "--data", "none", "--output", folder.toString());
    assertThat(status).isZero();
    assertThat(Files.readAllLines(folder.resolve("accuracy.csv")))
        .hasSize(5)
        .element(3)
        .asString()
        .startsWith("lenet,20,")
        .contains(",100.00,");
    assertThat(Files.readString(folder.resolve("accuracy.md"))).contains("| network-a | 20 |");
  }
}
