package org.djlmpc.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each benchmark prints all fields of a run, in one order, and computes what it should. */
final class BenchCommandTest {
  private static final List<String> FIELDS =
      List.of(
          "bench",
          "protocol",
          "size",
          "threads",
          "ring",
          "fraction_bits",
          "rtt_ms",
          "bandwidth_mbps",
          "offline_s",
          "online_s",
          "total_s",
          "offline_bytes",
          "online_bytes",
          "rounds",
          "key_bytes",
          "max_abs_error",
          "errors",
          "plain_s",
          "aes_blocks_per_s",
          "peak_rss");

  private static List<JsonNode> bench(String arguments) {
    Run run = Run.of(("bench " + arguments + " --warmup 0 --json").split(" "));
    assertThat(run.err()).isEmpty();
    assertThat(run.status()).isZero();
    assertThat(run.out()).doesNotContainPattern("[0-9]E-?[0-9]");
    List<JsonNode> lines = run.json();
    for (JsonNode line : lines) {
      assertThat(names(line)).containsSubsequence(FIELDS);
      assertThat(names(line.get("offline_bytes"))).containsExactly("P0", "P1", "P2");
      assertThat(names(line.get("online_bytes"))).containsExactly("P0", "P1");
      assertThat(names(line.get("key_bytes"))).containsExactly("P0", "P1");
      assertThat(line.get("errors").asLong()).isZero();
      assertThat(line.get("peak_rss").asLong()).isPositive();
      assertThat(line.get("plain_s").asDouble()).isPositive();
      assertThat(line.get("aes_blocks_per_s").asDouble()).isGreaterThan(1e6);
    }
    return lines;
  }

  private static List<String> names(JsonNode object) {
    List<String> names = new ArrayList<>();
    object.fieldNames().forEachRemaining(names::add);
    return names;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "relu --size 1500                                     | 2 | 1500 | 12188 | 0",
        "relu --size 1500 --ring 32 --fraction-bits 10        | 2 | 1500 |  6188 | 0",
        "relu --size 1500 --comparison-bits 20                | 2 | 1500 | 12188 | 0",
        "matmul --size 12                                     | 2 |   12 |  3456 | 1.6e-5",
        "conv --size 4                                        | 2 |    4 | 311296 | 1.6e-5",
        "maxpool --size 2048 --ring 32 --fraction-bits 0      | 4 | 2048 |  6336 | 0"
      })
  void measuresOperators(String arguments, int rounds, int size, long bytes, double error) {
    JsonNode line = bench(arguments.strip()).get(0);

    assertThat(line.get("rounds").asInt()).isEqualTo(rounds);
    assertThat(line.get("size").asInt()).isEqualTo(size);
    assertThat(line.at("/online_bytes/P0").asLong()).isEqualTo(bytes);
    assertThat(line.at("/online_bytes/P1").asLong()).isEqualTo(bytes);
    assertThat(line.get("max_abs_error").asDouble()).isBetween(0.0, error);
    assertThat(line.at("/offline_bytes/P2").asLong())
        .isEqualTo(line.at("/key_bytes/P0").asLong() + line.at("/key_bytes/P1").asLong());
  }

  @Test
  void printsALineForEachRunOnTheSlowerNetwork() {
    List<JsonNode> lines =
        bench("relu --size 10 --repeat 3 --rounds bytes --rtt-ms 60 --bandwidth-mbps 1000");

    assertThat(lines).hasSize(3);
    for (JsonNode line : lines) {
      assertThat(line.get("rtt_ms").asDouble()).isEqualTo(60);
      assertThat(line.get("bandwidth_mbps").asDouble()).isEqualTo(1000);
      // two rounds of half a round trip each, whatever the machine does
      assertThat(line.get("online_s").asDouble()).isGreaterThanOrEqualTo(0.06);
      assertThat(line.get("total_s").asDouble())
          .isGreaterThanOrEqualTo(line.get("online_s").asDouble());
    }
  }

  @Test
  void showsThatThePapersComparisonFails() {
    Run run =
        Run.of(
            "bench relu --size 4000 --ring 32 --fraction-bits 10 --comparison paper --json"
                .split(" "));

    // |y| / 2^n, a quarter on average over the whole ring
    assertThat(run.json().get(0).get("errors").asDouble() / 4000).isBetween(0.2, 0.3);
  }

  @Test
  void infersAsThePlanDeclares() {
    JsonNode line = bench("infer --model network-d --batch 2").get(0);

    JobSpec spec = Jobs.inference("network-d", 2);
    var plan = Jobs.plan(spec);
    assertThat(line.get("agree_top1").asDouble()).isEqualTo(1);
    double error = line.get("max_abs_error").asDouble();
    assertThat(error).isBetween(0.0, 0.01);
    assertThat(line.get("expected_error").asDouble()).isBetween(error, 0.05);
    assertThat(line.get("worst_case_error").asDouble())
        .isGreaterThan(line.get("expected_error").asDouble());
    assertThat(line.at("/key_bytes/P0").asLong()).isEqualTo(plan.total().keyBytesP0());
    assertThat(line.at("/key_bytes/P1").asLong()).isEqualTo(plan.total().keyBytesP1());
    assertThat(line.at("/online_bytes/P1").asLong()).isEqualTo(plan.total().onlineBytesP1());
    // P0 gives its share of the logits to P1
    long logits = 2L * 10 * Long.BYTES;
    assertThat(line.at("/online_bytes/P0").asLong())
        .isEqualTo(plan.total().onlineBytesP0() + logits);
    assertThat(line.get("rounds").asInt()).isEqualTo(plan.total().rounds() + 1);
    for (int i = 0; i < plan.layers().size(); i++) {
      JsonNode layer = line.get("layers").get(i);
      var declared = plan.layers().get(i).cost();
      assertThat(layer.at("/key_bytes/P1").asLong()).isEqualTo(declared.keyBytesP1());
      assertThat(layer.at("/online_bytes/P0").asLong()).isEqualTo(declared.onlineBytesP0());
      assertThat(layer.get("rounds").asInt()).isEqualTo(declared.rounds());
    }
  }

  @Test
  void infersWithTheWeightsAtTheirOwner() {
    JsonNode shared = bench("infer --model network-a --batch 2").get(0);
    JsonNode owned = bench("infer --model network-a --batch 2 --weights OWNER").get(0);

    assertThat(owned.get("agree_top1").asDouble()).isEqualTo(1);
    assertThat(owned.get("weights").asText()).isEqualTo("owner");
    // the owner masks nothing for its products
    assertThat(owned.at("/online_bytes/P0").asLong())
        .isLessThan(shared.at("/online_bytes/P0").asLong());
    assertThat(owned.at("/online_bytes/P1").asLong())
        .isEqualTo(shared.at("/online_bytes/P1").asLong());
  }
}
