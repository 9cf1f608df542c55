package org.djlmpc.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.LambdaBlock;
import ai.djl.nn.core.Linear;
import ai.djl.translate.Batchifier;
import ai.djl.translate.NoopTranslator;
import ai.djl.translate.Translator;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;
import org.djlmpc.graph.EvaluationListener;
import org.djlmpc.protocol.ariann.Ariann;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever a caller does wrong with a predictor, the answer is a code and a way out. */
@Timeout(300)
final class BadCallsTest {
  private static final Duration LONG = Duration.ofMinutes(2);

  private static NDManager torch;
  private static LocalParties parties;
  private static Model model;

  @BeforeAll
  static void open() {
    torch = NDManager.newBaseManager("PyTorch");
    parties = LocalParties.start(Ariann.ARIANN);
    model = model("PyTorch");
  }

  @AfterAll
  static void close() {
    parties.close();
    model.close();
    torch.close();
  }

  private static Model model(String engine) {
    Block linear = Linear.builder().setUnits(2).build();
    Model made = Model.newInstance("model", engine);
    made.setBlock(linear);
    linear.initialize(made.getNDManager(), DataType.FLOAT32, new Shape(1, 4));
    return made;
  }

  private static NDArray ones(long... shape) {
    return torch.ones(new Shape(shape));
  }

  private static NDArray closed() {
    NDArray array = ones(4);
    array.close();
    return array;
  }

  private static NDList list(NDArray... arrays) {
    return new NDList(arrays);
  }

