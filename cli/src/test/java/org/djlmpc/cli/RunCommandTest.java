package org.djlmpc.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.djlmpc.cli.numpy.NumpyFile;
import org.djlmpc.graph.PublicTensor;
import org.djlmpc.layers.networks.FashionMnist;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Model files and networks run on files of arrays; what is wrong is said before anything runs. */
final class RunCommandTest {
  /** TorchScript modules with their inputs x0, x1, ... and PyTorch's outputs y0, y1, ... */
  private static final Path MODULES =
      Path.of("..", "model-zoo-adapters", "src/test/resources/org/djlmpc/zoo/torchscript");

  private static final float[] PIXELS = FashionMnist.testSample().pixels(0, 2);

  @TempDir private Path folder;

  @BeforeEach
  void images() throws IOException {
    write("images.npy", Map.of("", PublicTensor.of(PIXELS, new Shape(2, 1, 28, 28))));
  }

  private void write(String file, Map<String, PublicTensor> arrays) throws IOException {
    try (OutputStream out = Files.newOutputStream(folder.resolve(file))) {
      if (file.endsWith(".npz")) {
        NumpyFile.write(arrays, out);
      } else {
        NumpyFile.write(arrays.get(""), out);
      }
    }
  }

  /** {@code IN/} stands for the folder of the test, {@code PT/} for the modules. */
  private Run run(String arguments) {
    return Run.of(
        ("run " + arguments + " --warmup 0")
            .replace("PT/", MODULES + "/")
            .replace("IN/", folder + "/")
            .split(" +"));
  }

  private JsonNode json(String arguments) {
    Run run = run(arguments + " --json");
    assertThat(run.err()).isEmpty();
    assertThat(run.status()).isZero();
    return run.json().get(0);
  }

  private PublicTensor read(String file, String array) {
    PublicTensor values = NumpyFile.read(folder.resolve(file)).get(array);
    assertThat(values).isNotNull();
    return values;
  }

  private static double distance(PublicTensor a, PublicTensor b) {
    assertThat(a.shape()).isEqualTo(b.shape());
    double largest = 0;
    for (int i = 0; i < a.size(); i++) {
      largest = Math.max(largest, Math.abs(a.getDouble(i) - b.getDouble(i)));
    }
    return largest;
  }

  @Test
  void roundsAreSavedWhereAskedFor() {
    String pools = "PT/pools.traced.pt --input PT/pools.io.npz --output IN/y.npz --rounds ";
    JsonNode low = json(pools + "low");
    JsonNode bytes = json(pools + "bytes");
    assertThat(low.get("rounds").asInt()).isLessThan(bytes.get("rounds").asInt());
    assertThat(low.at("/online_bytes/P0").asLong())
        .isGreaterThan(bytes.at("/online_bytes/P0").asLong());
  }

  @Test
  void classifiesTheImagesOfAFileAsPlaintextDoes() {
    JsonNode secret = json("lenet --input IN/images.npy --output IN/secret.npy");
    JsonNode plain = json("lenet --input IN/images.npy --output IN/plain.npy --plain");

    assertThat(secret.get("bench").asText()).isEqualTo("infer");
    assertThat(secret.get("batch").asInt()).isEqualTo(2);
    assertThat(secret.get("agree_top1").asDouble()).isEqualTo(1);
    assertThat(secret.get("layers")).hasSizeGreaterThan(8);
    assertThat(secret.get("output_shapes").toString()).isEqualTo("[[2,10]]");
    assertThat(plain.fieldNames())
        .toIterable()
        .containsExactlyElementsOf(() -> secret.fieldNames());
    assertThat(plain.get("protocol").asText()).isEqualTo("plain");
    assertThat(distance(read("secret.npy", ""), read("plain.npy", ""))).isBetween(1e-9, 0.01);
    List<PublicTensor> reference = Plaintext.measure(Jobs.inference("lenet", 2)).outputs();
    assertThat(distance(read("plain.npy", ""), reference.get(0))).isLessThan(1e-4);
  }

