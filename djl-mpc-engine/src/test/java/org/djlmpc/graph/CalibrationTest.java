package org.djlmpc.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;
import org.djlmpc.fixedpoint.FixedPoint;
import org.djlmpc.protocol.Precision;
import org.djlmpc.ring.ConvolutionSpec;
import org.djlmpc.ring.Ring;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Precisions chosen from samples and from proofs, and the files that keep them. */
final class CalibrationTest {
  private static final DataType F = DataType.FLOAT32;
  private static final FixedPoint Q16 = new FixedPoint(Ring.Z64, 16);

  private final Random random = new Random(21);

  /** A network with all that calibration looks at: a shortcut, pools, several products. */
  private Graph network(int batch, double size) {
    Random weights = new Random(4);
    Tracer tracer = new Tracer();
    Operators<Traced> o = tracer.operators();
    Traced x = tracer.input("x", new Shape(batch, 3, 8, 8), F);
    ConvolutionSpec same = new ConvolutionSpec(1, 1, 1, 1, 1, 1, 1);
    tracer.enter("first");
    Traced y = o.convolution(x, weight(tracer, weights, "a", size, 4, 3, 3, 3), null, same);
    y = o.pool(y, new Pooling(Pooling.Kind.MAX, 3, 3, 2, 2, 1, 1, false, true));
    y = o.unary(Operators.Unary.RELU, y);
    tracer.exit();
    tracer.enter("second");
    Traced z = o.convolution(y, weight(tracer, weights, "b", size, 4, 4, 3, 3), null, same);
    z = o.unary(Operators.Unary.RELU, z);
    z = o.convolution(z, weight(tracer, weights, "c", size, 4, 4, 3, 3), null, same);
    y = o.clip(o.binary(Operators.Binary.ADD, z, y), 0, 500);
    tracer.exit();
    y = o.pool(y, Pooling.global(Pooling.Kind.MEAN, y.shape()));
    y = o.layout(Layout.reshape(batch, -1), y);
    Traced out =
        o.linear(
            y, weight(tracer, weights, "d", size, 5, 4), weight(tracer, weights, "e", size, 5));
    return tracer.finish(List.of(out));
  }

  private static Traced weight(
      Tracer tracer, Random random, String name, double size, long... lengths) {
    Shape shape = new Shape(lengths);
    float[] values = new float[(int) shape.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (size * random.nextGaussian());
    }
    return tracer.weight(name, PublicTensor.of(values, shape));
  }

  private PublicTensor sample(Graph graph, double magnitude) {
    Shape shape = graph.type(0).shape();
    float[] values = new float[(int) shape.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (magnitude * (2 * random.nextDouble() - 1));
    }
    return PublicTensor.of(values, shape);
  }

  private static Ranges measure(Graph graph, List<PublicTensor> samples) {
    Ranges.Meter meter = new Ranges.Meter(graph);
    try (NDManager manager = Oracle.manager()) {
      DjlOperators djl = new DjlOperators(manager);
      Map<String, NDArray> weights = graph.weights(djl);
      for (PublicTensor sample : samples) {
        List<NDArray> inputs = List.of(djl.constant(sample));
        meter.input(0, sample);
        graph.evaluate(djl, inputs, weights, meter);
      }
    }
    return meter.ranges();
  }

