package org.djlmpc.protocol;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;
import org.djlmpc.session.Session;
import org.djlmpc.transport.Network;
import org.djlmpc.transport.PartyId;
import org.djlmpc.transport.memory.MemoryNetwork;
import org.jspecify.annotations.Nullable;

/**
 * All parties as threads of this process, over in-memory channels: for development, tests and
 * demonstrations. One process that holds all shares gives no privacy.
 */
public final class ThreadedParties implements AutoCloseable {
  private static final AtomicInteger GROUPS = new AtomicInteger();

  /** How long closing waits for computations that do not notice it. */
  private static final long CLOSE_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final Map<PartyId, Network> networks;
  private final Map<PartyId, ShareHolder> holders = new EnumMap<>(PartyId.class);
  private final List<AssistantServer> assistants = new ArrayList<>();
  private final AtomicLong requests = new AtomicLong();
  private final Set<Thread> workers = ConcurrentHashMap.newKeySet();
  private final ExecutorService threads;
  private volatile boolean closed;

  private ThreadedParties(Map<PartyId, Network> networks) {
    int group = GROUPS.incrementAndGet();
    AtomicInteger number = new AtomicInteger();
    threads =
        Executors.newCachedThreadPool(
            task -> {
              Thread thread =
                  new Thread(task, "djl-mpc-parties-" + group + "-" + number.incrementAndGet());
              thread.setDaemon(true);
              workers.removeIf(worker -> worker.getState() == Thread.State.TERMINATED);
              workers.add(thread);
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
    private final CompletableFuture<Results<T>> outcome = new CompletableFuture<>();
    private final Map<PartyId, T> results = new EnumMap<>(PartyId.class);
    private final List<Runnable> afterwards = new ArrayList<>();
    private @Nullable Consumer<? super T> eraser;
    private @Nullable Throwable forwarded;
    private int ended;

    private Running(long request) {
      this.request = request;
    }

    private void start(PartyId id, ShareHolder holder, ShareHolder.Program<T> program) {
      try {
        threads.execute(() -> run(id, holder, program));
      } catch (RejectedExecutionException e) {
        failed(closedException(e));
      }
    }

    private void run(PartyId id, ShareHolder holder, ShareHolder.Program<T> program) {
      try {
        succeeded(id, holder.run(request, program));
      } catch (RuntimeException | Error e) {
        failed(e);
      }
    }

    private synchronized void succeeded(PartyId id, T result) {
      if (eraser == null) {
        results.put(id, result);
      } else {
        eraser.accept(result);
      }
      ended();
    }

    /** A party's own failure is the request's; a forwarded one only if there is no other. */
    private synchronized void failed(Throwable failure) {
      if (failure instanceof MpcException reason && reason.code() == ErrorCode.ABORTED) {
        forwarded = failure;
      } else {
        outcome.completeExceptionally(failure);
      }
      ended();
    }

    @SuppressWarnings("NullAway") // both results are there, and a program may return null
    private void ended() {
      ended++;
      if (ended < 2) {
        return;
      }
      if (forwarded != null) {
        outcome.completeExceptionally(forwarded);
      } else if (results.size() == 2) {
        outcome.complete(new Results<>(results.get(PartyId.P0), results.get(PartyId.P1)));
      }
      afterwards.forEach(Runnable::run);
    }

    /**
     * Waits for both results. On timeout or interruption the request is stopped at every party,
     * which notices at its next message.
     *
     * @throws MpcException the first reason for which a party stopped; TIMEOUT, CANCELLED, or
     *     CLOSED if the parties were closed meanwhile
     */
    public Results<T> await(Duration timeout) {
      try {
        return outcome.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
      } catch (ExecutionException e) {
        if (closed) {
          throw closedException(e.getCause());
        }
        throw rethrown(e);
      } catch (TimeoutException e) {
        throw stopped(ErrorCode.TIMEOUT, "The request did not end in time.", "Allow more time.");
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw stopped(
            ErrorCode.CANCELLED, "The caller was interrupted.", "Send the request again.");
      }
    }

    private MpcException stopped(ErrorCode code, String problem, String nextStep) {
      MpcException reason = new MpcException(code, problem, nextStep);
      outcome.completeExceptionally(reason);
      networks.values().forEach(network -> network.abort(request, reason));
      return reason;
    }

    /** Stops the request at every party, and whoever waits for it. */
    public void cancel() {
      stopped(
          ErrorCode.CANCELLED,
          "The request was cancelled.",
          "Send it again if it is still wanted.");
    }

    /**
     * Gives up the results: {@code resultEraser} gets each one that there is or that still comes,
     * after an {@link #await} that failed.
     */
    public synchronized void discard(Consumer<? super T> resultEraser) {
      eraser = resultEraser;
      results.values().forEach(resultEraser);
      results.clear();
    }

    /** Runs an action as soon as no share holder works on the request any more. */
    public synchronized void whenEnded(Runnable action) {
      if (ended == 2) {
        action.run();
      } else {
        afterwards.add(action);
      }
    }
  }

  /** Starts a program at both share holders; its result may differ between them. */
  public <T> Running<T> submit(ShareHolder.Program<T> program) {
    return submit(program, program);
  }

  /**
   * Starts a request whose share holders were handed different private arguments.
   *
   * @throws MpcException CLOSED after {@link #close}
   */
  public <T> Running<T> submit(ShareHolder.Program<T> atP0, ShareHolder.Program<T> atP1) {
    ShareHolder p0 = holder(PartyId.P0);
    ShareHolder p1 = holder(PartyId.P1);
    Running<T> running = new Running<>(requests.incrementAndGet());
    running.start(PartyId.P0, p0, atP0);
    running.start(PartyId.P1, p1, atP1);
    return running;
  }

  /** A share holder. */
  public ShareHolder holder(PartyId id) {
    ShareHolder holder = holders.get(id);
    if (closed || holder == null) {
      throw closedException(null);
    }
    return holder;
  }

  private static MpcException closedException(@Nullable Throwable cause) {
    return new MpcException(
        ErrorCode.CLOSED, "The parties are closed.", "Start new parties.", cause);
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
    if (e.getCause() instanceof Error error) {
      throw error;
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
    closed = true;
    holders.values().forEach(holder -> holder.session().close());
    assistants.forEach(AssistantServer::close);
    networks.values().forEach(Network::close);
    threads.shutdownNow();
    long deadline = System.nanoTime() + CLOSE_NANOS;
    try {
      for (Thread worker : workers) {
        // whoever closes from inside a program cannot wait for itself
        if (worker == Thread.currentThread()) {
          continue;
        }
        worker.join(Math.max(1, TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime())));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
