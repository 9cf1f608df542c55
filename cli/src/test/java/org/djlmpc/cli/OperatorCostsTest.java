package org.djlmpc.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.djlmpc.protocol.Cost;
import org.djlmpc.session.Statistics;
import org.junit.jupiter.api.Test;

final class OperatorCostsTest {

  @Test
  void measuresWhatIsDeclared() {
    Run run = Run.of("bench", "ops", "--json");

    assertThat(run.err()).isEmpty();
    assertThat(run.status()).isZero();
    List<JsonNode> rows = run.json();
    assertThat(rows)
        .extracting(row -> row.get("operator").asText())
        .containsExactly(
            "Equality",
            "Comparison",
            "Linear",
            "Convolution",
            "ReLU",
            "Argmax",
            "MaxPool",
            "BatchNorm");
    for (JsonNode row : rows) {
      assertThat(row.get("measured")).as(row.toString()).isEqualTo(row.get("declared"));
      assertThat(row.get("errors").asLong()).isZero();
      // never more values than the paper, but for the masked bits of comparisons
      assertThat(row.at("/measured/values").asDouble())
          .isLessThanOrEqualTo(row.at("/paper/values").asDouble() * (1 + 1.0 / 64));
    }
    assertThat(rows.get(4).at("/paper/values").asLong()).isEqualTo(6000);
    assertThat(rows.get(4).at("/measured/values").asText()).isEqualTo("2031.25");
    assertThat(rows.get(4).at("/measured/rounds").asInt()).isEqualTo(2);
  }

  @Test
  void printsATableThatSaysWhereThePapersFiguresComeFrom() {
    Run run = Run.of("bench", "ops", "--ring", "32", "--fraction-bits", "8");

    assertThat(run.status()).isZero();
    assertThat(run.out())
        .contains("derived from the paper's algorithms")
        .contains("Values are ring elements (4 bytes)")
        .containsPattern("MaxPool +24 x 24, k = 2, s = 2 +3 +4 +4 +4896 +891 +891 ")
        .contains("Every operator costs what it declares");
  }

  @Test
  void noticesEveryDifference() {
    Cost declared = new Cost(2, 80, 81, 100, 101, 0, 0);
    JobResult p0 = result(80, 2, 100, 0);
    JobResult p1 = result(81, 1, 101, 0);

    assertThat(OperatorCosts.keeps(declared, p0, p1)).isTrue();
    assertThat(OperatorCosts.keeps(declared, result(79, 2, 100, 0), p1)).isFalse();
    assertThat(OperatorCosts.keeps(declared, p0, result(80, 2, 101, 0))).isFalse();
    assertThat(OperatorCosts.keeps(declared, p0, result(81, 3, 101, 0))).isFalse();
    assertThat(OperatorCosts.keeps(declared, result(80, 1, 100, 0), p1)).isFalse();
    assertThat(OperatorCosts.keeps(declared, result(80, 2, 99, 0), p1)).isFalse();
    assertThat(OperatorCosts.keeps(declared, p0, result(81, 2, 100, 0))).isFalse();
    assertThat(OperatorCosts.keeps(declared, p0, result(81, 2, 101, 1))).isFalse();
  }

  private static JobResult result(long onlineBytes, int rounds, long keyBytes, long errors) {
    Statistics total = new Statistics(0, 0, 0, 0, onlineBytes, 0, rounds);
    return new JobResult(Statistics.ZERO, total, List.of(), keyBytes, List.of(), errors, 0);
  }
}
