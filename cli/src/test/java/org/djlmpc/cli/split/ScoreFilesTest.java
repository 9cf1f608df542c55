package org.djlmpc.cli.split;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.djlmpc.layers.split.FirstActivation;
import org.djlmpc.layers.split.HiddenLayers;
import org.djlmpc.layers.split.LabelLoss;
import org.djlmpc.layers.split.Metrics;
import org.djlmpc.layers.split.SplitNetwork;
import org.djlmpc.layers.split.data.LabelColumn;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How the label holder's results look to other programs. */
final class ScoreFilesTest {
  private final StringWriter said = new StringWriter();

  @TempDir private Path folder = Path.of("");

  private ScoreFiles results(LabelLoss loss, int outputs, LabelColumn label) {
    HiddenLayers hidden = HiddenLayers.of(FirstActivation.TANH, 2);
    SplitNetwork network = new SplitNetwork(2, FirstActivation.TANH, hidden, outputs, loss);
    return new ScoreFiles(new PrintWriter(said), folder, new ScoreLines(network, label));
  }

  @Test
  void whatThereIsNotIsLeftOut() {
    LabelColumn label = new LabelColumn("y", LabelLoss.BINARY, List.of("1", "0"));
    try (ScoreFiles results = results(LabelLoss.BINARY, 1, label)) {
      results.metrics(new Metrics("of \"one\" class", 3, Double.NaN, 0.5, Double.NaN, Double.NaN));
      results.withoutLabels("new", 3);
    }
    assertThat(said.toString().lines())
        .containsExactly(
            "{\"dataset\":\"of \\\"one\\\" class\",\"epoch\":3,\"loss\":0.5}",
            "{\"dataset\":\"new\",\"epoch\":3,\"metrics\":\"none, because there are no labels\"}");
  }

  @Test
  void aClassStandsBeforeItsProbabilities() throws IOException {
    LabelColumn label = new LabelColumn("y", LabelLoss.SOFTMAX, List.of("a,b", "c", "d"));
    try (ScoreFiles results = results(LabelLoss.SOFTMAX, 3, label)) {
      results.scores("rows", 0, new float[] {0.5f, 0.25f, 0.25f});
      results.scores("rows", 1, new float[] {0.25f, 0.25f, 0.5f, 0.125f, 0.75f, 0.125f});
    }
    assertThat(Files.readAllLines(folder.resolve("rows.csv")))
        .containsExactly(
            "class,\"probability of a,b\",probability of c,probability of d",
            "\"a,b\",0.5,0.25,0.25",
            "d,0.25,0.25,0.5",
            "c,0.125,0.75,0.125");
  }
}
