package org.djlmpc.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.djlmpc.layers.split.FirstActivation;
import org.djlmpc.layers.split.HolderSetup;
import org.djlmpc.layers.split.LabelResults;
import org.djlmpc.layers.split.Metrics;
import org.djlmpc.layers.split.ServerSetup;
import org.djlmpc.layers.split.SplitNetwork;
import org.djlmpc.layers.split.SplitPlan;
import org.djlmpc.layers.split.SplitProgress;
import org.djlmpc.layers.split.SplitThreads;
import org.djlmpc.layers.split.Training;
import org.djlmpc.layers.split.UpdateRule;
import org.djlmpc.layers.split.data.CsvHolder;
import org.djlmpc.transport.LinkShape;
import org.djlmpc.transport.PartyId;
import org.djlmpc.transport.certificates.CertificateAuthority;
import org.djlmpc.transport.netty.LoopbackPorts;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Coordinator, server and two holders as processes that prove who they are by certificates. */
@Timeout(1800)
final class SplitProcessesTest {
  private static final Path EXAMPLE = Path.of("../examples/split").toAbsolutePath();
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration VALIDITY = Duration.ofDays(1);

  /** More than a test waits for. */
  private static final int ENDLESS = 1_000_000;

  private static final String DATASET = "validation";

  /** Each party's configuration, in the order of P0, P1, ... */
  private static final List<String> PARTIES =
      List.of("coordinator", "server", "holder0", "holder1");

  @TempDir private Path folder = Path.of("");

  private final CertificateAuthority authority = CertificateAuthority.create("test", VALIDITY);
  private final Map<String, Process> processes = new LinkedHashMap<>();

  /** What the label holder learns in the end. */
  private static final class Learnt implements LabelResults {
    private final List<String> scores = new ArrayList<>();
    private double auc;

    @Override
    public void metrics(Metrics more) {
      auc = more.auc();
    }

    @Override
    public void scores(String dataset, long firstRow, float[] more) {
      for (float score : more) {
        scores.add(Float.toString(score));
      }
    }
  }

  /** The same plan, with the parties as threads. */
  private static Learnt trainAsThreads(int epochs) {
    SplitNetwork network = SplitNetwork.binary(FirstActivation.TANH, 8, 8);
    SplitPlan plan = SplitPlan.of(network, 2, Training.of(epochs, 100, UpdateRule.adam(0.01f)));
    Learnt results = new Learnt();
    try (CsvHolder bank = CsvHolder.of(EXAMPLE.resolve("bank-train.csv"), "default");
        CsvHolder shop = CsvHolder.of(EXAMPLE.resolve("shop-train.csv"))) {
      bank.with(DATASET, EXAMPLE.resolve("bank-validation.csv"));
      shop.with(DATASET, EXAMPLE.resolve("shop-validation.csv"));
      HolderSetup labels = bank.setup().withSeed(seed("holder0")).withResults(results);
      HolderSetup other = shop.setup().withSeed(seed("holder1"));
      try (SplitThreads parties =
          SplitThreads.start(
              plan,
              ServerSetup.CPU.withSeed(seed("server")),
              List.of(labels, other),
              new SplitThreads.Options(LinkShape.NONE, seed("coordinator")))) {
        parties.train(SplitProgress.SILENT);
        parties.infer(DATASET);
      }
    }
    assertThat(results.auc).isGreaterThan(0.8);
    return results;
  }

  private static long seed(String party) {
    return 10L + PARTIES.indexOf(party);
  }

  private static PartyId id(String party) {
    return PartyId.valueOf("P" + PARTIES.indexOf(party));
  }

  @AfterEach
  void endProcesses() throws InterruptedException {
    for (Process process : processes.values()) {
      process.destroyForcibly().waitFor();
    }
  }

  private Path identity(String party) {
    return folder.resolve("identity-" + party);
  }

  private void issueCertificates(List<String> parties) {
    parties.forEach(party -> authority.issue(id(party), List.of(), VALIDITY).save(identity(party)));
  }

  /** Writes the configurations of a new group of parties: the example's, protected by TLS. */
  private void configure(int epochs, int timeoutSeconds) throws IOException {
    ObjectNode addresses = JSON.createObjectNode();
    PARTIES.forEach(party -> addresses.put(party, "127.0.0.1:" + LoopbackPorts.free()));
    String session = UUID.randomUUID().toString();
    for (String party : PARTIES) {
      var config = (ObjectNode) JSON.readTree(EXAMPLE.resolve(party + ".json").toFile());
      config.withObject("/training").put("epochs", epochs).put("patience", 0);
      config.withObject("/run").put("session", session).put("timeout_seconds", timeoutSeconds);
      config.withObject("/run").set("addresses", addresses);
      config.putObject("security").put("tls", identity(party).toString());
      config.put("experiment_seed", seed(party));
      if (config.has("data")) {
        ObjectNode data = config.withObject("/data");
        data.fieldNames()
            .forEachRemaining(
                name -> data.put(name, EXAMPLE.resolve(data.get(name).asText()).toString()));
      }
      JSON.writeValue(config(party).toFile(), config);
    }
  }

  private Path config(String party) {
    return folder.resolve(party + ".json");
  }

  private List<String> arguments(String party, String... more) {
    List<String> arguments = new ArrayList<>(List.of("split"));
    if (party.startsWith("holder")) {
      arguments.addAll(List.of("holder", "--number", party.substring("holder".length())));
    } else {
      arguments.add(party);
    }
    arguments.addAll(List.of("--config", config(party).toString()));
    arguments.addAll(List.of(more));
    return arguments;
  }

