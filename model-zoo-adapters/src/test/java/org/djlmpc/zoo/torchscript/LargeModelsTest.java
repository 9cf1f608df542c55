package org.djlmpc.zoo.torchscript;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.djlmpc.graph.Graph;
import org.djlmpc.graph.Rewrites;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Torchvision's networks, which are too large for the repository; CONTRIBUTING.md says how. */
@EnabledIfSystemProperty(named = "djlmpc.fixtures", matches = ".+")
final class LargeModelsTest {
  static List<Path> modules() throws IOException {
    Path directory = Path.of(Objects.requireNonNull(System.getProperty("djlmpc.fixtures")));
    try (Stream<Path> files = Files.list(directory)) {
      return files.filter(file -> file.toString().endsWith(".pt")).sorted().toList();
    }
  }

  @ParameterizedTest
  @MethodSource("modules")
  void computeWhatPyTorchComputes(Path module) throws Exception {
    Fixture fixture = Fixture.beside(module);
    Graph graph = Rewrites.apply(fixture.graph(new TorchScriptReader().read(module).orElseThrow()));
    double error = fixture.errorInJava(graph);
    System.out.printf("%s: error %.1e%n", module.getFileName(), error);
    assertThat(error).isLessThan(1e-4);
  }
}
