package org.djlmpc.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Model;
import ai.djl.engine.Engine;
import ai.djl.inference.Predictor;
import ai.djl.modality.Classifications;
import ai.djl.modality.cv.Image;
import ai.djl.modality.cv.ImageFactory;
import ai.djl.modality.cv.transform.Normalize;
import ai.djl.modality.cv.transform.Resize;
import ai.djl.modality.cv.transform.ToTensor;
import ai.djl.modality.cv.translator.ImageClassificationTranslator;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.Blocks;
import ai.djl.nn.LambdaBlock;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import ai.djl.repository.zoo.Criteria;
import ai.djl.repository.zoo.ZooModel;
import ai.djl.translate.NoopTranslator;
import ai.djl.translate.Translator;
import ai.djl.translate.TranslatorContext;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;
import org.djlmpc.protocol.ariann.Ariann;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Models loaded with {@code optEngine("MPC")}: every prediction is encrypted. */
final class MpcCriteriaTest {
  private static final List<String> CLASSES = List.of("cat", "dog", "fox");

  @TempDir private Path directory;

  private static Block block() {
    return new SequentialBlock()
        .add(Conv2d.builder().setKernelShape(new Shape(3, 3)).setFilters(2).build())
        .add(Activation.reluBlock())
        .add(Blocks.batchFlattenBlock())
        .add(Linear.builder().setUnits(CLASSES.size()).build());
  }

  private static Image image() {
    BufferedImage image = new BufferedImage(13, 11, BufferedImage.TYPE_INT_RGB);
    Random random = new Random(5);
    for (int i = 0; i < 13 * 11; i++) {
      image.setRGB(i % 13, i / 13, random.nextInt());
    }
    return ImageFactory.getInstance().fromImage(image);
  }

  private static ImageClassificationTranslator translator() {
    float[] half = {0.5f, 0.5f, 0.5f};
    return ImageClassificationTranslator.builder()
        .setImageSize(8, 8)
        .addTransform(new Resize(8, 8))
        .addTransform(new ToTensor())
        .addTransform(new Normalize(half, half))
        .optSynset(CLASSES)
        .optApplySoftmax(true)
        .build();
  }

  private Classifications expected;

  @BeforeEach
  void saveWithPyTorch() throws Exception {
    Engine.getEngine("PyTorch").setRandomSeed(1);
    try (Model model = Model.newInstance("net", "PyTorch")) {
      model.setBlock(block());
      model.getBlock().initialize(model.getNDManager(), DataType.FLOAT32, new Shape(1, 3, 8, 8));
      model.save(directory, "net");
      try (Predictor<Image, Classifications> predictor = model.newPredictor(translator())) {
        expected = predictor.predict(image());
      }
    }
  }

  private Criteria.Builder<Image, Classifications> criteria() {
    return Criteria.builder()
        .setTypes(Image.class, Classifications.class)
        .optModelPath(directory)
        .optModelName("net")
        .optBlock(block())
        .optTranslator(translator())
        .optEngine("MPC");
  }

  private static void assertSame(Classifications actual, Classifications expected) {
    for (String name : CLASSES) {
      assertThat(actual.get(name).getProbability())
          .isCloseTo(expected.get(name).getProbability(), within(1e-3));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"PyTorch", "MPC"})
  void imageTranslatorsRunOnPlainArraysAndTheModelOnSecrets(String engine) throws Exception {
    List<InferenceReport> reports = new ArrayList<>();
    try (ZooModel<Image, Classifications> model =
            criteria().optOption("translator-engine", engine).build().loadModel();
        Predictor<Image, Classifications> predictor = model.newPredictor()) {
      ((MpcPredictor<Image, Classifications>) predictor).withReports(reports::add);
      assertSame(predictor.predict(image()), expected);
      assertThat(predictor.batchPredict(List.of(image(), image()))).hasSize(2);
    }
    assertThat(reports).hasSize(2);
    assertThat(reports.get(0).p1().total().rounds()).isPositive();
  }

  @Test
  void optionsChooseHowThePartiesRun() throws Exception {
    List<InferenceReport> shared = new ArrayList<>();
    List<InferenceReport> owner = new ArrayList<>();
    predict(Map.of("weights", "shared"), shared);
    predict(
        Map.of(
            "weights", "owner",
            "protocol", "ariann",
            "ring", "64",
            "fraction-bits", "10",
            "timeout", "20"),
        owner);
    // in owner mode only P1 masks its share of an input of a product
    assertThat(owner.get(0).p0().total().onlineBytesSent())
        .isLessThan(shared.get(0).p0().total().onlineBytesSent());
  }

