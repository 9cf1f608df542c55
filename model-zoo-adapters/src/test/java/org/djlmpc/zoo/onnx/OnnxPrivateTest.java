package org.djlmpc.zoo.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.djlmpc.engine.EncryptedModel;
import org.djlmpc.engine.GraphBlock;
import org.djlmpc.engine.LocalParties;
import org.djlmpc.graph.DjlOperators;
import org.djlmpc.graph.EvaluationListener;
import org.djlmpc.graph.PublicTensor;
import org.djlmpc.graph.WeightMode;
import org.djlmpc.protocol.ariann.Ariann;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Operators, and networks of many kinds, under secret sharing against their references. */
class OnnxPrivateTest {
  /** These functions do not exist on secrets. */
  private static final Set<String> PLAIN =
      Set.of("Floor_13", "Ceil_13", "Round_11", "Sin_11", "Cos_11", "Pow_weight_15");

  @TempDir static Path folder;
  private static LocalParties parties;

  @BeforeAll
  static void start() {
    parties = LocalParties.start(Ariann.ARIANN);
  }

  @AfterAll
  static void stop() {
    parties.close();
  }

  static List<OnnxCases> cases() {
    return OnnxCases.all(folder).stream().filter(c -> !PLAIN.contains(c.name())).toList();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void privateOutputsAreThoseOfPlaintext(OnnxCases network) throws Exception {
    try (Model model = Model.newInstance(network.name(), "MPC");
        NDManager manager = NDManager.newBaseManager("PyTorch")) {
      model.setBlock(new GraphBlock(new OnnxReader().read(network.file()).orElseThrow()));
      DjlOperators arrays = new DjlOperators(manager);
      NDList inputs = new NDList(network.inputs().stream().map(arrays::constant).toList());
      try (EncryptedModel encrypted = parties.encrypt(model, WeightMode.SHARED)) {
        NDList outputs =
            encrypted.predict(
                inputs, manager, Duration.ofMinutes(5), report -> {}, EvaluationListener.none());
        assertThat(outputs).hasSameSizeAs(network.outputs());
        for (int i = 0; i < outputs.size(); i++) {
          assertClose(outputs.get(i), network.outputs().get(i));
        }
      }
    }
  }

  private static void assertClose(NDArray actual, PublicTensor expected) {
    assertThat(actual.getShape()).isEqualTo(expected.shape());
    float[] values = actual.toType(DataType.FLOAT32, false).toFloatArray();
    for (int i = 0; i < values.length; i++) {
      double value = expected.getDouble(i);
      double error = Math.abs(values[i] - value) / Math.max(1, Math.abs(value));
      assertThat(error).as("element %d, %s for %s", i, values[i], value).isLessThan(0.01);
    }
  }
}