  private void start(String... coordinatorOptions) throws IOException {
    for (String party : PARTIES) {
      List<String> options = new ArrayList<>();
      options.addAll(List.of("-Xmx256m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
      options.addAll(List.of("--add-modules", "jdk.incubator.vector", "-Dai.djl.offline=true"));
      boolean first = party.equals("coordinator");
      ProcessBuilder builder =
          JavaProcess.builder(
                  options, Main.class, arguments(party, first ? coordinatorOptions : new String[0]))
              .redirectError(errors(party).toFile());
      if (!first) {
        builder.redirectOutput(output(party).toFile());
      }
      processes.put(party, builder.start());
    }
  }

  private Path output(String party) {
    return folder.resolve(party + ".out");
  }

  private Path errors(String party) {
    return folder.resolve(party + ".err");
  }

  /** What a party that failed said. */
  private String reason(String party) throws IOException {
    return String.join(
        "\n",
        Files.readAllLines(errors(party)).stream()
            .filter(line -> line.startsWith("djl-mpc:"))
            .toList());
  }

  private int exit(String party) throws InterruptedException {
    Process process = processes.get(party);
    assertThat(process.waitFor(5, TimeUnit.MINUTES)).as(party + " has ended").isTrue();
    return process.exitValue();
  }

  /** That an interruption changes nothing shows that separate processes change nothing either. */
  @Test
  void whenAHolderDiesAllStopAndThenResumeToTheScoresOfThreads() throws Exception {
    issueCertificates(PARTIES);
    configure(ENDLESS, 60);
    start();
    int epoch = 0;
    try (BufferedReader progress = processes.get("coordinator").inputReader()) {
      while (epoch < 3) {
        epoch = epoch(progress.readLine());
      }
      processes.get("holder1").destroyForcibly();
      for (String line = progress.readLine(); line != null; line = progress.readLine()) {
        epoch = epoch(line);
      }
    }
    for (String party : PARTIES.subList(0, 3)) {
      assertThat(exit(party)).isEqualTo(1);
      assertThat(reason(party)).hasLineCount(1).contains("MPC-402: P3 closed its connection");
    }

    int epochs = epoch + 22;
    configure(epochs, 60);
    start("--resume", "--predict", DATASET);
    try (BufferedReader progress = processes.get("coordinator").inputReader()) {
      // all may have written one more checkpoint when the coordinator had not heard of it
      assertThat(epoch(progress.readLine())).isBetween(epoch + 1, epoch + 2);
      while (progress.readLine() != null) {
        // until it ends
      }
    }

    for (String party : PARTIES) {
      assertThat(exit(party)).as(Files.readString(errors(party))).isZero();
    }
    Learnt learnt = trainAsThreads(epochs);
    List<String> predictions =
        Files.readAllLines(folder.resolve("predictions/" + DATASET + ".csv"));
    assertThat(predictions.subList(1, predictions.size())).isEqualTo(learnt.scores);
    List<String> lines = Files.readAllLines(output("holder0"));
    assertThat(JSON.readTree(lines.get(lines.size() - 1)).get("auc").asDouble())
        .isEqualTo(learnt.auc);
  }

  /** From the coordinator's line of an epoch. */
  private static int epoch(String line) {
    return Integer.parseInt(line.split(" ")[1]);
  }

  /** What each party said when all had stopped, in this process for speed. */
  private Map<String, String> refusals() throws IOException {
    configure(1, 15);
    Map<String, CompletableFuture<Run>> runs = new LinkedHashMap<>();
    for (String party : PARTIES) {
      runs.put(party, Run.start(arguments(party).toArray(String[]::new)));
    }
    Map<String, String> said = new LinkedHashMap<>();
    runs.forEach(
        (party, run) -> {
          Run ended = run.orTimeout(5, TimeUnit.MINUTES).join();
          assertThat(ended.status()).isEqualTo(1);
          assertThat(ended.err()).hasLineCount(1);
          said.put(party, ended.err());
        });
    return said;
  }

  @Test
  void allOthersRefuseAHolderWithAForeignCertificate() throws Exception {
    issueCertificates(PARTIES.subList(0, 3));
    Path own = identity("holder1");
    CertificateAuthority.create("other", VALIDITY)
        .issue(id("holder1"), List.of(), VALIDITY)
        .save(own);
    // it trusts the others, so that it is for them to refuse it
    Files.writeString(
        own.resolve("authority.pem"),
        Files.readString(identity("holder0").resolve("authority.pem")),
        StandardOpenOption.APPEND);

    Map<String, String> reasons = refusals();

    for (String party : PARTIES.subList(0, 3)) {
      assertThat(reasons.get(party)).contains("MPC-423", "no authority");
    }
    assertThat(reasons.get("holder1")).contains("MPC-4");
  }

  /** Others would refuse it as well, as the tests of the handshake show. */
  @Test
  void aHolderDoesNotStartWithAnExpiredCertificate() throws Exception {
    issueCertificates(PARTIES.subList(0, 3));
    Instant now = Instant.now();
    authority
        .issue(id("holder1"), List.of(), now.minus(VALIDITY), now.minusSeconds(3600))
        .save(identity("holder1"));

    Map<String, String> reasons = refusals();

    assertThat(reasons.get("holder1")).contains("MPC-421", "expired on");
    for (String party : PARTIES.subList(0, 3)) {
      assertThat(reasons.get(party)).contains("not connected with [P3]");
    }
  }
}