  private void predict(Map<String, String> options, List<InferenceReport> reports)
      throws Exception {
    Criteria.Builder<Image, Classifications> criteria = criteria();
    options.forEach(criteria::optOption);
    try (ZooModel<Image, Classifications> model = criteria.build().loadModel();
        Predictor<Image, Classifications> predictor = model.newPredictor()) {
      ((MpcPredictor<Image, Classifications>) predictor).withReports(reports::add);
      predictor.predict(image());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "protocol=rot13:ariann",
        "ring=63:64 or 32",
        "fraction-bits=many:whole number",
        "fraction-bits=40:fraction bits",
        "weights=open:shared or owner",
        "timeout=-1:number of seconds",
        "config=parties.json:ShareHolder",
        "checkRange=true:Write check-range",
        "fraction_bits=12:Write fraction-bits",
        "wieghts=owner:Write weights",
      })
  void wrongOptionsAreRefusedWhenTheModelIsLoaded(String line) {
    String option = line.substring(0, line.indexOf(':'));
    String[] pair = option.split("=");
    assertThatThrownBy(() -> predict(Map.of(pair[0], pair[1]), new ArrayList<>()))
        .isInstanceOfSatisfying(
            MpcException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.ARGUMENT))
        .hasMessageContaining(line.substring(line.indexOf(':') + 1));
  }

  @Test
  void propertiesOfAModelAreOptionsAndThoseOfAFileAreNot() throws Exception {
    Path saved = directory.resolve("again");
    try (Model model = Model.newInstance("net", "MPC")) {
      model.setBlock(block());
      NDManager manager = model.getNDManager();
      model.getBlock().initialize(manager, DataType.FLOAT32, new Shape(1, 3, 8, 8));
      model.setProperty("weights", "owner");
      model.setProperty("author", "us");
      model.save(saved, "net");
    }
    try (Model model = Model.newInstance("net", "MPC")) {
      model.setProperty("ring", "32");
      model.setProperty("fraction-bits", "12");
      model.setBlock(block());
      model.load(saved);
      assertThat(model.getProperties()).containsOnlyKeys("ring", "fraction-bits", "author");
      // the small ring is for calibrated models
      assertThatThrownBy(() -> model.newPredictor(translator()))
          .hasMessageContaining("a ring of 32 bits and 12 fraction bits");
    }
  }

  @Test
  void itWarnsOnceThatOneProcessGivesNoPrivacy() throws Exception {
    MpcModel.WARNED.set(false);
    PrintStream before = System.err;
    ByteArrayOutputStream log = new ByteArrayOutputStream();
    System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
    try {
      predict(Map.of(), new ArrayList<>());
      predict(Map.of(), new ArrayList<>());
    } finally {
      System.setErr(before);
    }
    assertThat(log.toString(StandardCharsets.UTF_8).lines())
        .filteredOn(line -> line.contains("gives no privacy"))
        .hasSize(1);
  }

  @Test
  void predictorsShareTheModelsPartiesAndEndWithIt() throws Exception {
    MpcPredictor<NDList, NDList> late;
    try (Model model = Model.newInstance("net", "MPC")) {
      model.setBlock(block());
      assertThatThrownBy(() -> model.newPredictor(new NoopTranslator()))
          .isInstanceOfSatisfying(
              MpcException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.WEIGHTS_MISSING))
          .hasMessageContaining("weight");
      model.load(directory);
      NDList images = new NDList(model.getNDManager().ones(new Shape(1, 3, 8, 8)));
      Predictor<NDList, NDList> first = model.newPredictor(new NoopTranslator());
      float[] answer = first.predict(images).head().toFloatArray();
      first.close();
      late = (MpcPredictor<NDList, NDList>) model.newPredictor(new NoopTranslator());
      assertThat(late.predict(images).head().toFloatArray())
          .usingComparatorWithPrecision(1e-3f)
          .containsExactly(answer);
      assertThatThrownBy(() -> first.predict(images)).hasMessageContaining("predictor is closed");
      assertThat(late.supportsStreaming()).isFalse();
      assertThatThrownBy(() -> late.streamingPredict(images)).hasMessageContaining("Use predict");
    }
    try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
      NDList images = new NDList(manager.ones(new Shape(1, 3, 8, 8)));
      assertThatThrownBy(() -> late.predict(images))
          .isInstanceOfSatisfying(
              MpcException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CLOSED));
    }
  }

  @Test
  void theBlockNeverSeesTheInput() throws Exception {
    List<String> seen = new ArrayList<>();
    Block spy =
        new LambdaBlock(
            list -> {
              seen.add(list.head().toDebugString(true));
              return new NDList(list.head().mul(2));
            });
    for (String engine : List.of("PyTorch", "MPC")) {
      try (LocalParties parties = LocalParties.start(Ariann.ARIANN);
          Model model = Model.newInstance("spy", engine)) {
        model.setBlock(spy);
        try (Predictor<float[], float[]> predictor =
            engine.equals("MPC")
                ? model.newPredictor(new Floats())
                : parties.encrypt(model, new Floats())) {
          assertThat(predictor.predict(new float[] {1, -2}))
              .usingComparatorWithPrecision(1e-4f)
              .containsExactly(2, -4);
        }
      }
    }
    assertThat(seen).isNotEmpty().allMatch(text -> text.endsWith("traced"));
  }

  private static final class Floats implements Translator<float[], float[]> {
    @Override
    public NDList processInput(TranslatorContext context, float[] input) {
      return new NDList(context.getNDManager().create(input));
    }

    @Override
    public float[] processOutput(TranslatorContext context, NDList list) throws IOException {
      return list.singletonOrThrow().toFloatArray();
    }
  }
}