  private static Stream<Arguments> inputs() {
    NDArray none = null;
    return Stream.of(
        arguments("no list", null, ErrorCode.ARGUMENT, "null"),
        arguments("null", Arrays.asList((NDList) null), ErrorCode.ARGUMENT, "null"),
        arguments("another null", Arrays.asList(list(ones(4)), null), ErrorCode.ARGUMENT, "null"),
        arguments("no arrays", List.of(new NDList()), ErrorCode.SHAPE, "without arrays"),
        arguments("a null array", List.of(list(none)), ErrorCode.ARGUMENT, "array"),
        arguments("a closed array", List.of(list(closed())), ErrorCode.CLOSED, "is closed"),
        arguments("two arrays", List.of(list(ones(4), ones(4))), ErrorCode.SHAPE, "(4), (4)"),
        arguments("a long row", List.of(list(ones(5))), ErrorCode.SHAPE, "5"),
        arguments("a number", List.of(list(torch.create(1f))), ErrorCode.SHAPE, "()"),
        arguments("no elements", List.of(list(ones(0, 4))), ErrorCode.SHAPE, "no elements"),
        arguments(
            "whole numbers",
            List.of(list(torch.ones(new Shape(4), DataType.INT64))),
            ErrorCode.DATA_TYPE,
            "toType"),
        arguments(
            "bits",
            List.of(list(torch.ones(new Shape(4), DataType.BOOLEAN))),
            ErrorCode.DATA_TYPE,
            "toType"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("inputs")
  void wrongInputsAreRefused(String name, List<NDList> inputs, ErrorCode code, String word)
      throws Exception {
    for (Batchifier batchifier : new Batchifier[] {null, Batchifier.STACK}) {
      Translator<NDList, NDList> translator = new NoopTranslator(batchifier);
      // the batchifier gives shapes another axis
      String said = batchifier == null ? word : word.replace("(", "(1, ").replace(", )", ")");
      try (MpcPredictor<NDList, NDList> predictor = parties.encrypt(model, translator)) {
        assertFails(code, said, () -> predictor.batchPredict(inputs));
        assertThat(predictor.predict(list(ones(4)))).hasSize(1);
      }
    }
    if (inputs != null && inputs.size() == 1) {
      try (EncryptedModel encrypted = parties.encrypt(model, EncryptionOptions.DEFAULT)) {
        assertFails(code, word, () -> predict(encrypted, inputs.get(0)));
      }
    }
  }

  private static NDList predict(EncryptedModel encrypted, NDList inputs) {
    return encrypted.predict(inputs, torch, LONG, report -> {}, EvaluationListener.none());
  }

  @Test
  void inputsThatAreNoBatchAreRefused() throws Exception {
    Translator<NDList, NDList> stacking = new NoopTranslator(Batchifier.STACK);
    try (MpcPredictor<NDList, NDList> predictor = parties.encrypt(model, stacking)) {
      NDList four = list(ones(4));
      for (NDList other : List.of(list(ones(5)), list(ones(4), ones(4)))) {
        assertFails(
            ErrorCode.SHAPE, "one by one", () -> predictor.batchPredict(List.of(other, four)));
      }
      assertThat(predictor.batchPredict(new ArrayList<>())).isEmpty();
      assertThat(predictor.batchPredict(List.of(four, four))).hasSize(2);
    }
  }

  @Test
  void whatIsClosedSaysSo() throws Exception {
    Model torchModel = model("PyTorch");
    Model ours = model("MPC");
    LocalParties others = LocalParties.start(Ariann.ARIANN);
    List<MpcPredictor<NDList, NDList>> predictors =
        List.of(
            parties.encrypt(torchModel, new NoopTranslator()),
            (MpcPredictor<NDList, NDList>) ours.newPredictor(new NoopTranslator()),
            parties.encrypt(model, new NoopTranslator()),
            others.encrypt(model, new NoopTranslator()));
    for (MpcPredictor<NDList, NDList> predictor : predictors) {
      assertThat(predictor.predict(list(ones(1, 4)))).hasSize(1);
    }
    torchModel.close();
    ours.close();
    predictors.get(2).close();
    others.close();
    for (MpcPredictor<NDList, NDList> predictor : predictors) {
      assertFails(ErrorCode.CLOSED, "closed", () -> predictor.predict(list(ones(1, 4))));
    }
    for (Model gone : List.of(torchModel, ours)) {
      assertFails(ErrorCode.CLOSED, "is closed", () -> parties.encrypt(gone, new NoopTranslator()));
    }
    assertFails(ErrorCode.CLOSED, "is closed", () -> ours.newPredictor(new NoopTranslator()));
    assertFails(ErrorCode.CLOSED, "are closed", () -> others.encrypt(model, new NoopTranslator()));
  }

  @Test
  void nothingIsNotAChoice() {
    Translator<NDList, NDList> none = null;
    NoopTranslator noop = new NoopTranslator();
    assertFails(ErrorCode.ARGUMENT, "Translator", () -> parties.encrypt(model, none));
    assertFails(ErrorCode.ARGUMENT, "no model", () -> parties.encrypt((Model) null, noop));
    try (MpcPredictor<NDList, NDList> predictor = parties.encrypt(model, noop);
        Model ours = model("MPC")) {
      assertFails(ErrorCode.ARGUMENT, "Translator", () -> ours.newPredictor(none));
      assertFails(ErrorCode.ARGUMENT, "device", () -> ours.newPredictor(noop, null));
      assertFails(ErrorCode.ARGUMENT, "time limit", () -> predictor.withTimeout(null));
      assertFails(ErrorCode.ARGUMENT, "reports", () -> predictor.withReports(null));
      Model silent = Model.newInstance("silent", "PyTorch");
      silent.setBlock(new LambdaBlock(in -> null));
      try (silent;
          MpcPredictor<NDList, NDList> asked = parties.encrypt(silent, noop)) {
        assertFails(ErrorCode.MALFORMED_MODEL, "returns null", () -> asked.predict(list(ones(4))));
      }
    }
  }

  @FunctionalInterface
  private interface Call {
    void run() throws Exception;
  }

  private static void assertFails(ErrorCode code, String word, Call call) {
    assertThatThrownBy(call::run)
        .isInstanceOfSatisfying(
            MpcException.class,
            e -> {
              assertThat(e.code()).isEqualTo(code);
              assertThat(e.nextStep()).isNotBlank();
            })
        .hasMessageStartingWith(code.id())
        .hasMessageContaining(word)
        .hasMessageNotContaining("Exception");
  }
}
