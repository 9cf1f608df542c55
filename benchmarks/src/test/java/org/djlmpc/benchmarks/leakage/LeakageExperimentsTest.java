package org.djlmpc.benchmarks.leakage;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.djlmpc.layers.split.leakage.Correlation;
import org.djlmpc.layers.split.leakage.Leakage;
import org.djlmpc.layers.split.leakage.LeakageFigure;
import org.djlmpc.layers.split.leakage.Variant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Trainings are kept line by line, and make a page whatever is there. */
class LeakageExperimentsTest {
  @TempDir private Path folder;

  private static Leakage leakage(double shadow) {
    return new Leakage(
        0.8,
        shadow,
        0.7,
        0.6,
        0.55,
        new Correlation(0.41, 0.11),
        new Correlation(0.42, 0.12),
        new Correlation(0.43, 0.13),
        new Correlation(0.44, 0.14),
        new Correlation(0.45, 0.15));
  }

  @Test
  void resultsAreReadAgainAndThePageHasTheirMeans() throws Exception {
    Path file = folder.resolve("leakage.csv");
    Subject credit = Subject.ALL.get(0);
    LeakageResults results = new LeakageResults(file);
    results.add(credit, "none", 1, leakage(0.9));
    results.add(credit, "none", 3, leakage(0.7));
    results.add(credit, "sgld", 1, leakage(0.5));
    results.add(credit.withRows(100), "sgld", 2, leakage(0.1));

    LeakageResults again = new LeakageResults(file);
    assertThat(again.contains(credit, "none", 3)).isTrue();
    assertThat(again.contains(credit, "none", 2)).isFalse();
    assertThat(again.guess(credit, "none", LeakageFigure.HOLDER_LABELS).getMax()).isEqualTo(0.14);
    Path page = folder.resolve("leakage.md");
    new LeakagePage(page, again, Subject.ALL, "Machine.").write();
    assertThat(Files.readString(page))
        .contains("| SGD (none) | 0.8223 | 0.800 (0.700 to 0.900) |  |")
        .contains("| SGLD | 0.5951 | 0.500 (0.500 to 0.500) |  |")
        .contains("| none | 0.800 | 0.800 | 0.700 | 0.600 | 0.550 | 2 |")
        .contains(
            "| 0.410 (0.110) | 0.420 (0.120) | 0.430 (0.130) | 0.440 (0.140) | 0.450 (0.150) |")
        .contains("## credit_data, property Income", "Machine.")
        .doesNotContain("## synthetic-fraud");
  }

  @Test
  void allVariantsOfTheSubjectsExist() {
    for (Subject subject : Subject.ALL) {
      assertThat(subject.data().schema().features()).contains(subject.property());
      assertThat(subject.variants().stream().map(Variant::byName).map(Variant::id))
          .containsExactlyElementsOf(subject.variants())
          .containsAll(List.of("none", "sgld"));
    }
  }
}
