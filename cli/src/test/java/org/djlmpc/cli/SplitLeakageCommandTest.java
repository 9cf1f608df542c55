package org.djlmpc.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import org.djlmpc.layers.split.data.DataSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SplitLeakageCommandTest {
  @Test
  void reportsOnSomebodysOwnFile(@TempDir Path folder) throws Exception {
    Path csv = folder.resolve("rows.csv");
    try (OutputStream out = Files.newOutputStream(csv)) {
      DataSet.SYNTHETIC_FRAUD.writeCsv(out, 3000, 1);
    }
    Path chart = folder.resolve("leakage.png");

    Run run =
        Run.of(
            "split",
            "leakage",
            "--file",
            csv.toString(),
            "--label",
            "Class",
            "--positive",
            "1",
            "--property",
            "V2",
            "--epochs",
            "1",
            "--defences",
            "none,norms",
            "--chart",
            chart.toString());

    assertThat(run.err()).isEmpty();
    assertThat(run.status()).isZero();
    assertThat(run.out()).contains("property V2").contains("none ").contains("norms ");
    assertThat(ImageIO.read(chart.toFile()).getWidth()).isPositive();
    assertThat(Files.list(folder)).hasSize(2);
  }

  @Test
  void printsAnObjectForEachTraining() {
    Run run =
        Run.of(
            "split",
            "leakage",
            "--data",
            "credit_data",
            "--rows",
            "600",
            "--epochs",
            "1",
            "--defences",
            "none,sgld",
            "--seeds",
            "2",
            "--json");

    List<JsonNode> lines = run.json();
    assertThat(lines).hasSize(4);
    assertThat(lines.get(1).get("defence").asText()).isEqualTo("sgld");
    assertThat(lines.get(3).get("seed").asInt()).isEqualTo(2);
    assertThat(lines)
        .allSatisfy(line -> assertThat(line.get("task_auc").asDouble()).isBetween(0., 1.));
  }

  @Test
  void namesWhatThereIsToChooseFrom() {
    assertThat(Run.of("split", "leakage", "--data", "credit_data", "--property", "x").err())
        .contains("no feature x")
        .contains("Seniority");
    assertThat(Run.of("split", "leakage", "--data", "credit_data", "--defences", "x").err())
        .contains("none, sgld, noise, norms, bits");
  }
}
