package org.djlmpc.protocol;

import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;
import org.djlmpc.preprocessing.Assistant;
import org.djlmpc.session.Session;
import org.djlmpc.transport.Channel;
import org.djlmpc.transport.PartyId;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A dealer or helper: serves every request that the share holders start, each on a thread of its
 * own, until closed.
 */
public final class AssistantServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(AssistantServer.class);

  /** Each has a thread. */
  private static final int MAX_REQUESTS = 256;

  private final Session session;
  private final Assistant assistant;

  /** Threads of requests, also those that are just leaving: closing waits for them. */
  private final Set<Thread> requests = ConcurrentHashMap.newKeySet();

  private final Thread acceptor;
  private final AtomicReference<@Nullable MpcException> failure = new AtomicReference<>();

  private AssistantServer(Session session, ProtocolSuite suite) {
    this.session = session;
    assistant = suite.assistant(session.self(), session.config());
    acceptor = new Thread(this::acceptRequests, "djl-mpc-" + session.self());
    acceptor.setDaemon(true);
  }

  /** Starts serving; the session is closed together with the server. */
  public static AssistantServer start(Session session, ProtocolSuite suite) {
    AssistantServer server = new AssistantServer(session, suite);
    server.acceptor.start();
    return server;
  }

  private void acceptRequests() {
    while (true) {
      long request;
      try {
        request = session.network().accept();
      } catch (MpcException e) {
        LOG.debug("{} stops: {}", session.self(), e.getMessage());
        return;
      }
      requests.removeIf(thread -> thread.getState() == Thread.State.TERMINATED);
      if (requests.size() >= MAX_REQUESTS) {
        abort(
            request,
            new MpcException(
                ErrorCode.LIMIT,
                session.self() + " serves " + MAX_REQUESTS + " requests already.",
                "Send the request again when others have ended."));
        continue;
      }
      Thread thread =
          new Thread(() -> serve(request), "djl-mpc-" + session.self() + "-request-" + request);
      thread.setDaemon(true);
      requests.add(thread);
      thread.start();
    }
  }

  private void serve(long request) {
    Map<PartyId, Channel> channels = new EnumMap<>(PartyId.class);
    try {
      assistant.serve(
          request,
          peer -> channels.computeIfAbsent(peer, other -> session.channel(other, request)),
          session::streams);
    } catch (MpcException e) {
      LOG.debug("request {} stops: {}", request, e.getMessage());
      abort(request, e);
    } catch (RuntimeException | Error e) {
      LOG.error("request {} failed at {}", request, session.self(), e);
      abort(request, MpcException.forPeers(session.self().toString(), e));
    } finally {
      channels.values().forEach(Channel::close);
    }
  }

  private void abort(long request, MpcException reason) {
    failure.compareAndSet(null, reason);
    session.network().abort(request, reason);
  }

  /**
   * Waits until the share holders have closed their connections.
   *
   * @return why the first request that failed did, if one did
   */
  public Optional<MpcException> awaitEnd() throws InterruptedException {
    acceptor.join();
    for (Thread thread : requests) {
      thread.join();
    }
    return Optional.ofNullable(failure.get());
  }

  /** Ends all requests and the session. */
  @Override
  public void close() {
    session.close();
    try {
      awaitEnd();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
