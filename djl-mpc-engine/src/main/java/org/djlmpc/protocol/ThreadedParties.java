package org.djlmpc.protocol;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;
import org.djlmpc.session.Session;
import org.djlmpc.transport.Network;
import org.djlmpc.transport.PartyId;
import org.djlmpc.transport.memory.MemoryNetwork;

/**
 * All parties as threads of this process, over in-memory channels: for development, tests and
 * demonstrations. One process that holds all shares gives no privacy.
 */
public final class ThreadedParties implements AutoCloseable {
  private static final AtomicInteger GROUPS = new AtomicInteger();

  private final Map<PartyId, Network> networks;
  private final Map<PartyId, ShareHolder> holders = new EnumMap<>(PartyId.class);
  private final List<AssistantServer> assistants = new ArrayList<>();
  private final AtomicLong requests = new AtomicLong();
  private final ExecutorService threads;

  private ThreadedParties(Map<PartyId, Network> networks) {
    int group = GROUPS.incrementAndGet();
    AtomicInteger number = new AtomicInteger();
    threads =
        Executors.newCachedThreadPool(
            task -> {
              Thread thread =
                  new Thread(task, "djl-mpc-parties-" + group + "-" + number.incrementAndGet());
              thread.setDaemon(true);
              return thread;
            });
    this.networks = networks;
  }

  /** Starts all parties of a suite. */
  public static ThreadedParties start(ProtocolSuite suite, PartyOptions options) {
    return start(suite, options, MemoryNetwork.create(suite.parties(), options.network()));
  }

  /** Starts all parties of a suite over these networks, which are closed with them. */
  static ThreadedParties start(
      ProtocolSuite suite, PartyOptions options, Map<PartyId, Network> networks) {
    ThreadedParties parties = new ThreadedParties(networks);
    try {
      Map<PartyId, Future<Session>> sessions = new EnumMap<>(PartyId.class);
      parties.networks.forEach(
          (id, network) ->
              sessions.put(
                  id, parties.threads.submit(() -> Session.open(network, options.session(suite)))));
      sessions.forEach(
          (id, opening) -> {
            Session session = get(opening, options.timeout().multipliedBy(2));
            if (id == PartyId.P0 || id == PartyId.P1) {
              parties.holders.put(id, new ShareHolder(session, suite));
            } else {
              parties.assistants.add(AssistantServer.start(session, suite));
            }
          });
      return parties;
    } catch (RuntimeException e) {
      parties.close();
      throw e;
    }
  }

  /**
   * What a program returned at each share holder.
   *
   * @param <T> the result
   * @param p0 at P0
   * @param p1 at P1
   */
  public record Results<T>(T p0, T p1) {}

  /** A request that runs at both share holders. */
  public final class Running<T> {
    private final long request;
    private final Future<T> p0;
    private final Future<T> p1;

    private Running(long request, Future<T> p0, Future<T> p1) {
      this.request = request;
      this.p0 = p0;
      this.p1 = p1;
    }

    /**
     * Waits for both results. On timeout or interruption the request is stopped at every party.
     *
     * @throws MpcException the first reason for which a party stopped
     */
    public Results<T> await(Duration timeout) {
      long deadline = System.nanoTime() + timeout.toNanos();
      try {
        MpcException forwarded = null;
        List<T> results = new ArrayList<>();
        for (Future<T> future : List.of(p0, p1)) {
          try {
            results.add(
                future.get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS));
          } catch (ExecutionException e) {
            if (e.getCause() instanceof MpcException reason && reason.code() == ErrorCode.ABORTED) {
              // the other party knows the original reason
              forwarded = reason;
            } else {
              throw rethrown(e);
            }
          }
        }
        if (forwarded != null) {
          throw forwarded;
        }
        return new Results<>(results.get(0), results.get(1));
      } catch (TimeoutException e) {
        throw stopped(
            ErrorCode.TIMEOUT, "The request took longer than " + timeout + ".", "Allow more time.");
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw stopped(
            ErrorCode.CANCELLED, "The caller was interrupted.", "Send the request again.");
      }
    }

    private MpcException stopped(ErrorCode code, String problem, String nextStep) {
      MpcException reason = new MpcException(code, problem, nextStep);
      networks.values().forEach(network -> network.abort(request, reason));
      return reason;
    }

    /** Stops the request at every party. */
    public void cancel() {
      stopped(
          ErrorCode.CANCELLED,
          "The request was cancelled.",
          "Send it again if it is still wanted.");
    }
  }

  /** Starts a program at both share holders; its result may differ between them. */
  public <T> Running<T> submit(ShareHolder.Program<T> program) {
    return submit(program, program);
  }

  /** Starts a request whose share holders were handed different private arguments. */
  public <T> Running<T> submit(ShareHolder.Program<T> atP0, ShareHolder.Program<T> atP1) {
    long request = requests.incrementAndGet();
    return new Running<>(
        request,
        threads.submit(() -> holder(PartyId.P0).run(request, atP0)),
        threads.submit(() -> holder(PartyId.P1).run(request, atP1)));
  }

  /** A share holder. */
  public ShareHolder holder(PartyId id) {
    ShareHolder holder = holders.get(id);
    if (holder == null) {
      throw new MpcException(ErrorCode.CLOSED, "The parties are closed.", "Start new parties.");
    }
    return holder;
  }

  private static <T> T get(Future<T> future, Duration timeout) {
    try {
      return future.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
    } catch (ExecutionException e) {
      throw rethrown(e);
    } catch (TimeoutException e) {
      throw new MpcException(
          ErrorCode.TIMEOUT,
          "The parties did not start in time.",
          "Allow more time in the options.",
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new MpcException(
          ErrorCode.CANCELLED, "Starting the parties was interrupted.", "Start them again.", e);
    }
  }

  private static RuntimeException rethrown(ExecutionException e) {
    if (e.getCause() instanceof RuntimeException cause) {
      return cause;
    }
    return new MpcException(
        ErrorCode.INTERNAL,
        "A party failed.",
        "See the cause; report it with the stack trace.",
        e.getCause());
  }

  /** Stops all parties; no thread is left behind. */
  @Override
  public void close() {
    holders.values().forEach(holder -> holder.session().close());
    holders.clear();
    assistants.forEach(AssistantServer::close);
    networks.values().forEach(Network::close);
    threads.shutdownNow();
    try {
      threads.awaitTermination(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