  private Calibration calibrate(Graph graph, FixedPoint fixedPoint, int margin) {
    List<PublicTensor> samples = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      samples.add(sample(graph, 1));
    }
    return Calibration.measured(graph, fixedPoint, measure(graph, samples), 8, margin);
  }

  private double error(Graph graph, FixedPoint fixedPoint, PublicTensor x, boolean inRange) {
    ClearRun run = new ClearRun(fixedPoint, random::nextLong);
    double[] actual = run.outputs(graph, List.of(x)).get(0);
    if (inRange) {
      assertThat(run.wrongComparisons()).isZero();
      assertThat(run.narrowComparisons()).isPositive();
      assertThat(run.takePeak()).isLessThan(Math.scalb(1.0, fixedPoint.ring().bits() - 2));
    }
    double[] expected = Oracle.run(graph, List.of(x)).get(0).doubles();
    double error = 0;
    for (int i = 0; i < expected.length; i++) {
      error = Math.max(error, Math.abs(expected[i] - actual[i]));
    }
    return error;
  }

  // ---- choosing

  @Test
  void samplesGiveWidthsThatOtherSamplesKeep() {
    Graph graph = network(2, 0.4);
    Calibration calibration = calibrate(graph, Q16, 1);
    Graph precise = calibration.apply(graph);
    for (int i = 0; i < 5; i++) {
      assertThat(error(precise, Q16, sample(graph, 1), true)).isLessThan(2e-3);
    }
    List<Precision> bounded =
        calibration.layers().stream()
            .map(Calibration.Layer::precision)
            .filter(Precision::bounded)
            .toList();
    assertThat(bounded).hasSize(4); // pool, two ReLUs and a clip
    assertThat(bounded).allMatch(p -> p.magnitudeBits() <= 7);
    assertThat(bounded).allMatch(p -> p.fractionBits() == Precision.SESSION);
    // what no sample was like is silently wrong
    assertThat(error(precise, Q16, sample(graph, 4000), false)).isGreaterThan(1);
  }

  @Test
  void aMarginIsRoomAboveTheSamples() {
    Graph graph = network(2, 0.4);
    PublicTensor sample = sample(graph, 1);
    Ranges ranges = measure(graph, List.of(sample));
    for (int margin : new int[] {0, 3}) {
      Graph precise = Calibration.measured(graph, Q16, ranges, 2, margin).apply(graph);
      PublicTensor larger =
          new PublicOperators()
              .scalar(Operators.Binary.MULTIPLY, sample, Math.scalb(0.99, margin), false);
      // all layers but the last are homogeneous, and the clip is far away
      error(precise, Q16, larger, true);
    }
    assertThatThrownBy(() -> Calibration.measured(graph, Q16, ranges, 2, 31))
        .isInstanceOf(MpcException.class)
        .hasMessageContaining("margin");
  }

  @Test
  void aProofHoldsForTheWorstInput() {
    Graph graph = network(1, 0.3);
    Calibration calibration = Calibration.proven(graph, Q16, 2);
    Graph precise = calibration.apply(graph);
    for (int i = 0; i < 20; i++) {
      PublicTensor x = sample(graph, 2);
      float[] extreme = x.floats();
      for (int j = 0; j < extreme.length && i % 2 == 0; j++) {
        extreme[j] = Math.copySign(2, extreme[j]);
      }
      error(precise, Q16, PublicTensor.of(extreme, x.shape()), true);
    }
    Graph large = network(1, 3e3);
    assertThatThrownBy(() -> Calibration.proven(large, Q16, 1))
        .isInstanceOfSatisfying(
            MpcException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.OUT_OF_RANGE))
        .hasMessageContaining("second/");
    Calibration measured = calibrate(graph, Q16, 0);
    for (int i = 0; i < calibration.layers().size(); i++) {
      assertThat(calibration.layers().get(i).largest())
          .isGreaterThanOrEqualTo(measured.layers().get(i).largest());
    }
  }

  @Test
  void aSmallRingDividesItsBitsAmongTheLayers() {
    FixedPoint q12 = new FixedPoint(Ring.Z32, 12);
    Graph graph = network(2, 1.2);
    Calibration calibration = calibrate(graph, q12, 1);
    Graph precise = calibration.apply(graph);
    assertThat(calibration.layers())
        .anyMatch(layer -> layer.precision().weightBits() != Precision.SESSION);
    List<Calibration.Layer> layers = calibration.layers();
    double scale = layers.get(layers.size() - 1).largest();
    for (int i = 0; i < 5; i++) {
      assertThat(error(precise, q12, sample(graph, 1), true)).isLessThan(scale / 100);
    }
    // without division the same network overflows
    assertThat(error(graph, q12, sample(graph, 1), false)).isGreaterThan(scale / 4);
    Graph huge = network(2, 400);
    assertThatThrownBy(() -> calibrate(huge, q12, 2))
        .isInstanceOfSatisfying(
            MpcException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.OUT_OF_RANGE))
        .hasMessageContaining("second/")
        .hasMessageContaining("ring of 64 bits");
  }

  @Test
  void errorsOfOtherSamplesStayWithinTheExpectedOneAndNotFarBelow() {
    Graph graph = network(2, 0.4);
    List<List<PublicTensor>> rehearsed = List.of(List.of(sample(graph, 1)));
    List<PublicTensor> samples = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      samples.add(sample(graph, 1));
    }
    for (int bits : new int[] {9, 14}) {
      FixedPoint fixedPoint = new FixedPoint(Ring.Z64, bits);
      double expected;
      try (NDManager manager = Oracle.manager()) {
        expected = ExpectedError.rehearsed(graph, fixedPoint, rehearsed, manager).ofOutputs();
      }
      double largest = 0;
      for (PublicTensor sample : samples) {
        largest = Math.max(largest, error(graph, fixedPoint, sample, false));
      }
      assertThat(largest).isBetween(expected / 30, expected);
      assertThat(expected).isLessThan(ErrorBound.ofOutputs(graph, fixedPoint, 1) / 5);
    }
  }

  // ---- files

  @Test
  void filesComeBackAndBelongToOneModel(@TempDir Path folder) throws IOException {
    Graph graph = network(2, 0.4);
    Calibration calibration = calibrate(graph, Q16, 1);
    Path model = folder.resolve("model.onnx");
    assertThat(CalibrationFile.find(model)).isEmpty();
    CalibrationFile.write(calibration, CalibrationFile.beside(model));
    Calibration read = CalibrationFile.find(model).orElseThrow();
    assertThat(read).isEqualTo(calibration);
    assertThat(read.apply(graph).hash()).isEqualTo(calibration.apply(graph).hash());
    // any batch, with and without weights
    Graph other = network(7, 0.4);
    assertThat(read.apply(other).nodes())
        .extracting(Node::precision)
        .isEqualTo(
            read.apply(graph.withoutWeights()).nodes().stream().map(Node::precision).toList());
    refused(() -> read.apply(network(2, 0.41)), "other weights");
    refused(() -> read.apply(new DeadCode().apply(cut(graph))), "other operators");
  }

  private static Graph cut(Graph graph) {
    return new Graph(
        graph.inputs(),
        graph.weights(),
        graph.constants(),
        graph.nodes(),
        List.of(graph.nodes().get(3).id()));
  }

  private static void refused(Runnable work, String why) {
    assertThatThrownBy(work::run)
        .isInstanceOfSatisfying(
            MpcException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CALIBRATION))
        .hasMessageContaining(why);
  }

  @Test
  void brokenFilesAreRefused(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("m.mpc.json");
    refused(() -> CalibrationFile.read(file), "cannot be read");
    CalibrationFile.write(calibrate(network(2, 0.4), Q16, 1), file);
    String good = Files.readString(file);
    for (String bad :
        List.of(
            "",
            "null",
            "[]",
            "{\"version\": 1",
            good.substring(0, good.length() / 2),
            good.replace("calibration", "something"),
            good.replaceFirst("\"version\": 1", "\"version\": 9"),
            good.replaceFirst("\"ring\": 64", "\"ring\": 63"),
            good.replaceFirst("\"fraction_bits\": 16", "\"fraction_bits\": 70"),
            good.replaceFirst("\"magnitude_bits\": \\d+", "\"magnitude_bits\": -4"),
            good.replaceFirst("\"magnitude_bits\": \\d+", "\"magnitude_bits\": \"x\""),
            good.replaceFirst("\"layers\"", "\"rows\""))) {
      Files.writeString(file, bad);
      refused(() -> CalibrationFile.read(file), "m.mpc.json");
    }
  }

  @Test
  void samplesThatAreNotFiniteAreRefused() {
    Graph graph = network(1, 0.4);
    float[] values = sample(graph, 1).floats();
    values[5] = Float.NaN;
    PublicTensor bad = PublicTensor.of(values, graph.type(0).shape());
    assertThatThrownBy(() -> measure(graph, List.of(bad)))
        .isInstanceOfSatisfying(
            MpcException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_FINITE));
  }
}