  @Test
  void runsAModelFileOfSeveralInputsAndOutputsAsProcesses() throws IOException {
    Map<String, PublicTensor> recorded = NumpyFile.read(MODULES.resolve("outputs.io.npz"));
    Map<String, PublicTensor> inputs = new LinkedHashMap<>();
    inputs.put("unrelated", PublicTensor.scalar(3, DataType.INT32));
    recorded.forEach((name, array) -> inputs.put(name, array));
    write("in.npz", inputs);

    JsonNode line =
        json("PT/outputs.scripted.pt --input IN/in.npz --output IN/out.npz --processes");

    assertThat(line.get("processes").asBoolean()).isTrue();
    assertThat(line.get("peak_rss_by_process")).hasSize(3);
    for (int i = 0; recorded.containsKey("y" + i); i++) {
      assertThat(distance(read("out.npz", "output_" + i), recorded.get("y" + i))).isLessThan(0.001);
    }
  }

  @Test
  void runsResidualNetworksInBothRingsAndWeightModes() {
    Map<String, PublicTensor> recorded = NumpyFile.read(MODULES.resolve("shortcut.io.npz"));

    json(
        "PT/shortcut.traced.pt --input PT/shortcut.io.npz --output IN/a.npz --weights OWNER"
            + " --ring 32 --fraction-bits 10");

    assertThat(distance(read("a.npz", "output_0"), recorded.get("y0"))).isLessThan(0.2);
  }

