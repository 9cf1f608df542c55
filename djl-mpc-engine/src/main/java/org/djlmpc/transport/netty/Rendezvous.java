package org.djlmpc.transport.netty;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelPipeline;
import java.net.SocketAddress;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;
import org.djlmpc.transport.LinkedNetwork;
import org.djlmpc.transport.PartyId;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Waits until every party is connected, and decides who may connect. */
final class Rendezvous {
  private static final Logger LOGGER = LoggerFactory.getLogger(NettyNetwork.class);

  /** Connections that have not said yet who they are; a stray client must not pile them up. */
  private static final int MAX_STRANGERS = 64;

  private final NettyConfig config;
  private final LinkedNetwork network;

  /** Peers that may still connect. */
  private final Set<PartyId> missing;

  /** Peers whose link is not in place yet. */
  private final Set<PartyId> unlinked;

  private final Map<PartyId, MpcException> refused = new EnumMap<>(PartyId.class);
  private final CompletableFuture<Void> complete = new CompletableFuture<>();
  private int strangers;

  /** Why the last connection failed whose other side could not say who it is. */
  private @Nullable MpcException strangerRefused;

  Rendezvous(NettyConfig config, LinkedNetwork network) {
    this.config = config;
    this.network = network;
    this.missing = EnumSet.copyOf(config.peers());
    this.unlinked = EnumSet.copyOf(config.peers());
  }

  NettyConfig config() {
    return config;
  }

  /** Whether another connection may take its time to introduce itself. */
  synchronized boolean admitStranger() {
    if (strangers == MAX_STRANGERS) {
      return false;
    }
    strangers++;
    return true;
  }

  synchronized void strangerLeft() {
    strangers--;
  }

  /** Judges a greeting, and notes the party as connected if it is welcome. */
  Greeting.Verdict judge(Greeting greeting, Channel connection) {
    PartyId self = config.self();
    if (greeting.to() != Greeting.number(self)) {
      return Greeting.Verdict.OTHER_PARTY;
    }
    PartyId from = expected(greeting.from());
    if (from == null) {
      return Greeting.Verdict.NOT_EXPECTED;
    }
    if (!greeting.session().equals(config.session())) {
      noteRefusal(
          from,
          new MpcException(
              ErrorCode.CONFIGURATION_MISMATCH,
              from + " connected to " + self + " with the id of another session and was refused.",
              "Give all parties the same session id."));
      return Greeting.Verdict.OTHER_SESSION;
    }
    try {
      config.security().verify(connection, from);
    } catch (MpcException e) {
      noteRefusal(from, e);
      return Greeting.Verdict.NOT_AUTHENTIC;
    }
    synchronized (this) {
      return missing.remove(from) ? Greeting.Verdict.WELCOME : Greeting.Verdict.ALREADY_CONNECTED;
    }
  }

  /** The peer with this number that connects to this party, or null if there is none. */
  @Nullable PartyId expected(int number) {
    for (PartyId peer : config.peers()) {
      if (Greeting.number(peer) == number && peer.compareTo(config.self()) > 0) {
        return peer;
      }
    }
    return null;
  }

  private synchronized void noteRefusal(PartyId from, MpcException reason) {
    refused.put(from, reason);
  }

  void logRefusal(SocketAddress remote, String reason) {
    LOGGER.warn("{} refused a connection from {}: {}", config.self(), remote, reason);
  }

  /** Notes that a connection failed before the other side could say who it is. */
  void strangerFailed(SocketAddress remote, Throwable cause) {
    MpcException reason =
        cause instanceof MpcException e ? e : config.security().explain(cause, "the other side");
    logRefusal(remote, String.valueOf((reason == null ? cause : reason).getMessage()));
    if (reason != null) {
      synchronized (this) {
        strangerRefused = reason.at("It refused a connection from " + remote);
      }
    }
  }

  /** Turns a greeted connection into the link to a peer. */
  void join(ChannelPipeline pipeline, ChannelHandler greeter, PartyId peer) {
    Channel connection = pipeline.channel();
    FrameWriter writer = new FrameWriter(() -> network.writabilityChanged(peer));
    pipeline.addBefore(pipeline.context(greeter).name(), "sending", writer);
    pipeline.replace(greeter, "frames", new FrameReader(network, peer, this::fail));
    network.attach(peer, new NettyLink(connection, writer, config.options().ioTimeout()));
    boolean last;
    synchronized (this) {
      unlinked.remove(peer);
      last = unlinked.isEmpty();
    }
    if (last) {
      complete.complete(null);
    }
  }

  /** Gives up; of no effect once all parties are connected. */
  void fail(MpcException reason) {
    complete.completeExceptionally(reason);
  }

  /** Returns when all parties are connected. */
  void await() {
    try {
      complete.get(config.connectTimeout().toNanos(), TimeUnit.NANOSECONDS);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof MpcException reason
          ? reason
          : new MpcException(
              ErrorCode.INTERNAL,
              "Connecting " + config.self() + " failed.",
              ErrorCode.INTERNAL.nextStep(),
              e.getCause());
    } catch (TimeoutException e) {
      throw notAllCame();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new MpcException(
          ErrorCode.CANCELLED,
          config.self() + " was interrupted while it connected.",
          ErrorCode.CANCELLED.nextStep(),
          e);
    }
  }

  private synchronized MpcException notAllCame() {
    for (PartyId peer : unlinked) {
      MpcException reason = refused.get(peer);
      if (reason != null) {
        return reason;
      }
    }
    String missed =
        config.self()
            + " is not connected with "
            + unlinked
            + " after "
            + config.connectTimeout().toMillis()
            + " ms";
    return strangerRefused == null
        ? new MpcException(ErrorCode.CONNECT, missed + ".", ErrorCode.CONNECT.nextStep())
        : strangerRefused.at(missed);
  }
}
