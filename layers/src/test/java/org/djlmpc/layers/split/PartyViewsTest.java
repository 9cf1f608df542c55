package org.djlmpc.layers.split;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.djlmpc.transport.FrameType;
import org.djlmpc.transport.Network;
import org.djlmpc.transport.NetworkOptions;
import org.djlmpc.transport.PartyId;
import org.djlmpc.transport.memory.MemoryNetwork;
import org.junit.jupiter.api.Test;

/** What reaches the coordinator and the server, frame by frame. */
class PartyViewsTest {
  private static final SplitPlan PLAN = SplitTrainingTest.plan(2, 2, UpdateRule.sgd(0.5f));
  private static final int ROWS = 300;

  /** First bytes of control messages that depend on time. */
  private static final int PROGRESS = 5;

  private static final int REPORT = 6;

  /** Frames from a peer of a type: how many, and how many bytes. */
  private record Kind(PartyId peer, FrameType type) {}

  @Test
  void theCoordinatorHearsNumbersOfRowsTimesAndBytesOnly() {
    Map<PartyId, RecordingNetwork> some = run(rows(7));
    Map<PartyId, RecordingNetwork> others = run(rows(8));
    List<RecordingNetwork.Message> heard = jobs(some.get(Roles.COORDINATOR));
    assertThat(heard).isNotEmpty().allMatch(message -> message.type() == FrameType.ANNOUNCE);
    // all that the reports have besides times: from other data the same
    assertThat(told(heard)).isEqualTo(told(jobs(others.get(Roles.COORDINATOR))));
  }

  @Test
  void theServerGetsNeitherLabelsNorMetrics() {
    Map<Kind, List<Integer>> sizes = new HashMap<>();
    for (RecordingNetwork.Message message : jobs(run(rows(7)).get(Roles.SERVER))) {
      sizes
          .computeIfAbsent(new Kind(message.peer(), message.type()), kind -> new ArrayList<>())
          .add(message.payload().length);
    }
    int train = ROWS * 4 / 5;
    int evaluated = ROWS / 5;
    int batches = (train + 63) / 64;
    PartyId labelHolder = PLAN.roles().holder(0);
    PartyId other = PLAN.roles().holder(1);
    // two epochs, each with its validation, and a prediction
    int summands = (2 * (train + evaluated) + evaluated) * PLAN.network().width() * Long.BYTES;
    int gradients = 2 * (train + batches * PLAN.network().hidden().outputWidth()) * Float.BYTES;
    Map<Kind, Integer> bytes =
        sizes.entrySet().stream()
            .filter(entry -> entry.getKey().peer() != Roles.COORDINATOR)
            .collect(
                Collectors.toMap(
                    Map.Entry::getKey, e -> e.getValue().stream().mapToInt(i -> i).sum()));
    assertThat(bytes)
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                new Kind(labelHolder, FrameType.SHARE), summands,
                new Kind(labelHolder, FrameType.OPEN), gradients,
                new Kind(other, FrameType.SHARE), summands));
  }

  /** Frames of jobs; the handshake's are those of every session. */
  private static List<RecordingNetwork.Message> jobs(RecordingNetwork network) {
    return network.received().stream().filter(message -> message.request() > 0).toList();
  }

  private static List<String> told(List<RecordingNetwork.Message> messages) {
    return messages.stream()
        .filter(message -> !isTimed(message))
        .map(message -> message.peer() + " " + Arrays.toString(timeless(message.payload())))
        .sorted()
        .toList();
  }

  /** The server tells of its progress now and then, and reports the bytes of that, too. */
  private static boolean isTimed(RecordingNetwork.Message message) {
    int kind = message.payload()[0];
    return message.peer() == Roles.SERVER && (kind == PROGRESS || kind == REPORT);
  }

  private static byte[] timeless(byte[] message) {
    byte[] copy = message.clone();
    if (copy[0] == REPORT) {
      Arrays.fill(copy, 1, 1 + Long.BYTES, (byte) 0);
    }
    return copy;
  }

  private static List<HolderSetup> rows(long seed) {
    List<RowSource> sources = SyntheticRows.of(ROWS, 3, 2, seed);
    int cut = ROWS * 4 / 5;
    return sources.stream()
        .map(
            source ->
                HolderSetup.of(RowSource.range(source, 0, cut))
                    .with(HolderSetup.VALIDATION, RowSource.range(source, cut, ROWS))
                    .with("test", RowSource.range(source, cut, ROWS)))
        .toList();
  }

  /** Trains and predicts; what each party sent and received. */
  private static Map<PartyId, RecordingNetwork> run(List<HolderSetup> setups) {
    Map<PartyId, Network> networks =
        MemoryNetwork.create(EnumSet.copyOf(PLAN.roles().parties()), NetworkOptions.DEFAULT);
    Map<PartyId, RecordingNetwork> recorded = new EnumMap<>(PartyId.class);
    List<CompletableFuture<Void>> runs = new ArrayList<>();
    networks.forEach(
        (id, network) -> {
          RecordingNetwork recording = new RecordingNetwork(network);
          recorded.put(id, recording);
          runs.add(
              CompletableFuture.runAsync(
                  () -> run(id, recording, setups), work -> new Thread(work).start()));
        });
    runs.forEach(run -> run.orTimeout(1, TimeUnit.MINUTES).join());
    networks.values().forEach(Network::close);
    return recorded;
  }

  private static void run(PartyId id, Network network, List<HolderSetup> setups) {
    if (id == Roles.COORDINATOR) {
      try (SplitCoordinator coordinator = SplitCoordinator.open(network, PLAN)) {
        coordinator.train(SplitProgress.SILENT);
        coordinator.infer("test");
      }
    } else if (id == Roles.SERVER) {
      SplitParty.serve(network, PLAN, ServerSetup.CPU);
    } else {
      SplitParty.hold(network, PLAN, setups.get(PLAN.roles().holderIds().indexOf(id)));
    }
  }
}