  @Test
  void refusesARingThatTheValuesDoNotFit() {
    Run run =
        run("lenet --input IN/images.npy --output IN/y.npy --ring 32 --fraction-bits 13 --json");

    assertThat(run.status()).isEqualTo(1);
    assertThat(run.err())
        .hasLineCount(1)
        .contains("MPC-104", "linear", "values reach", "below 16", "--ring 64")
        .containsPattern("--fraction-bits (9|10|11|12) or fewer");
    assertThat(folder.resolve("y.npy")).doesNotExist();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "lenet --input IN/none.npy --output IN/y.npy        | MPC-205 | There is no file",
        "lenet --input IN/images.jpg --output IN/y.npy      | MPC-205 | neither .npy nor .npz",
        "lenet --input IN/images.npy --output IN/y.txt      | MPC-205 | neither .npy nor .npz",
        "lenet --input IN/images.npy --output IN/no/y.npy   | MPC-205 | directory does not exist",
        "lenet --input IN/images.npy --output IN/dir.npy    | MPC-205 | it is a directory",
        "lenet --input IN/flat.npy --output IN/y.npy        | MPC-101 | (N, 1, 28, 28)",
        "lenet --input IN/empty.npy --output IN/y.npy       | MPC-101 | no elements",
        "lenet --input IN/two.npz --output IN/y.npy         | MPC-101 | holds the arrays [a, b]",
        "lenet --input IN/broken.npz --output IN/y.npy      | MPC-205 | no sound zip archive",
        "lenet --input IN/nan.npy --output IN/y.npy         | MPC-103 | 1 of 784 values",
        "lenet --input IN/huge.npy --output IN/y.npy        | MPC-104 | fraction bits",
        "lenet7 --input IN/images.npy --output IN/y.npy     | MPC-106 | Choose one of network-a",
        "model.pt --input IN/images.npy --output IN/y.npy   | MPC-205 | no model file model.pt",
        "IN/images.npy --input IN/images.npy --output IN/y.npy | MPC-205 | .onnx, .pt",
        "IN/dir.npy --input IN/images.npy --output IN/y.npy | MPC-205 | Name the model file in it",
        "IN/broken.pt --input IN/images.npy --output IN/y.npy | MPC-2 | broken.pt",
        "IN/broken.onnx --input IN/images.npy --output IN/y.npy | MPC-203 | broken.onnx",
        "PT/outputs.scripted.pt --input PT/outputs.io.npz --output IN/y.npy | MPC-205 | .npz file",
        "PT/norms.scripted.pt --input IN/images.npy --output IN/y.npz | MPC-101 | Shapes (2, 1, 28, 28) and",
        "PT/unsupported.scripted.pt --input PT/unsupported.io.npz --output IN/y.npz | MPC-201 | "
      })
  void saysWhatIsWrongBeforeAnythingRuns(String arguments, String code, String reason)
      throws IOException {
    Shape image = new Shape(1, 1, 28, 28);
    float[] strange = new float[784];
    strange[5] = Float.NaN;
    write("nan.npy", Map.of("", PublicTensor.of(strange, image)));
    write("huge.npy", Map.of("", PublicTensor.full(image, DataType.FLOAT32, 1e30)));
    write("flat.npy", Map.of("", PublicTensor.zeros(new Shape(1, 3, 8, 8), DataType.FLOAT32)));
    write("empty.npy", Map.of("", PublicTensor.zeros(new Shape(0, 1, 28, 28), DataType.FLOAT32)));
    PublicTensor zeros = PublicTensor.zeros(image, DataType.FLOAT32);
    write("two.npz", new TreeMap<>(Map.of("a", zeros, "b", zeros)));
    Files.writeString(folder.resolve("broken.npz"), "hello");
    Files.createDirectory(folder.resolve("dir.npy"));
    Files.writeString(folder.resolve("broken.pt"), "PK\3\4 but no archive");
    Files.writeString(folder.resolve("broken.onnx"), "hello");

    Run run = run(arguments + " --json");

    assertThat(run.status()).isEqualTo(1);
    assertThat(run.out()).isEmpty();
    assertThat(run.err().strip())
        .startsWith("djl-mpc: " + code)
        .contains(reason == null ? "" : reason)
        .endsWith(".")
        .doesNotContain("Exception");
    try (Stream<Path> left = Files.list(folder)) {
      assertThat(left.map(file -> file.getFileName().toString()))
          .allMatch(name -> !name.startsWith("y.") && !name.endsWith(".part"));
    }
  }

  @Test
  void keepsTheOldFileWhenWritingFails() throws IOException {
    Path target = Files.writeString(folder.resolve("out.npy"), "old");

    assertThatThrownBy(
            () -> {
              try (OutputFile file = new OutputFile(target)) {
                file.write(
                    out -> {
                      out.write(new byte[100_000]);
                      throw new IOException("No space left on device");
                    });
              }
            })
        .hasMessageContaining("MPC-205")
        .hasMessageContaining("No space left on device");
    assertThat(target).hasContent("old");
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files).hasSize(2);
    }
    try (OutputFile file = new OutputFile(target)) {
      file.write(out -> out.write('n'));
    }
    assertThat(target).hasContent("n");
  }

  /** A draft whose process was killed goes with the next run; one that is being written stays. */
  @Test
  void removesTheDraftsOfKilledProcesses() throws Exception {
    Path target = folder.resolve("out [1].npy");
    Path abandoned = Files.writeString(folder.resolve(".out [1].npy.123.part"), "half");
    List<Path> others = new ArrayList<>();
    for (String name :
        List.of(".out [1].npy.part", ".out [1].npy.x.part", ".out [10].npy.1.part")) {
      others.add(Files.writeString(folder.resolve(name), "another's"));
    }
    Process writer = OutputFileWriter.start(target);
    try {
      Path living = folder.resolve(".out [1].npy." + writer.pid() + ".part");
      assertThat(writer.getInputStream().read()).isEqualTo('!');
      assertThat(abandoned).doesNotExist();
      writeAgain(target);
      assertThat(living).exists();
      writer.destroyForcibly().waitFor();
      assertThat(living).exists();
      writeAgain(target);
      assertThat(living).doesNotExist();
      assertThat(others).allMatch(Files::exists);
    } finally {
      writer.destroyForcibly();
    }
  }

  private static void writeAgain(Path target) {
    try (OutputFile file = new OutputFile(target)) {
      file.write(out -> out.write('n'));
    }
    assertThat(target).hasContent("n");
  }
}
