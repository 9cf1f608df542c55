package org.djlmpc.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Model;
import ai.djl.engine.Engine;
import ai.djl.inference.Predictor;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.Blocks;
import ai.djl.nn.Parameter;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import ai.djl.repository.zoo.Criteria;
import ai.djl.repository.zoo.ZooModel;
import ai.djl.training.initializer.NormalInitializer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;
import org.djlmpc.fixedpoint.FixedPoint;
import org.djlmpc.graph.Calibration;
import org.djlmpc.graph.CalibrationFile;
import org.djlmpc.graph.DjlOperators;
import org.djlmpc.graph.Graph;
import org.djlmpc.graph.Ranges;
import org.djlmpc.graph.Rewrites;
import org.djlmpc.protocol.Cost;
import org.djlmpc.protocol.PartyOptions;
import org.djlmpc.protocol.ariann.Ariann;
import org.djlmpc.ring.Ring;
import org.djlmpc.session.DisclosureLog;
import org.djlmpc.transport.PartyId;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Models with a calibration beside them. */
final class CalibratedModelTest {
  private static final Shape INPUT = new Shape(2, 1, 8, 8);

  @TempDir private Path directory;

  private static Block block() {
    return new SequentialBlock()
        .add(Conv2d.builder().setKernelShape(new Shape(3, 3)).setFilters(4).build())
        .add(Activation.reluBlock())
        .add(Blocks.batchFlattenBlock())
        .add(Linear.builder().setUnits(6).build())
        .add(Activation.reluBlock())
        .add(Linear.builder().setUnits(3).build());
  }

  private float[] expected = {};

  @BeforeEach
  void saveModel() throws Exception {
    Engine.getEngine("PyTorch").setRandomSeed(1);
    save(0.3f);
  }

  private void save(float size) throws Exception {
    try (Model model = Model.newInstance("net", "PyTorch")) {
      model.setBlock(block());
      model.getBlock().setInitializer(new NormalInitializer(size), Parameter.Type.WEIGHT);
      model.getBlock().initialize(model.getNDManager(), DataType.FLOAT32, INPUT);
      model.save(directory, "net");
      try (Predictor<NDList, NDList> predictor =
          model.newPredictor(new ai.djl.translate.NoopTranslator())) {
        expected =
            predictor.predict(new NDList(input(model.getNDManager(), 1))).head().toFloatArray();
      }
    }
  }

  private static NDArray input(NDManager manager, float size) {
    return manager.arange((float) INPUT.size()).mul(0.7f).sin().mul(size).reshape(INPUT);
  }

  private void calibrate(FixedPoint fixedPoint) throws Exception {
    try (Model model = Model.newInstance("net", "PyTorch")) {
      model.setBlock(block());
      model.load(directory);
      Graph graph = Rewrites.apply(BlockTracer.trace(model.getBlock(), INPUT));
      Ranges.Meter meter = new Ranges.Meter(graph);
      DjlOperators djl = new DjlOperators(model.getNDManager());
      List<NDArray> inputs = List.of(input(model.getNDManager(), 1));
      meter.input(0, DjlOperators.toPublic(inputs.get(0)));
      graph.evaluate(djl, inputs, graph.weights(djl), meter);
      Calibration calibration = Calibration.measured(graph, fixedPoint, meter.ranges(), 2, 1);
      CalibrationFile.write(calibration, CalibrationFile.beside(directory.resolve("net")));
    }
  }

  private record Answer(float[] values, long keyBytes) {}

  private Answer predict(Map<String, String> options, float size) throws Exception {
    Criteria.Builder<NDList, NDList> criteria =
        Criteria.builder()
            .setTypes(NDList.class, NDList.class)
            .optModelPath(directory)
            .optModelName("net")
            .optBlock(block())
            .optEngine("MPC");
    options.forEach(criteria::optOption);
    List<InferenceReport> reports = new ArrayList<>();
    try (ZooModel<NDList, NDList> model = criteria.build().loadModel();
        Predictor<NDList, NDList> predictor = model.newPredictor();
        NDManager manager = NDManager.newBaseManager("PyTorch")) {
      ((MpcPredictor<NDList, NDList>) predictor).withReports(reports::add);
      float[] values = predictor.predict(new NDList(input(manager, size))).head().toFloatArray();
      return new Answer(values, reports.get(0).p0().total().offlineBytesReceived());
    }
  }

  private static void refused(
      ErrorCode code, String why, org.assertj.core.api.ThrowableAssert.ThrowingCallable work) {
    assertThatThrownBy(work)
        .isInstanceOfSatisfying(MpcException.class, e -> assertThat(e.code()).isEqualTo(code))
        .hasMessageContaining(why);
  }

