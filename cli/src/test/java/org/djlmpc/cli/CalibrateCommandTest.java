package org.djlmpc.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.databind.JsonNode;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import javax.imageio.ImageIO;
import org.djlmpc.cli.numpy.NumpyFile;
import org.djlmpc.graph.PublicTensor;
import org.djlmpc.layers.networks.FashionMnist;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Calibrated on samples, a model finds its calibration and runs with narrower comparisons. */
final class CalibrateCommandTest {
  private static final Path MODULES =
      Path.of("..", "model-zoo-adapters", "src/test/resources/org/djlmpc/zoo/torchscript");

  @TempDir private Path folder;

  /** {@code IN/} stands for the folder of the test. */
  private Run run(String arguments) {
    return Run.of(arguments.replace("IN/", folder + "/").split(" +"));
  }

  private JsonNode infer(String arguments) {
    Run run = run("bench infer --warmup 0 --json " + arguments);
    assertThat(run.err()).isEmpty();
    return run.json().get(0);
  }

  private static long keys(JsonNode line) {
    return line.get("key_bytes").get("P0").asLong();
  }

  @Test
  void aCalibratedNetworkNeedsSmallerKeys() {
    Run calibrated = run("calibrate network-d --samples 40 --output IN/d.json");
    assertThat(calibrated.err()).isEmpty();
    assertThat(calibrated.out())
        .contains("measured on 40 samples up to 1", "margin 2 bits", "relu", "silently wrong");
    JsonNode small = infer("--model network-d --batch 2 --calibration IN/d.json --check-range");
    assertThat(small.get("errors").asInt()).isZero();
    assertThat(small.get("max_abs_error").asDouble()).isLessThan(0.01);
    assertThat(keys(infer("--model network-d --batch 2 --calibration IN/d.json")))
        .isLessThan(keys(infer("--model network-d --batch 2")) / 2);

    Run other = run("bench infer --model network-a --warmup 0 --json --calibration IN/d.json");
    assertThat(other.status()).isOne();
    assertThat(other.err()).contains("MPC-206").contains("other operators");
    Run proven = run("calibrate network-d --bounds worst-case --output IN/p.json");
    assertThat(proven.out()).contains("proven for inputs up to 1 ").doesNotContain("silently");
    assertThat(run("calibrate network-d --ring 32 --bounds worst-case --input-magnitude 1e9").err())
        .contains("MPC-104")
        .contains("does not fit");
  }

  @Test
  void aModelFileIsFoundWithItsCalibration() throws IOException {
    Files.copy(MODULES.resolve("shortcut.traced.pt"), folder.resolve("m.pt"));
    Path data = MODULES.resolve("shortcut.io.npz");
    String infer = "run IN/m.pt --input " + data + " --output IN/y.npz --warmup 0 --json";
    JsonNode before = run(infer).json().get(0);
    Run calibrated = run("calibrate IN/m.pt --data " + data);
    assertThat(calibrated.err()).isEmpty();
    assertThat(folder.resolve("m.pt.mpc.json")).exists();
    JsonNode after = run(infer + " --check-range").json().get(0);
    assertThat(after.get("max_abs_error").asDouble()).isLessThan(0.01);
    assertThat(keys(run(infer).json().get(0))).isLessThan(keys(before) / 2);
    assertThat(keys(run(infer + " --calibration ignore").json().get(0))).isEqualTo(keys(before));
    assertThat(run(infer + " --fraction-bits 9").err()).contains("--calibration ignore");

    PublicTensor x = NumpyFile.read(data).get("x0");
    float[] large = x.floats();
    for (int i = 0; i < large.length; i++) {
      large[i] *= 2000;
    }
    write("large.npz", Map.of("x0", PublicTensor.of(large, x.shape())));
    Run strange =
        run("run IN/m.pt --input IN/large.npz --output IN/z.npz --warmup 0 --json --check-range");
    assertThat(strange.status()).isOne();
    assertThat(strange.err()).contains("MPC-104").contains("left the range");
    Files.copy(
        MODULES.resolve("shortcut.scripted.pt"),
        folder.resolve("m.pt"),
        java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    Files.writeString(folder.resolve("m.pt.mpc.json"), "{}");
    assertThat(run(infer).err()).contains("calibration").contains("MPC-206");
  }

  private void write(String file, Map<String, PublicTensor> arrays) throws IOException {
    try (OutputStream out = Files.newOutputStream(folder.resolve(file))) {
      NumpyFile.write(arrays, out);
    }
  }

  @Test
  void imagesAndArraysOfADirectoryAreSamples() throws IOException {
    BufferedImage image = new BufferedImage(40, 30, BufferedImage.TYPE_INT_RGB);
    for (int i = 0; i < 1200; i++) {
      image.setRGB(i % 40, i / 40, 0xffffff * (i % 3 == 0 ? 1 : 0));
    }
    Path samples = Files.createDirectory(folder.resolve("s"));
    ImageIO.write(image, "png", samples.resolve("a.png").toFile());
    float[] pixels = FashionMnist.testSample().pixels(0, 20);
    try (OutputStream out = Files.newOutputStream(samples.resolve("b.npy"))) {
      NumpyFile.write(PublicTensor.of(pixels, new Shape(20, 1, 28, 28)), out);
    }
    Files.writeString(samples.resolve("readme.txt"), "not a sample");
    assertThat(run("calibrate lenet --data IN/s --output IN/a.json").out())
        .contains("measured on 21 samples up to 1 ");
    assertThat(
            run("calibrate lenet --data IN/s --samples 9 --mean 0.5 --std 0.25 --output IN/b.json")
                .out())
        .contains("measured on 9 samples up to 1.9");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "calibrate resnet18 | no samples",
        "calibrate lenet --bounds guessed | measured or worst-case",
        "calibrate lenet --ring 63 | 32 or 64",
        "calibrate lenet --margin 40 --output IN/x | margin of 40 bits",
        "calibrate lenet --data IN/none.npy | no file",
        "calibrate lenet --data IN/ | no samples in",
        "calibrate lenet --data IN/none | no file",
        "calibrate lenet --output IN/none/x.json | its directory does not exist",
        "calibrate lenet --input-magnitude -1 | above 0",
        "calibrate nothing.pt | no model file",
        "bench infer --model lenet --calibration IN/none.json | cannot be read",
      })
  void wrongArgumentsAreRefused(String arguments, String why) {
    Run run = run(arguments);
    assertThat(run.status()).isNotZero();
    assertThat(run.err()).contains(why);
    assertThat(folder.resolve("x")).doesNotExist();
  }
}
