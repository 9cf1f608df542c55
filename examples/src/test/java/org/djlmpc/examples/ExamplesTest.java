package org.djlmpc.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The examples run and say what they promise. */
final class ExamplesTest {
  @FunctionalInterface
  private interface Program {
    void main(String[] args) throws Exception;
  }

  private static List<String> output(Program program, String... arguments) throws Exception {
    PrintStream before = System.out;
    ByteArrayOutputStream output = new ByteArrayOutputStream();
    System.setOut(new PrintStream(output, true, StandardCharsets.UTF_8));
    try {
      program.main(arguments);
    } finally {
      System.setOut(before);
    }
    return output.toString(StandardCharsets.UTF_8).lines().toList();
  }

  @Test
  void aBankAndAShopTrainTogether() throws Exception {
    List<String> lines = output(SplitTraining::main, "split");
    assertThat(lines).hasSize(11);
    assertThat(lines.get(10)).matches("Metrics.dataset=test, epoch=10.*, auc=(0\\.9.*|1\\.0).");
  }

  /** The whole program, as the documentation says. */
  @Test
  void aTrainingProgramIsShort() throws Exception {
    Path source = Path.of("src/main/java/org/djlmpc/examples/SplitTraining.java");
    assertThat(Files.readAllLines(source)).hasSizeLessThanOrEqualTo(40);
  }

  @Test
  void picturesAreClassified() throws Exception {
    List<String> lines = output(EncryptedInference::main);
    assertThat(lines).hasSize(10).contains("Ankle boot: Ankle boot", "Trouser: Trouser");
  }

  /** A small network takes the place of ResNet18: what it answers does not matter here. */
  @Test
  void aPhotographIsClassifiedByATorchScriptModule(@TempDir Path directory) throws Exception {
    Path module = directory.resolve("traced_small.pt");
    try (InputStream small = ExamplesTest.class.getResourceAsStream("photograph.traced.pt")) {
      Files.copy(Objects.requireNonNull(small), module);
    }
    List<String> names = List.of("ant", "bee", "cat", "dog", "elk");
    Files.write(directory.resolve("synset.txt"), names);
    String answer = String.join("\n", output(EncryptedResNet::main, module.toString()));
    assertThat(answer).contains(names);
  }

  @Test
  void companiesLearnWhatTheyAgreedOn() throws Exception {
    List<String> lines = output(PrivateArrays::main);
    String common = "mean 50.78, spread 11.44, the first company pays more";
    assertThat(lines.get(0)).startsWith("first company:  " + common + ";");
    assertThat(lines.get(1)).startsWith("second company: " + common + ", highest 75.0;");
    assertThat(lines)
        .endsWith(
            "mean and variance for both",
            "who pays more, for both",
            "highest salary for the second");
  }
}
