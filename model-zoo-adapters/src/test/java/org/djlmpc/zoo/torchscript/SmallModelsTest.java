package org.djlmpc.zoo.torchscript;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.djlmpc.graph.Graph;
import org.djlmpc.graph.Rewrites;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Small networks that use every supported operator, traced, scripted and frozen. */
final class SmallModelsTest {
  private static final List<String> REFUSED =
      List.of("unsupported", "doubtful", "deciding", "quantized");

  static List<String> modules() throws IOException {
    Path directory = Fixture.resource("mobile.io.npz").getParent();
    try (Stream<Path> files = Files.list(directory)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(".pt"))
          .filter(name -> !REFUSED.contains(name.substring(0, name.indexOf('.'))))
          .sorted()
          .toList();
    }
  }

  @ParameterizedTest
  @MethodSource("modules")
  void computesWhatPyTorchComputes(String module) throws Exception {
    Path file = Fixture.resource(module);
    Fixture fixture = Fixture.beside(file);
    Graph graph = fixture.graph(new TorchScriptReader().read(file).orElseThrow());
    assertThat(fixture.errorInJava(graph)).isLessThan(1e-4);
    assertThat(fixture.errorInPyTorch(graph)).isLessThan(1e-4);
    assertThat(fixture.errorInJava(Rewrites.apply(graph))).isLessThan(1e-4);
  }
}
