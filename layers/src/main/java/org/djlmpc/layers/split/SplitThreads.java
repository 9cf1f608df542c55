package org.djlmpc.layers.split;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;
import org.djlmpc.transport.LinkShape;
import org.djlmpc.transport.Network;
import org.djlmpc.transport.NetworkOptions;
import org.djlmpc.transport.PartyId;
import org.djlmpc.transport.memory.MemoryNetwork;
import org.jspecify.annotations.Nullable;

/**
 * All parties of split learning as threads of this process, with channels in memory: for
 * development, experiments and tests. Nothing else is shared between them, but one process that
 * holds everybody's data gives no privacy.
 *
 * <pre>{@code
 * try (SplitThreads parties = SplitThreads.start(plan, ServerSetup.CPU, List.of(bank, shop))) {
 *   parties.train(SplitProgress.SILENT);
 *   parties.infer("test");
 * }
 * }</pre>
 */
public final class SplitThreads implements AutoCloseable {
  private static final long CLOSE_SECONDS = 10;

  private final Map<PartyId, Network> networks;
  private final List<Thread> threads = new ArrayList<>();
  private final ConcurrentLinkedQueue<Throwable> failures = new ConcurrentLinkedQueue<>();
  private final SplitCoordinator coordinator;

  private SplitThreads(
      SplitPlan plan, ServerSetup server, List<HolderSetup> holders, Options options) {
    if (holders.size() != plan.roles().holders()) {
      throw new MpcException(
          ErrorCode.ARGUMENT,
          holders.size() + " holders for a plan of " + plan.roles().holders() + ".",
          "Give one setup for each holder.");
    }
    networks =
        MemoryNetwork.create(
            plan.roles().parties(),
            NetworkOptions.DEFAULT.withIoTimeout(plan.timeout()).withShape(options.shape()));
    start(Roles.SERVER, () -> SplitParty.serve(network(Roles.SERVER), plan, server));
    for (int i = 0; i < holders.size(); i++) {
      PartyId id = plan.roles().holder(i);
      HolderSetup setup = holders.get(i);
      start(id, () -> SplitParty.hold(network(id), plan, setup));
    }
    try {
      Long seed = options.shuffleSeed();
      coordinator =
          seed == null
              ? SplitCoordinator.open(network(Roles.COORDINATOR), plan)
              : SplitCoordinator.open(network(Roles.COORDINATOR), plan, seed);
    } catch (MpcException e) {
      join();
      networks.values().forEach(Network::close);
      throw original(e);
    }
  }

  /**
   * Starts all parties.
   *
   * @throws MpcException the reason of a party that cannot start
   */
  public static SplitThreads start(SplitPlan plan, ServerSetup server, List<HolderSetup> holders) {
    return new SplitThreads(plan, server, holders, Options.DEFAULT);
  }

  /** Starts all parties with links that imitate others, or orders of rows that can be repeated. */
  public static SplitThreads start(
      SplitPlan plan, ServerSetup server, List<HolderSetup> holders, Options options) {
    return new SplitThreads(plan, server, holders, options);
  }

  /**
   * Experiments.
   *
   * @param shape latency and bandwidth of each link
   * @param shuffleSeed for orders of rows that can be repeated, or null
   */
  public record Options(LinkShape shape, @Nullable Long shuffleSeed) {
    /** Links as they are, and new orders each time. */
    public static final Options DEFAULT = new Options(LinkShape.NONE, null);
  }

  private Network network(PartyId id) {
    Network network = networks.get(id);
    if (network == null) {
      throw new MpcException(ErrorCode.INTERNAL, "No network of " + id + ".", "Report this.");
    }
    return network;
  }

  private void start(PartyId id, Runnable work) {
    Thread thread =
        new Thread(
            () -> {
              try {
                work.run();
              } catch (RuntimeException | Error e) {
                failures.add(e);
              }
            },
            "djl-mpc-split-" + id);
    thread.setDaemon(true);
    threads.add(thread);
    thread.start();
  }

  /** Trains; see {@link SplitCoordinator#train}. */
  public List<EpochReport> train(SplitProgress progress) {
    try {
      return coordinator.train(progress);
    } catch (MpcException e) {
      throw original(e);
    }
  }

  /** Resumes training; see {@link SplitCoordinator#resume}. */
  public List<EpochReport> resume(SplitProgress progress) {
    try {
      return coordinator.resume(progress);
    } catch (MpcException e) {
      throw original(e);
    }
  }

  /** Runs a data set through the network; see {@link SplitCoordinator#infer}. */
  public EpochReport infer(String dataset) {
    try {
      return coordinator.infer(dataset);
    } catch (MpcException e) {
      throw original(e);
    }
  }

  /** The reason of the party that failed first, rather than what it told the others. */
  private RuntimeException original(MpcException seen) {
    if (seen.code() != ErrorCode.ABORTED) {
      return seen;
    }
    join();
    for (Throwable failure : failures) {
      boolean forwarded =
          failure instanceof MpcException reason && reason.code() == ErrorCode.ABORTED;
      if (!forwarded && failure instanceof RuntimeException original) {
        return original;
      }
    }
    return seen;
  }

  private void join() {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(CLOSE_SECONDS);
    try {
      for (Thread thread : threads) {
        thread.join(Math.max(1, TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime())));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Ends all parties; no thread is left behind. */
  @Override
  public void close() {
    coordinator.close();
    join();
    networks.values().forEach(Network::close);
  }
}
