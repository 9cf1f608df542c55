package org.djlmpc.zoo.torchscript;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.MalformedModelException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.repository.zoo.Criteria;
import ai.djl.repository.zoo.ZooModel;
import ai.djl.translate.NoopTranslator;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.djlmpc.engine.LocalParties;
import org.djlmpc.engine.MpcPredictor;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;
import org.djlmpc.graph.DjlOperators;
import org.djlmpc.graph.PublicTensor;
import org.djlmpc.protocol.ariann.Ariann;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Modules compute on secrets what PyTorch computed in clear. */
final class EncryptedModelsTest {
  private static @Nullable LocalParties parties;

  @TempDir private Path directory;

  @BeforeAll
  static void start() {
    parties = LocalParties.start(Ariann.ARIANN);
  }

  @AfterAll
  static void stop() {
    Objects.requireNonNull(parties).close();
  }

  private static ZooModel<NDList, NDList> load(Path file, String engine) throws Exception {
    return Criteria.builder()
        .setTypes(NDList.class, NDList.class)
        .optModelPath(file)
        .optEngine(engine)
        .optTranslator(new NoopTranslator(null))
        .build()
        .loadModel();
  }

  private static double error(MpcPredictor<NDList, NDList> predictor, Fixture fixture)
      throws Exception {
    try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
      NDList inputs = new NDList();
      for (PublicTensor input : fixture.inputs()) {
        inputs.add(new DjlOperators(manager).constant(input));
      }
      NDList outputs = predictor.predict(inputs);
      List<PublicTensor> results =
          outputs.stream().map((NDArray output) -> DjlOperators.toPublic(output)).toList();
      return fixture.error(results);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "further.scripted",
        "sums.traced",
        "mobile.traced",
        "mobile.scripted",
        "mobile.frozen",
        "shortcut.traced",
        "shortcut.scripted",
        "shortcut.frozen",
        "control.scripted",
        "control2.scripted",
        "inplace.scripted",
        "layouts.traced",
        "pools.scripted",
        "storages.frozen",
        "outputs.scripted",
        "lines.scripted",
        "resizes.traced",
        "norms.scripted",
        "attention.scripted",
        "activations.scripted",
        "arithmetic.scripted"
      })
  void filesAreEncrypted(String name) throws Exception {
    Path file = Fixture.resource(name + ".pt");
    try (ZooModel<NDList, NDList> model = load(file, "MPC");
        MpcPredictor<NDList, NDList> predictor = Objects.requireNonNull(parties).encrypt(model)) {
      assertThat(error(predictor, Fixture.beside(file))).isLessThan(0.01);
    }
  }

  @Test
  void damageThatShowsInAPredictionIsAMalformedModel() throws Exception {
    Path file = directory.resolve("flat.pt");
    Archive.of("return torch.flatten(x, 7)").write(file, false);
    try (ZooModel<NDList, NDList> model = load(file, "MPC");
        MpcPredictor<NDList, NDList> predictor = Objects.requireNonNull(parties).encrypt(model);
        NDManager manager = NDManager.newBaseManager("PyTorch")) {
      assertThatThrownBy(() -> predictor.predict(new NDList(manager.ones(new Shape(2, 3)))))
          .isInstanceOfSatisfying(
              MpcException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.MALFORMED_MODEL))
          .hasCauseInstanceOf(MalformedModelException.class)
          .hasMessageContaining("axis 7");
    }
  }

  @Test
  void modelsThatPyTorchHasLoadedAreEncrypted() throws Exception {
    Path file = Fixture.resource("shortcut.traced.pt");
    try (ZooModel<NDList, NDList> model = load(file, "PyTorch");
        MpcPredictor<NDList, NDList> predictor = Objects.requireNonNull(parties).encrypt(model)) {
      assertThat(error(predictor, Fixture.beside(file))).isLessThan(0.01);
    }
  }
}
