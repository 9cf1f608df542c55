package org.djlmpc.zoo.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.MalformedModelException;
import ai.djl.inference.Predictor;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.repository.zoo.Criteria;
import ai.djl.repository.zoo.ZooModel;
import ai.djl.translate.NoopTranslator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.djlmpc.graph.PublicTensor;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One line: {@code optEngine("MPC")} for the path of a file. */
class OnnxCriteriaTest {
  @TempDir Path folder;
  private OnnxCases network;

  @BeforeEach
  void readCases() {
    network =
        OnnxCases.all(folder).stream()
            .filter(c -> c.name().equals("padded_shortcut_13"))
            .findAny()
            .orElseThrow();
  }

  private static Criteria<NDList, NDList> criteria(Path path) {
    return Criteria.builder()
        .setTypes(NDList.class, NDList.class)
        .optModelPath(path)
        .optTranslator(new NoopTranslator(null))
        .optEngine("MPC")
        .build();
  }

  @Test
  void aFileOrItsFolderIsLoadedAndItsPredictorIsEncrypted() throws Exception {
    PublicTensor x = network.inputs().get(0);
    PublicTensor y = network.outputs().get(0);
    Path alone = Files.createDirectory(folder.resolve("alone"));
    Files.copy(network.file(), alone.resolve("model.onnx"));
    for (Path path : new Path[] {network.file(), alone}) {
      try (ZooModel<NDList, NDList> model = criteria(path).loadModel();
          Predictor<NDList, NDList> predictor = model.newPredictor();
          NDManager manager = NDManager.newBaseManager("PyTorch")) {
        NDList input = new NDList(manager.create(x.floats(), x.shape()));
        float[] result = predictor.predict(input).get(0).toFloatArray();
        assertThat(result).hasSize(y.size());
        for (int i = 0; i < result.length; i++) {
          assertThat((double) result[i]).isCloseTo(y.getDouble(i), within(0.01));
        }
      }
    }
  }

  @Test
  void aBrokenFileIsReportedAsDjlReportsIt() throws IOException {
    byte[] bytes = Files.readAllBytes(network.file());
    Path cut = Files.write(folder.resolve("cut.onnx"), Arrays.copyOf(bytes, bytes.length / 2));
    assertThatThrownBy(() -> criteria(cut).loadModel())
        .isInstanceOf(MalformedModelException.class)
        .hasMessageContaining("cut.onnx is malformed: ");
  }
}