  @Test
  void aModelIsFoundWithItsCalibration() throws Exception {
    long whole = predict(Map.of(), 1).keyBytes;
    calibrate(new FixedPoint(Ring.Z64, 16));
    Answer calibrated = predict(Map.of(), 1);
    assertThat(calibrated.values).usingComparatorWithPrecision(1e-3f).containsExactly(expected);
    assertThat(calibrated.keyBytes).isLessThan(whole / 2);
    assertThat(predict(Map.of("calibration", "ignore"), 1).keyBytes).isEqualTo(whole);
    Path elsewhere = directory.resolve("elsewhere.json");
    Files.move(directory.resolve("net.mpc.json"), elsewhere);
    assertThat(predict(Map.of(), 1).keyBytes).isEqualTo(whole);
    assertThat(predict(Map.of("calibration", elsewhere.toString()), 1).keyBytes)
        .isEqualTo(calibrated.keyBytes);
  }

  @Test
  void aCalibrationSaysWhichRingItIsFor() throws Exception {
    calibrate(new FixedPoint(Ring.Z32, 11));
    assertThat(predict(Map.of(), 1).values)
        .usingComparatorWithPrecision(0.05f)
        .containsExactly(expected);
    refused(
        ErrorCode.CALIBRATION,
        "a ring of 32 bits and 11 fraction bits",
        () -> predict(Map.of("fraction-bits", "12"), 1));
    assertThat(predict(Map.of("calibration", "ignore", "fraction-bits", "12"), 1).values)
        .usingComparatorWithPrecision(0.05f)
        .containsExactly(expected);
  }

  @Test
  void aCalibrationOfOtherWeightsOrABrokenOneIsRefused() throws Exception {
    calibrate(new FixedPoint(Ring.Z64, 16));
    save(0.4f);
    refused(ErrorCode.CALIBRATION, "other weights", () -> predict(Map.of(), 1));
    Files.writeString(directory.resolve("net.mpc.json"), "{");
    refused(
        ErrorCode.CALIBRATION,
        "no JSON of a calibration",
        () -> {
          try (Model model = Model.newInstance("net", "MPC")) {
            model.setBlock(block());
            model.load(directory);
          }
        });
    refused(ErrorCode.ARGUMENT, "true or false", () -> predict(Map.of("check-range", "maybe"), 1));
  }

  @Test
  void anInputUnlikeTheSamplesIsFoundIfRangesAreChecked() throws Exception {
    calibrate(new FixedPoint(Ring.Z64, 16));
    Map<String, String> check = Map.of("check-range", "true");
    assertThat(predict(check, 1).values)
        .usingComparatorWithPrecision(1e-3f)
        .containsExactly(expected);
    float[] right = predict(Map.of("calibration", "ignore"), 300).values;
    float[] silentlyWrong = predict(Map.of(), 300).values;
    double error = 0;
    for (int i = 0; i < right.length; i++) {
      error = Math.max(error, Math.abs(right[i] - silentlyWrong[i]));
    }
    assertThat(error).isGreaterThan(1);
    refused(ErrorCode.OUT_OF_RANGE, "left the range", () -> predict(check, 300));
  }

  @Test
  void checkingCostsWhatThePlanSaysAndRevealsOneBit() throws Exception {
    calibrate(new FixedPoint(Ring.Z64, 16));
    Calibration calibration = CalibrationFile.find(directory.resolve("net")).orElseThrow();
    try (Model model = Model.newInstance("net", "PyTorch");
        LocalParties parties = LocalParties.start(Ariann.ARIANN, PartyOptions.DEFAULT)) {
      model.setBlock(block());
      model.load(directory);
      EncryptionOptions plain = EncryptionOptions.DEFAULT.withCalibration(calibration);
      Cost cost;
      List<InferenceReport> reports = new ArrayList<>();
      try (EncryptedModel encrypted = parties.encrypt(model, plain.withRangeChecks(true));
          EncryptedModel unchecked = parties.encrypt(model, plain)) {
        cost = encrypted.plan(INPUT).total();
        assertThat(cost.comparisons())
            .isGreaterThan(2 * unchecked.plan(INPUT).total().comparisons() - 10);
        encrypted.predict(
            new NDList(input(model.getNDManager(), 1)),
            model.getNDManager(),
            java.time.Duration.ofMinutes(3),
            reports::add,
            org.djlmpc.graph.EvaluationListener.none());
      }
      assertThat(reports.get(0).p0().total().onlineBytesSent()).isEqualTo(cost.onlineBytesP0());
      assertThat(parties.disclosures(PartyId.P0))
          .extracting(DisclosureLog.Disclosure::reason)
          .containsExactly("output of the model", "whether a value left its calibrated range");
      assertThat(parties.disclosures(PartyId.P0).get(1).shape().size()).isOne();
    }
  }
}
