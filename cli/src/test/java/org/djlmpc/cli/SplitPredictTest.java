package org.djlmpc.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.djlmpc.cli.identity.PartyNames;
import org.djlmpc.transport.certificates.CertificateAuthority;
import org.djlmpc.transport.certificates.Fingerprint;
import org.djlmpc.transport.certificates.Identity;
import org.djlmpc.transport.netty.LoopbackPorts;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** From files to predictions by the commands of the four parties, here in one process for speed. */
@Timeout(300)
final class SplitPredictTest {
  private static final Path EXAMPLE = Path.of("../examples/split");
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final List<String> PARTIES =
      List.of("coordinator", "server", "holder0", "holder1");

  @TempDir private Path folder = Path.of("");

  private Path write(String name, List<String> lines) throws IOException {
    return Files.write(folder.resolve(name), lines);
  }

  /** Runs all parties with the example's configurations, changed; what each said. */
  private Map<String, Run> run(BiConsumer<String, ObjectNode> change, String... coordinatorOptions)
      throws IOException {
    ObjectNode addresses = JSON.createObjectNode();
    PARTIES.forEach(party -> addresses.put(party, "127.0.0.1:" + LoopbackPorts.free()));
    String session = UUID.randomUUID().toString();
    Map<String, CompletableFuture<Run>> runs = new LinkedHashMap<>();
    for (String party : PARTIES) {
      var config = (ObjectNode) JSON.readTree(EXAMPLE.resolve(party + ".json").toFile());
      config.withObject("/training").put("epochs", 3).put("patience", 0);
      config.withObject("/run").put("session", session).set("addresses", addresses);
      change.accept(party, config);
      Path file = folder.resolve(party + ".json");
      JSON.writeValue(file.toFile(), config);
      boolean holds = party.startsWith("holder");
      List<String> arguments = new ArrayList<>(List.of("split", holds ? "holder" : party));
      arguments.addAll(List.of("--config", file.toString()));
      if (holds) {
        arguments.addAll(List.of("--number", party.substring("holder".length())));
      } else if (party.equals("coordinator")) {
        arguments.addAll(List.of(coordinatorOptions));
      }
      runs.put(party, Run.start(arguments.toArray(String[]::new)));
    }
    Map<String, Run> ended = new LinkedHashMap<>();
    runs.forEach((party, run) -> ended.put(party, run.orTimeout(2, TimeUnit.MINUTES).join()));
    return ended;
  }

  private static void succeeded(Map<String, Run> runs) {
    runs.forEach((party, run) -> assertThat(run.status()).as(party + run.err()).isZero());
  }

  private List<String> predictions(String dataset) throws IOException {
    return Files.readAllLines(folder.resolve("predictions").resolve(dataset + ".csv"));
  }

  /** The example's files by their full names. */
  private static void example(String party, ObjectNode config) {
    if (config.has("data")) {
      String who = party.equals("holder0") ? "bank" : "shop";
      data(config, Map.of("train", EXAMPLE.resolve(who + "-train.csv")));
    }
  }

  private static void data(ObjectNode config, Map<String, Path> files) {
    ObjectNode data = config.putObject("data");
    files.forEach((name, file) -> data.put(name, file.toAbsolutePath().toString()));
  }

