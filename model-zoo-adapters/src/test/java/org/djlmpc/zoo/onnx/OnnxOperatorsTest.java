package org.djlmpc.zoo.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.nio.file.Path;
import java.util.List;
import org.djlmpc.graph.DjlOperators;
import org.djlmpc.graph.Graph;
import org.djlmpc.graph.PublicOperators;
import org.djlmpc.graph.PublicTensor;
import org.djlmpc.graph.Rewrites;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every operator, in every version and with every attribute, against ONNX Runtime; networks of many
 * kinds against PyTorch, which wrote them.
 */
class OnnxOperatorsTest {
  private static final double TOLERANCE = 1e-4;

  @TempDir Path folder;

  @TestFactory
  List<DynamicTest> importedModelsComputeWhatTheirReferenceComputes() {
    List<OnnxCases> cases = OnnxCases.all(folder);
    assertThat(cases).hasSizeGreaterThan(350);
    return cases.stream().map(c -> DynamicTest.dynamicTest(c.name(), () -> check(c))).toList();
  }

  private static void check(OnnxCases c) throws Exception {
    Graph graph = new OnnxReader().read(c.file()).orElseThrow().graph(c.types());
    compare(c, graph.evaluate(new PublicOperators(), c.inputs()));
    compare(c, Rewrites.apply(graph).evaluate(new PublicOperators(), c.inputs()));
    compare(c, evaluateOnPyTorch(graph, c.inputs()));
  }

  static List<PublicTensor> evaluateOnPyTorch(Graph graph, List<PublicTensor> inputs) {
    try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
      DjlOperators operators = new DjlOperators(manager);
      List<NDArray> arrays = inputs.stream().map(operators::constant).toList();
      return graph.evaluate(operators, arrays).stream().map(DjlOperators::toPublic).toList();
    }
  }

  private static void compare(OnnxCases c, List<PublicTensor> actual) {
    assertThat(actual).hasSameSizeAs(c.outputs());
    for (int i = 0; i < actual.size(); i++) {
      PublicTensor expected = c.outputs().get(i);
      assertThat(actual.get(i).type()).isEqualTo(expected.type());
      for (int j = 0; j < expected.size(); j++) {
        double value = expected.getDouble(j);
        assertThat(actual.get(i).getDouble(j))
            .isCloseTo(value, within(TOLERANCE * Math.max(1, Math.abs(value))));
      }
    }
  }
}
