package org.djlmpc.zoo.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.djlmpc.graph.Graph;
import org.djlmpc.graph.PublicTensor;
import org.djlmpc.graph.Rewrites;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * Whole networks that an exporter wrote: {@code -Ddjlmpc.fixtures=FOLDER} names a folder with
 * {@code NAME.onnx} and {@code NAME.io.npz}, which has an input x and the exporter's output y.
 */
@EnabledIfSystemProperty(named = "djlmpc.fixtures", matches = ".+")
class OnnxNetworksTest {
  @TestFactory
  List<DynamicTest> networksComputeWhatTheirExporterComputed() throws Exception {
    try (Stream<Path> files = Files.list(Path.of(System.getProperty("djlmpc.fixtures")))) {
      return files
          .filter(file -> file.toString().endsWith(".onnx"))
          .sorted()
          .map(file -> DynamicTest.dynamicTest(file.getFileName().toString(), () -> check(file)))
          .toList();
    }
  }

  private static void check(Path file) throws Exception {
    Path io = Path.of(file.toString().replace(".onnx", ".io.npz"));
    PublicTensor x = NpyFile.of(io, "x");
    PublicTensor y = NpyFile.of(io, "y");
    ThreadMXBean clock = ManagementFactory.getThreadMXBean();
    long begin = System.nanoTime();
    long beginCpu = clock.getCurrentThreadCpuTime();
    Graph graph = new OnnxReader().read(file).orElseThrow().graph(List.of(x.type()));
    double seconds = (System.nanoTime() - begin) / 1e9;
    double cpu = (clock.getCurrentThreadCpuTime() - beginCpu) / 1e9;
    System.gc();
    long heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() >> 20;
    double error = 0;
    double largest = 0;
    for (Graph g : List.of(graph, Rewrites.apply(graph))) {
      PublicTensor result = OnnxOperatorsTest.evaluateOnPyTorch(g, List.of(x)).get(0);
      assertThat(result.shape()).isEqualTo(y.shape());
      for (int i = 0; i < y.size(); i++) {
        largest = Math.max(largest, Math.abs(y.getDouble(i)));
        error = Math.max(error, Math.abs(result.getDouble(i) - y.getDouble(i)));
      }
    }
    System.out.printf(
        "%s: %d MB, imported in %.3f s (processor %.3f s), heap %d MB, %d operators, "
            + "largest error %.2e of %.2e%n",
        file.getFileName(),
        Files.size(file) >> 20,
        seconds,
        cpu,
        heap,
        graph.nodes().size(),
        error,
        largest);
    assertThat(error).isCloseTo(0, within(1e-4));
    // networks with random weights may have outputs that are all small
    assertThat(error / largest).isCloseTo(0, within(1e-3));
  }
}
