package org.djlmpc.layers.split.align;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.djlmpc.error.MpcException;
import org.djlmpc.transport.Network;
import org.djlmpc.transport.NetworkOptions;
import org.djlmpc.transport.PartyId;
import org.djlmpc.transport.memory.MemoryNetwork;

/** Holders as threads, each with a program of its own. */
final class Holders implements AutoCloseable {
  static final long REQUEST = 1;

  private final Map<PartyId, Network> networks;
  private final ExecutorService threads = Executors.newCachedThreadPool();

  Holders(PartyId... parties) {
    networks =
        MemoryNetwork.create(
            java.util.Set.of(parties),
            NetworkOptions.DEFAULT.withIoTimeout(Duration.ofSeconds(60)));
  }

  interface Program {
    int[] run(Network network) throws Exception;
  }

  /** What each holder's program returned or threw. */
  record Outcome(Map<PartyId, int[]> rows, Map<PartyId, MpcException> failures) {}

  Network network(PartyId party) {
    return networks.get(party);
  }

  Outcome run(Map<PartyId, Program> programs) throws Exception {
    Map<PartyId, Future<int[]>> running = new TreeMap<>();
    programs.forEach(
        (party, program) ->
            running.put(party, threads.submit(() -> program.run(networks.get(party)))));
    Map<PartyId, int[]> rows = new TreeMap<>();
    Map<PartyId, MpcException> failures = new TreeMap<>();
    for (var entry : running.entrySet()) {
      try {
        rows.put(entry.getKey(), entry.getValue().get(5, TimeUnit.MINUTES));
      } catch (ExecutionException e) {
        if (!(e.getCause() instanceof MpcException failure)) {
          throw e;
        }
        failures.put(entry.getKey(), failure);
      }
    }
    return new Outcome(rows, failures);
  }

  /** Aligns lists of identifiers. */
  Outcome align(Map<PartyId, List<String>> lists) throws Exception {
    Map<PartyId, Program> programs = new TreeMap<>();
    lists.forEach((party, ids) -> programs.put(party, aligning(lists, ids)));
    return run(programs);
  }

  static Program aligning(Map<PartyId, List<String>> lists, List<String> ids) {
    return network ->
        RowAlignment.align(network, REQUEST, lists.keySet(), ids, AlignmentOptions.standard());
  }

  /** The identifiers at the rows. */
  static List<String> select(List<String> ids, int[] rows) {
    List<String> selected = new ArrayList<>();
    for (int row : rows) {
      selected.add(ids.get(row));
    }
    return selected;
  }

  @Override
  public void close() {
    networks.values().forEach(Network::close);
    threads.shutdownNow();
  }
}