  @Test
  void newCustomersAreScoredWithoutLabelsAlsoInALaterSession() throws IOException {
    Path bank = EXAMPLE.resolve("bank-validation.csv");
    Path shop = EXAMPLE.resolve("shop-validation.csv");
    Path customers =
        write(
            "customers.csv",
            Files.readAllLines(bank).stream()
                .map(line -> line.substring(0, line.lastIndexOf(',')))
                .toList());
    Map<String, Path> banks = Map.of("known", bank, "new", customers);
    Map<String, Path> shops = Map.of("known", shop, "new", shop);

    Map<String, Run> training =
        run(
            (party, config) -> {
              Map<String, Path> all = new LinkedHashMap<>(party.equals("holder0") ? banks : shops);
              if (config.has("data")) {
                String who = party.equals("holder0") ? "bank" : "shop";
                all.put("train", EXAMPLE.resolve(who + "-train.csv"));
                data(config, all);
              }
            },
            "--predict",
            "new");
    succeeded(training);
    List<JsonNode> said = training.get("holder0").json();
    assertThat(said).hasSize(4);
    // without validation data there is a loss of the training alone
    assertThat(said.get(2).fieldNames())
        .toIterable()
        .containsExactly("dataset", "epoch", "train_loss");
    assertThat(said.get(3).toString())
        .isEqualTo(
            "{\"dataset\":\"new\",\"epoch\":3,\"metrics\":\"none, because there are no labels\"}");
    List<String> scores = predictions("new");
    assertThat(scores).hasSize(201).startsWith("probability");

    Map<String, Run> later =
        run(
            (party, config) -> {
              if (config.has("data")) {
                data(config, party.equals("holder0") ? banks : shops);
              }
            },
            "--no-training",
            "--predict",
            "new",
            "--predict",
            "known");
    succeeded(later);
    assertThat(predictions("new")).isEqualTo(scores);
    assertThat(predictions("known")).isEqualTo(scores);
    JsonNode known = later.get("holder0").json().get(1);
    assertThat(known.get("dataset").asText()).isEqualTo("known");
    assertThat(known.get("auc").asDouble()).isBetween(0.0, 1.0);
    assertThat(known.has("train_loss")).isFalse();
  }

  @Test
  void validationNeedsLabels() throws IOException {
    Path bare = write("bare.csv", List.of("age,income,region,default", "39.9,4.18,west,"));
    Map<String, Run> runs =
        run(
            (party, config) -> {
              config.withObject("/run").put("timeout_seconds", 3);
              if (party.equals("holder0")) {
                Path train = EXAMPLE.resolve("bank-train.csv");
                data(config, Map.of("train", train, "validation", bare));
              }
            });
    assertThat(runs.get("holder0").status()).isEqualTo(1);
    assertThat(runs.get("holder0").err())
        .hasLineCount(1)
        .contains("bare.csv, line 2, column default: the label is missing")
        .contains("Training and validation data need a label in every row");
  }

  /** Rows of three classes in another encoding, with another separator. */
  private Path regions(String name, boolean labelled) throws IOException {
    List<String> kinds = List.of("süd", "nord", "ost");
    List<String> lines = new ArrayList<>(List.of(labelled ? "a;b;kind" : "a;b"));
    for (int i = 0; i < 300; i++) {
      int kind = (i * 7 + i / 5) % 3;
      String row = String.format(Locale.ROOT, "%d.%d;%d", 5 * kind, i % 7, 3 * kind * kind + i % 2);
      lines.add(labelled ? row + ";" + kinds.get(kind) : row);
    }
    return Files.write(folder.resolve(name), lines, Charset.forName("windows-1252"));
  }

  /** What a configuration says of the files that {@link #regions} writes. */
  private static void germanLabels(ObjectNode config) {
    config.put("label", "kind").put("charset", "windows-1252").put("separator", ";");
  }

  @Test
  void classesAreLearntFromTheirNames() throws IOException {
    Path train = regions("train.csv", true);
    Path customers = regions("new.csv", false);
    Path shop = EXAMPLE.resolve("shop-train.csv");
    List<String> columns = Files.readAllLines(shop).subList(0, 301);
    Path other = write("shop.csv", columns);
    Map<String, Run> runs =
        run(
            (party, config) -> {
              config.withObject("/network").put("loss", "softmax").put("outputs", 3);
              config.withObject("/training").put("epochs", 20);
              if (party.equals("holder0")) {
                data(config, Map.of("train", train, "validation", train, "new", customers));
                germanLabels(config);
              } else if (party.equals("holder1")) {
                data(config, Map.of("train", other, "validation", other, "new", other));
              }
            },
            "--predict",
            "new");
    succeeded(runs);
    JsonNode last = runs.get("holder0").json().get(19);
    assertThat(last.fieldNames())
        .toIterable()
        .containsExactly("dataset", "epoch", "train_loss", "loss", "accuracy");
    assertThat(last.get("accuracy").asDouble()).isEqualTo(1);
    List<String> lines = predictions("new");
    assertThat(lines).hasSize(301);
    assertThat(lines.get(0))
        .isEqualTo("class,probability of nord,probability of ost,probability of süd");
    List<String> labels = Files.readAllLines(train, Charset.forName("windows-1252"));
    for (int i = 1; i <= 300; i++) {
      String label = labels.get(i).substring(labels.get(i).lastIndexOf(';') + 1);
      assertThat(lines.get(i)).startsWith(label + ",");
    }
  }

