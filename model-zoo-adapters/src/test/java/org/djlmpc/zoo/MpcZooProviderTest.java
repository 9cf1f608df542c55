package org.djlmpc.zoo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Application;
import ai.djl.engine.Engine;
import ai.djl.inference.Predictor;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.repository.MRL;
import ai.djl.repository.RemoteRepository;
import ai.djl.repository.Repository;
import ai.djl.repository.zoo.Criteria;
import ai.djl.repository.zoo.ModelNotFoundException;
import ai.djl.repository.zoo.ModelZoo;
import ai.djl.repository.zoo.ZooModel;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.djlmpc.engine.MpcModel;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** DJL's zoo finds models for this engine; without a network, in repositories that are at hand. */
final class MpcZooProviderTest {
  private static final String CACHE = "DJL_CACHE_DIR";
  private static final String MODELS = "model/cv/image_classification/ai/djl/pytorch/resnet";

  private static final String METADATA =
      """
      {
        "metadataVersion": "0.2",
        "resourceType": "model",
        "application": "cv/image_classification",
        "groupId": "ai.djl.pytorch",
        "artifactId": "resnet",
        "name": "resnet",
        "artifacts": [{
          "version": "0.0.1",
          "name": "tiny",
          "properties": {"layers": "5"},
          "arguments": {},
          "files": {"model": {"uri": "0.0.1/tiny.pt", "name": "tiny.pt", "size": 1}}
        }]
      }
      """;

  @TempDir private static Path folder;

  /** A local repository, and a cache of the remote one as it is after a download. */
  @BeforeAll
  static void repositories() throws IOException {
    System.setProperty(CACHE, folder.resolve("djl").toString());
    Path local = folder.resolve("local").resolve(MODELS);
    Path cached = folder.resolve("djl/cache/repo").resolve(MODELS);
    Files.createDirectories(local.resolve("0.0.1"));
    Files.createDirectories(cached);
    Files.writeString(local.resolve("metadata.json"), METADATA);
    Files.writeString(cached.resolve("metadata.json"), METADATA);
    copyModel(local.resolve("0.0.1/tiny.pt"));

    Repository remote = new RemoteRepository("remote", ModelZoo.DJL_REPO_URL);
    MRL model = remote.model(Application.CV.IMAGE_CLASSIFICATION, "ai.djl.pytorch", "resnet");
    Path downloaded = remote.getResourceDirectory(model.match(Map.of()));
    Files.createDirectories(downloaded);
    copyModel(downloaded.resolve("tiny.pt"));
  }

  @AfterAll
  static void restore() {
    System.clearProperty(CACHE);
  }

  private static void copyModel(Path to) throws IOException {
    try (InputStream in = resource("shortcut.scripted.pt")) {
      Files.copy(in, to);
    }
  }

  private static InputStream resource(String name) {
    InputStream in = MpcZooProviderTest.class.getResourceAsStream("torchscript/" + name);
    assertThat(in).as(name).isNotNull();
    return in;
  }

  private static Criteria.Builder<NDList, NDList> criteria() {
    return Criteria.builder().setTypes(NDList.class, NDList.class);
  }

  private static void assertEncryptedAndRight(Criteria<NDList, NDList> criteria) throws Exception {
    try (NDManager manager = Engine.getEngine("PyTorch").newBaseManager();
        InputStream in = resource("shortcut.io.npz");
        ZooModel<NDList, NDList> model = criteria.loadModel();
        Predictor<NDList, NDList> predictor = model.newPredictor()) {
      NDList recorded = NDList.decode(manager, in);
      assertThat(model.getWrappedModel()).isInstanceOf(MpcModel.class);
      NDList outputs = predictor.predict(new NDList(recorded.get("x0")));
      float[] wanted = recorded.get("y0").toFloatArray();
      float[] actual = outputs.get(0).toFloatArray();
      assertThat(actual).hasSameSizeAs(wanted);
      for (int i = 0; i < wanted.length; i++) {
        assertThat(actual[i]).isCloseTo(wanted[i], within(0.01f));
      }
    }
  }

  @Test
  void djlFindsTheZooOfThisEngine() {
    assertThat(ModelZoo.listModelZoo())
        .anySatisfy(
            zoo -> {
              assertThat(zoo.getGroupId()).isEqualTo("org.djlmpc");
              assertThat(zoo.getSupportedEngines()).containsExactly("MPC");
              assertThat(zoo.getModelLoader("resnet")).isNotNull();
              assertThat(zoo.getModelLoader("unknown")).isNull();
            });
  }

  @Test
  void loadsAnEncryptedModelFromADjlUrl() throws Exception {
    assertEncryptedAndRight(
        criteria().optModelUrls("djl://ai.djl.pytorch/resnet/0.0.1").optEngine("MPC").build());
  }

  @Test
  void loadsAnEncryptedModelByItsNameInTheZoo() throws Exception {
    assertEncryptedAndRight(
        criteria()
            .optGroupId("org.djlmpc")
            .optArtifactId("resnet")
            .optFilter("layers", "5")
            .optEngine("MPC")
            .build());
  }

  @Test
  void loadsAnEncryptedModelFromALocalRepository() throws Exception {
    String url = folder.resolve("local").toUri().toString();
    assertEncryptedAndRight(criteria().optModelUrls(url).optEngine("MPC").build());
    assertEncryptedAndRight(
        criteria()
            .optModelZoo(new MpcModelZoo("local", Repository.newInstance("local", url)))
            .optEngine("MPC")
            .build());
  }

  @Test
  void offersNothingToOtherEngines() {
    assertThatThrownBy(
            () -> criteria().optGroupId("org.djlmpc").optArtifactId("resnet").build().loadModel())
        .isInstanceOf(ModelNotFoundException.class)
        .hasRootCauseMessage("This zoo is for encrypted models: give optEngine(\"MPC\").");
    assertThatThrownBy(
            () -> criteria().optGroupId("org.djlmpc").optEngine("PyTorch").build().loadModel())
        .isInstanceOf(ModelNotFoundException.class);
  }
}
