package org.djlmpc.cli.split;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.djlmpc.error.MpcException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is wrong in a configuration is said in its own words, never guessed away. */
final class SplitConfigTest {
  private static final Path GOOD = Path.of("../examples/split/coordinator.json");

  @TempDir private Path folder = Path.of("");

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'\"epochs\": 20'    | '\"epoch\": 20'               | unknown field \"epoch\"",
        "'\"epochs\": 20'    | '\"epochs\": 20, \"epochs\": 2' | Duplicate field 'epochs'",
        "'\"epochs\": 20'    | '\"epochs\": \"many\"'          | field \"training.epochs\"",
        "'6a1f2d0e-'         | 'ours'                        | field \"run.session\"",
        "'\"hidden\": ['     | '\"hidden\": [ \"x\",'          | field \"network.hidden.[0]\"",
        "'\"training\": {'   | '\"training\": 3, \"x\": {'     | field \"training\"",
        "'\"epochs\": 20,'   | '\"epochs\": 20'              | line 13:",
      })
  void namesWhatIsWrong(String good, String bad, String reason) throws IOException {
    String text = Files.readString(GOOD);
    assertThat(text).contains(good);
    Path file = Files.writeString(folder.resolve("bad.json"), text.replace(good, bad));

    assertThatThrownBy(() -> SplitConfig.read(file))
        .isInstanceOf(MpcException.class)
        .hasMessageContainingAll("MPC-106", "bad.json", reason, "docs/split.md")
        .hasMessageNotContainingAny("java.", "org.djlmpc", "com.fasterxml");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'{}' | one of them",
        "'{\"tls\": \"ca/P0\", \"key_store\": \"me.p12\"}' | one of them",
        "'{\"key_store\": \"me.p12\"}' | security.key_store needs security.trust FILE",
        "'{\"insecure_plain_tcp\": true, \"pins\": {\"teller\": \"00\"}}' | no party \"teller\"",
      })
  void namesWhatIsWrongInItsSecurity(String security, String reason) throws IOException {
    String text =
        Files.readString(GOOD).replaceFirst("(?s)(\"security\": )\\{.*?}", "$1" + security);
    Path file = Files.writeString(folder.resolve("bad.json"), text);

    SplitConfig config = SplitConfig.read(file);

    assertThatThrownBy(() -> config.security().connections(file))
        .isInstanceOf(MpcException.class)
        .hasMessageContainingAll("MPC-106", "bad.json", reason, "docs/split.md");
  }

  @Test
  void saysThatAFileIsNotThere() {
    assertThatThrownBy(() -> SplitConfig.read(folder.resolve("none.json")))
        .hasMessageContaining("none.json cannot be used: there is no such file.");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "[]", "3"})
  void saysThatAFileIsNoConfiguration(String text) throws IOException {
    Path file = Files.writeString(folder.resolve("odd.json"), text);
    assertThatThrownBy(() -> SplitConfig.read(file))
        .hasMessageContaining("odd.json cannot be used: it is empty, or no JSON object.");
  }
}