  @Test
  void asManyOutputsAsClassesAreNeeded() throws IOException {
    Path train = regions("train.csv", true);
    Map<String, Run> runs =
        run(
            (party, config) -> {
              config.withObject("/network").put("loss", "softmax").put("outputs", 4);
              config.withObject("/run").put("timeout_seconds", 3);
              if (party.equals("holder0")) {
                data(config, Map.of("train", train));
                germanLabels(config);
              }
            });
    assertThat(runs.get("holder0").err())
        .hasLineCount(1)
        .contains("has 3 classes in the training data, the network 4 outputs");
  }

  /** Trains on the example's rows and predicts them. */
  private List<String> trainedWith(String loss, Path train, Consumer<ObjectNode> labels)
      throws IOException {
    Path shop = EXAMPLE.resolve("shop-train.csv");
    Map<String, Run> runs =
        run(
            (party, config) -> {
              config.withObject("/network").put("loss", loss);
              config.put("experiment_seed", 7 + PARTIES.indexOf(party));
              if (party.equals("holder0")) {
                data(config, Map.of("train", train, "rows", train));
                labels.accept(config);
              } else if (party.equals("holder1")) {
                data(config, Map.of("train", shop, "rows", shop));
              }
              config.remove("checkpoints");
            },
            "--predict",
            "rows");
    succeeded(runs);
    List<String> fields = new ArrayList<>();
    runs.get("holder0").json().get(3).fieldNames().forEachRemaining(fields::add);
    assertThat(fields)
        .isEqualTo(
            loss.equals("binary")
                ? List.of("dataset", "epoch", "loss", "auc")
                : List.of("dataset", "epoch", "loss"));
    return predictions("rows");
  }

  @Test
  void numbersAreLearnt() throws IOException {
    List<String> lines =
        trainedWith(
            "squared", EXAMPLE.resolve("bank-train.csv"), config -> config.put("label", "default"));
    assertThat(lines).hasSize(601).startsWith("prediction");
  }

  /** As the options of split align and party have it: a key store, and pins. */
  @Test
  void aPartyMayNameItsFilesAndPinOthers() throws IOException {
    Duration day = Duration.ofDays(1);
    CertificateAuthority authority = CertificateAuthority.create("test", day);
    Map<String, String> fingerprints = new HashMap<>();
    for (String party : PARTIES) {
      Identity identity = authority.issue(PartyNames.find(party).orElseThrow(), List.of(), day);
      identity.save(folder.resolve("of-" + party));
      fingerprints.put(party, Fingerprint.of(identity.chain().get(0)).toString());
    }
    for (String pinned : List.of("server", "holder1")) {
      Map<String, Run> runs =
          run(
              (party, config) -> {
                config.withObject("/training").put("epochs", 1);
                config.withObject("/run").put("timeout_seconds", 15);
                ObjectNode security = config.putObject("security");
                example(party, config);
                if (!party.equals("holder0")) {
                  security.put("tls", "of-" + party);
                  return;
                }
                security.put("key_store", "of-holder0/identity.p12");
                security.put("key_store_password_file", "of-holder0/password");
                security.put("trust", "of-holder0/authority.pem");
                security.putObject("pins").put("server", fingerprints.get(pinned));
              });
      if (pinned.equals("server")) {
        succeeded(runs);
      } else {
        assertThat(runs.get("holder0").err()).hasLineCount(1).contains("P1", "pin");
      }
    }
  }

  @Test
  void anyValueCanBeThePositiveOne() throws IOException {
    Path train = EXAMPLE.resolve("bank-train.csv");
    Path named =
        write(
            "named.csv",
            Files.readAllLines(train).stream()
                .map(line -> line.replaceAll(",1$", ",bad").replaceAll(",0$", ",good"))
                .toList());

    assertThat(trainedWith("binary", named, config -> config.put("positive", "bad")))
        .isEqualTo(trainedWith("binary", train, config -> {}));
  }
}
