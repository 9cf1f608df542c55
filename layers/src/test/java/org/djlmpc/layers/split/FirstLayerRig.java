package org.djlmpc.layers.split;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.djlmpc.session.Session;
import org.djlmpc.transport.Network;
import org.djlmpc.transport.NetworkOptions;
import org.djlmpc.transport.PartyId;
import org.djlmpc.transport.memory.MemoryNetwork;

/** Runs a first layer alone, between threads, and keeps what each party sent. */
final class FirstLayerRig implements AutoCloseable {
  private static final int HEADER_BYTES = 25;

  private final SplitPlan plan;
  private final Map<PartyId, RecordingNetwork> networks = new EnumMap<>(PartyId.class);
  private final Map<PartyId, Session> sessions = new EnumMap<>(PartyId.class);
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final Map<PartyId, SentBytes> counters = new ConcurrentHashMap<>();
  private long jobs;

  FirstLayerRig(SplitPlan plan) throws Exception {
    this.plan = plan;
    Map<PartyId, Network> memory =
        MemoryNetwork.create(plan.roles().parties(), NetworkOptions.DEFAULT);
    Map<PartyId, Future<Session>> opening = new EnumMap<>(PartyId.class);
    memory.forEach(
        (id, network) -> {
          RecordingNetwork recording = new RecordingNetwork(network);
          networks.put(id, recording);
          opening.put(id, threads.submit(() -> Session.open(recording, plan.session())));
        });
    for (var session : opening.entrySet()) {
      sessions.put(session.getKey(), session.getValue().get(2, TimeUnit.MINUTES));
    }
  }

  /** Weights of each holder, which can be repeated. */
  List<FirstWeights> weights(List<RowBatch> x) {
    List<FirstWeights> weights = new ArrayList<>();
    for (int h = 0; h < x.size(); h++) {
      weights.add(new FirstWeights(x.get(h).schema(), plan, h, 10L + h));
    }
    return weights;
  }

  /** What the server gets in one job of several steps with the same rows. */
  List<float[]> run(List<RowBatch> x, List<FirstWeights> weights, int steps) throws Exception {
    long number = ++jobs;
    List<Future<?>> work = new ArrayList<>();
    for (int h = 0; h < x.size(); h++) {
      int holder = h;
      work.add(
          threads.submit(
              () -> {
                try (SplitJob job = job(plan.roles().holder(holder), number);
                    FirstLayer.HolderSide side =
                        plan.firstLayer().holder(job, weights.get(holder))) {
                  for (int s = 0; s < steps; s++) {
                    int rows = x.get(holder).rows();
                    side.contribute(
                        new Step(s, rows),
                        s + 1 < steps ? new Step(s + 1, rows) : null,
                        x.get(holder));
                  }
                }
                return null;
              }));
    }
    Future<List<float[]>> server =
        threads.submit(
            () -> {
              List<float[]> sums = new ArrayList<>();
              try (SplitJob job = job(Roles.SERVER, number);
                  FirstLayer.ServerSide side = plan.firstLayer().server(job)) {
                for (int s = 0; s < steps; s++) {
                  sums.add(side.sum(new Step(s, x.get(0).rows())));
                }
              }
              return sums;
            });
    try (SplitJob job = job(Roles.COORDINATOR, number)) {
      FirstLayer.CoordinatorSide side = plan.firstLayer().coordinator(job);
      try {
        for (Future<?> each : work) {
          each.get(3, TimeUnit.MINUTES);
        }
        return server.get(3, TimeUnit.MINUTES);
      } finally {
        side.close();
      }
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException reason) {
        throw reason;
      }
      throw e;
    }
  }

  private SplitJob job(PartyId id, long number) {
    SplitJob job = new SplitJob(sessions.get(id), plan, number);
    counters.put(id, new SentBytes(job));
    return job;
  }

  /** Bytes from a party to the others since it was last asked, as its reports count them. */
  Map<PartyId, Long> counted(PartyId from) {
    return counters.get(from).sinceLast();
  }

  /** Bytes from a party to another in all jobs: of all frames but those of the handshake. */
  long sentInJobs(PartyId from, PartyId to) {
    return networks.get(from).sent().stream()
        .filter(sent -> sent.peer() == to && sent.request() > 0)
        .mapToLong(sent -> sent.payload().length + HEADER_BYTES)
        .sum();
  }

  /** Frames that a party sent to the server in a job, of the steps alone. */
  List<byte[]> sentToServer(PartyId from, long job) {
    return networks.get(from).sent().stream()
        .filter(sent -> sent.peer() == Roles.SERVER && sent.request() == job)
        .map(RecordingNetwork.Message::payload)
        .toList();
  }

  @Override
  public void close() {
    sessions.values().forEach(Session::close);
    threads.shutdownNow();
  }
}
