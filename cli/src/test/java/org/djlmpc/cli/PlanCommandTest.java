package org.djlmpc.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.imageio.ImageIO;
import org.djlmpc.cli.MachineRates.Pair;
import org.djlmpc.graph.ExpectedError;
import org.djlmpc.graph.Graph;
import org.djlmpc.graph.WeightMode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A plan is what a run will measure. */
final class PlanCommandTest {
  private static final Path MODULES =
      Path.of("..", "model-zoo-adapters", "src/test/resources/org/djlmpc/zoo/torchscript");

  /** A machine that nobody measured: one second for each unit of work. */
  private static final Pair SECOND = new Pair(1, 1);

  @TempDir private Path folder;

  private static Run run(String arguments) {
    return Run.of(arguments.strip().replace("PT/", MODULES + "/").split(" +"));
  }

  private static JsonNode json(Run run) {
    assertThat(run.err()).isEmpty();
    assertThat(run.status()).isZero();
    return run.json().get(0);
  }

  /** The plan of a job on a machine where every unit takes a second. */
  private static JsonNode plan(JobSpec spec) {
    Graph graph = new InferJob(spec).graph();
    TimeModel times =
        new TimeModel(
            new MachineRates(SECOND, SECOND, SECOND, SECOND),
            new ProductTimes(spec.ring(), 1),
            0,
            Double.POSITIVE_INFINITY);
    try {
      ObjectMapper mapper = new ObjectMapper();
      return mapper.readTree(
          mapper.writeValueAsString(Prediction.of(spec, graph, 1, times).json()));
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }

  private static void assertSame(JsonNode plan, JsonNode measured) {
    assertThat(plan.get("key_bytes")).isEqualTo(measured.get("key_bytes"));
    assertThat(plan.at("/offline_bytes/P2")).isEqualTo(measured.at("/offline_bytes/P2"));
    assertThat(plan.get("online_bytes")).isEqualTo(measured.get("online_bytes"));
    assertThat(plan.get("rounds")).isEqualTo(measured.get("rounds"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "lenet                | SHARED | infer --model lenet --batch 2",
        "lenet                | OWNER  | infer --model lenet --batch 2",
        "network-a            | SHARED | infer --model network-a --batch 2",
        "network-a            | OWNER  | infer --model network-a --batch 2",
        "PT/shortcut.traced.pt | SHARED | PT/shortcut.io.npz",
        "PT/shortcut.traced.pt | OWNER  | PT/shortcut.io.npz"
      })
  void declaresTheBytesAndRoundsOfARunInTotalAndOfEachLayer(
      String model, String weights, String how) {
    boolean bench = how.startsWith("infer");
    String command =
        bench
            ? "bench " + how
            : "run " + model + " --input " + how + " --output " + folder.resolve("y.npz");
    JsonNode measured = json(run(command + " --warmup 0 --json --weights " + weights));

    List<JobSpec.Input> inputs = new ArrayList<>();
    if (bench) {
      inputs.addAll(Jobs.inference(model, 2).inputs());
    } else {
      List<Long> lengths = new ArrayList<>();
      measured.at("/input_shapes/0").forEach(length -> lengths.add(length.asLong()));
      inputs.add(new JobSpec.Input("", lengths));
    }
    JsonNode plan =
        plan(
            Jobs.planned(model.replace("PT/", MODULES + "/"), inputs, WeightMode.valueOf(weights)));

    assertSame(plan, measured);
    assertThat(plan.get("layers")).hasSameSizeAs(measured.get("layers"));
    for (int i = 0; i < plan.get("layers").size(); i++) {
      JsonNode declared = plan.get("layers").get(i);
      JsonNode layer = measured.get("layers").get(i);
      assertThat(declared.get("layer")).isEqualTo(layer.get("layer"));
      assertThat(declared.get("key_bytes")).isEqualTo(layer.get("key_bytes"));
      assertThat(declared.get("online_bytes")).isEqualTo(layer.get("online_bytes"));
      assertThat(declared.get("rounds")).isEqualTo(layer.get("rounds"));
    }
  }

  @Test
  void predictsSecondsFromWhatItCounts() {
    JsonNode plan = plan(Jobs.inference("network-a", 3));

    JsonNode linear = plan.at("/layers/1");
    long work = 3L * 784 * 128;
    long sent = 3L * 784 * 8;
    assertThat(linear.get("multiply_adds").asLong()).isEqualTo(work);
    assertThat(linear.get("online_s").asDouble()).isEqualTo(2.0 * work + sent + 1);
    assertThat(linear.get("offline_s").asDouble()).isEqualTo(3.0 * work + sent + 1);
    JsonNode relu = plan.at("/layers/2");
    long keys = relu.at("/key_bytes/P0").asLong() + relu.at("/key_bytes/P1").asLong();
    assertThat(relu.get("comparisons").asLong()).isEqualTo(3 * 128);
    assertThat(relu.get("online_s").asDouble()).isEqualTo(keys + 2.0);
    double bound = linear.get("error_bound").asDouble();
    assertThat(bound).isBetween(1e-6, 0.1);
    assertThat(linear.get("expected_error").asDouble()).isBetween(1e-6, bound);
    // revealing rescales once more, which moves each value by less than a unit in the last place
    double last = plan.at("/layers/5/expected_error").asDouble();
    assertThat(plan.get("expected_error").asDouble())
        .isCloseTo(last, within(ExpectedError.SIGMAS * 0x1p-16));
    assertThat(plan.get("online_s").asDouble() + plan.get("offline_s").asDouble())
        .isCloseTo(plan.get("total_s").asDouble(), withinPercentage(0.01));
  }

  @Test
  void printsATableAndDrawsAChart() throws IOException {
    Path chart = folder.resolve("plan.png");

    Run run =
        run(
            "plan PT/shortcut.traced.pt --batch 3 --input-shape 3,8,8 --rtt-ms 4000"
                + " --bandwidth-mbps 100 --chart "
                + chart);

    assertThat(run.err()).isEmpty();
    assertThat(run.status()).isZero();
    assertThat(run.out())
        .containsPattern("a/convolution +\\(3, [0-9]+, [0-9]+, [0-9]+\\) +0 +[0-9]+ ")
        .containsPattern(
            "\ntotal +[0-9]+ +[0-9]+ .* [0-9]+ +[0-9.e-]+ +[0-9.e-]+ +[0-9.]+ +[0-9]{2,}\\.[0-9]{3}\n")
        .contains("Bytes and rounds are exact");
    BufferedImage image = ImageIO.read(Files.newInputStream(chart));
    assertThat(image.getWidth()).isGreaterThanOrEqualTo(900);
    assertThat(image.getHeight()).isEqualTo(640);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "lenet --batch 0                                | 2 | at least 1",
        "lenet --input-shape 1,x                        | 2 | give lengths such as 3,224,224",
        "lenet --input-shape 3,8,8                      | 1 | MPC-101",
        "lenet --batch 1000000000                       | 2 | 2^28 elements",
        "lenet --chart a.jpg                            | 2 | ends in .png",
        "lenet --chart no/such/place.png                | 1 | directory does not exist",
        "lenet --input-magnitude NaN                    | 2 | no bound",
        "none.onnx                                      | 1 | There is no model file none.onnx",
        "PT/shortcut.traced.pt                          | 1 | Give --input-shape"
      })
  void saysWhatIsWrongBeforeItMeasures(String arguments, int status, String reason) {
    Run run = run("plan " + arguments);

    assertThat(run.status()).isEqualTo(status);
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).hasLineCount(1).startsWith("djl-mpc: ").contains(reason);
  }
}
