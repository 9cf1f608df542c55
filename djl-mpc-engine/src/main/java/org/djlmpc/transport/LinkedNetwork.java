package org.djlmpc.transport;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;
import org.jspecify.annotations.Nullable;

/**
 * A {@link Network} over {@link Link}s: sorts arriving frames by request and peer, checks them, and
 * keeps the rules that every transport has in common.
 *
 * <p>Life of a request: it begins with {@link #channel} or with the first frame from a peer, and
 * ends here when the last of its open channels closes, or when it is stopped and none is open.
 * Frames for an ended request are dropped, and its number is not used again.
 *
 * <p>Reading never waits for a slow consumer: a link carries all requests, so one that is not
 * received from must not hold up the others (two parties could wait for each other forever). What
 * waits is bounded for each channel and in all; a request that exceeds a bound is stopped.
 *
 * <p>One lock guards everything; it is never held while a frame is sent, because a link in memory
 * calls straight into the network of the peer.
 */
public final class LinkedNetwork implements Network {
  /** Ended requests whose late frames are recognized; a frame is never that late. */
  private static final int REMEMBERED_REQUESTS = 8192;

  private final PartyId self;
  private final NetworkOptions options;
  private final Runnable release;
  private final BufferedBytes buffered;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition requestArrived = lock.newCondition();
  private final Map<PartyId, Peer> peers = new EnumMap<>(PartyId.class);
  private final Map<Long, RequestState> requests = new HashMap<>();
  private final Map<Long, Ended> ended =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, Ended> eldest) {
          return size() > REMEMBERED_REQUESTS;
        }
      };
  private final Set<Long> pending = new LinkedHashSet<>();
  private @Nullable MpcException failure;
  private boolean closed;

  /** The state of the link to one peer. */
  private static final class Peer {
    final Condition writable;
    @Nullable Link link;
    @Nullable MpcException failure;
    boolean ended;

    Peer(Condition writable) {
      this.writable = writable;
    }

    boolean listens() {
      return link != null && failure == null && !ended;
    }
  }

  private record Ended(@Nullable MpcException failure, int rounds) {}

  /**
   * Creates a network whose links are attached afterwards.
   *
   * @param self the party at this end
   * @param others the peers, without {@code self}
   * @param options limits
   * @param release frees what the links share; called once, after they are closed
   */
  public LinkedNetwork(
      PartyId self, Set<PartyId> others, NetworkOptions options, Runnable release) {
    this.self = self;
    this.options = options;
    this.release = release;
    buffered = new BufferedBytes(options);
    others.forEach(peer -> peers.put(peer, new Peer(lock.newCondition())));
  }

  @Override
  public PartyId self() {
    return self;
  }

  @Override
  public Set<PartyId> peers() {
    return Set.copyOf(peers.keySet());
  }

  /** Gives the network its link to a peer, once; from then on frames flow. */
  public void attach(PartyId peer, Link link) {
    LinkShape shape = options.shape();
    Link shaped =
        shape.changesNothing()
            ? link
            : ShapedLink.start(
                link,
                shape,
                options.ioTimeout(),
                self + "-" + peer,
                () -> writabilityChanged(peer));
    lock.lock();
    try {
      if (!closed) {
        peer(peer).link = shaped;
        peer(peer).writable.signalAll();
        return;
      }
    } finally {
      lock.unlock();
    }
    shaped.close();
  }

  @Override
  public Channel channel(PartyId peer, long request) {
    if (!peers.containsKey(peer)) {
      throw new MpcException(
          ErrorCode.ARGUMENT,
          self + " has no peer " + peer + ", only " + peers.keySet() + ".",
          "Name one of the peers.");
    }
    if (request < 0) {
      throw new MpcException(
          ErrorCode.ARGUMENT,
          "Request " + request + " is negative.",
          "Number requests from 1; 0 is the control channel.");
    }
    lock.lock();
    try {
      checkUsable();
      Ended end = ended.get(request);
      if (end != null) {
        throw end.failure() != null ? end.failure() : endedException(request);
      }
      MpcException gone = peer(peer).failure;
      if (gone != null) {
        throw gone;
      }
      RequestState state = requests.computeIfAbsent(request, RequestState::new);
      state.checkUsable();
      FrameChannel channel = channelOf(state, peer);
      channel.open();
      pending.remove(request);
      return channel;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public long accept() {
    lock.lock();
    try {
      while (pending.isEmpty()) {
        checkUsable();
        checkPeers();
        requestArrived.await();
      }
      checkUsable();
      long request = pending.iterator().next();
      pending.remove(request);
      return request;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new MpcException(
          ErrorCode.CANCELLED,
          self + " was interrupted while it waited for a request.",
          ErrorCode.CANCELLED.nextStep(),
          e);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public int rounds(long request) {
    lock.lock();
    try {
      RequestState state = requests.get(request);
      if (state != null) {
        return state.clock().depth();
      }
      Ended end = ended.get(request);
      return end == null ? 0 : end.rounds();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void abort(long request, MpcException reason) {
    stop(request, reason);
  }

  @Override
  public void abort(MpcException reason) {
    lock.lock();
    try {
      if (closed || failure != null) {
        return;
      }
      failAll(reason);
    } finally {
      lock.unlock();
    }
    broadcast(WireFormat.ALL_REQUESTS, reason);
  }

  @Override
  public void close() {
    List<Link> links = new ArrayList<>();
    @Nullable MpcException reason;
    lock.lock();
    try {
      if (closed) {
        return;
      }
      closed = true;
      reason = failure;
      for (Peer peer : peers.values()) {
        if (peer.link != null) {
          links.add(peer.link);
        }
        peer.writable.signalAll();
      }
      requests.values().forEach(state -> state.fail(closedException()));
      pending.clear();
      requestArrived.signalAll();
    } finally {
      lock.unlock();
    }
    if (reason != null) {
      // a peer that has not heard the reason yet would only see that this party has left
      links.forEach(link -> link.send(WireFormat.abort(WireFormat.ALL_REQUESTS, reason)));
    }
    links.forEach(link -> link.send(WireFormat.end()));
    links.forEach(Link::close);
    release.run();
  }

  /** Takes a frame from a peer; called by links, in the order in which the frames were sent. */
  public void deliver(PartyId from, Frame frame) {
    if (frame.type() == FrameType.ABORT) {
      peerStopped(from, frame);
      return;
    }
    if (frame.request() == WireFormat.ALL_REQUESTS) {
      peerEnded(from);
      return;
    }
    MpcException bad;
    lock.lock();
    try {
      RequestState state = requests.get(frame.request());
      if (closed
          || failure != null
          || ended.containsKey(frame.request())
          || state != null && state.failure() != null) {
        frame.erase();
        return;
      }
      if (state == null && frame.request() != 0 && pending.size() == options.maxPendingRequests()) {
        bad = tooManyRequests(from);
      } else {
        if (state == null) {
          state = new RequestState(frame.request());
          requests.put(frame.request(), state);
          if (frame.request() != 0) {
            pending.add(frame.request());
            requestArrived.signalAll();
          }
        }
        bad = channelOf(state, from).offer(frame);
      }
    } finally {
      lock.unlock();
    }
    if (bad != null) {
      stop(frame.request(), bad);
    }
  }

  /** Notes that a link is lost; stops every request that uses it, at every party. */
  public void linkFailed(PartyId peer, MpcException reason) {
    List<Long> affected = new ArrayList<>();
    lock.lock();
    try {
      Peer lost = peer(peer);
      if (closed || lost.ended || lost.failure != null) {
        return;
      }
      lost.failure = reason;
      lost.writable.signalAll();
      requestArrived.signalAll();
      for (RequestState state : requests.values()) {
        FrameChannel channel = state.channel(peer);
        if (channel != null && !channel.isClosed()) {
          affected.add(state.number());
        }
      }
    } finally {
      lock.unlock();
    }
    affected.forEach(request -> stop(request, reason));
  }

  /** Whether nothing more can come from this peer, so that its closing the link is no failure. */
  public boolean hasEnded(PartyId peer) {
    lock.lock();
    try {
      return closed || peer(peer).ended;
    } finally {
      lock.unlock();
    }
  }

  /** Wakes the senders that wait for the link to this peer. */
  public void writabilityChanged(PartyId peer) {
    lock.lock();
    try {
      peer(peer).writable.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** The link to send on, or null if the peer no longer listens; waits while the link is full. */
  @Nullable Link awaitWritable(FrameChannel channel) {
    MpcException reason;
    lock.lock();
    try {
      Peer peer = peer(channel.peer());
      long nanos = options.ioTimeout().toNanos();
      while (true) {
        channel.checkUsable();
        if (peer.ended) {
          return null;
        }
        if (peer.link != null && peer.link.writable()) {
          return peer.link;
        }
        if (nanos <= 0) {
          reason =
              timeout("room to send to " + channel.peer() + " in request " + channel.request());
          break;
        }
        nanos = peer.writable.awaitNanos(nanos);
      }
    } catch (InterruptedException e) {
      reason = interrupted(channel, e);
    } finally {
      lock.unlock();
    }
    throw stop(channel.request(), reason);
  }

  /** The next frame from the peer, which must have this type and operation. */
  Frame awaitFrame(FrameChannel channel, FrameType type, int operation) {
    MpcException reason;
    lock.lock();
    try {
      Peer peer = peer(channel.peer());
      long nanos = options.ioTimeout().toNanos();
      while (true) {
        channel.checkUsable();
        Frame frame = channel.poll(type);
        if (frame != null) {
          if (frame.type() == type && frame.operation() == operation) {
            return frame;
          }
          reason = unexpected(channel, type, operation, frame);
          break;
        }
        if (peer.ended) {
          reason = gone(channel, type, operation);
          break;
        }
        if (nanos <= 0) {
          reason =
              timeout(
                  type
                      + " of operation "
                      + operation
                      + " from "
                      + channel.peer()
                      + " in request "
                      + channel.request());
          break;
        }
        if (type == FrameType.ANNOUNCE) {
          channel.arrived().await();
        } else {
          nanos = channel.arrived().awaitNanos(nanos);
        }
      }
    } catch (InterruptedException e) {
      reason = interrupted(channel, e);
    } finally {
      lock.unlock();
    }
    throw stop(channel.request(), reason);
  }

  void closeChannel(FrameChannel channel) {
    lock.lock();
    try {
      if (!channel.isClosed()) {
        channel.shut();
        peer(channel.peer()).writable.signalAll();
        endIfUnused(channel.state());
      }
    } finally {
      lock.unlock();
    }
  }

  /** Stops a request here and at every peer; returns the first reason for which it stopped. */
  private MpcException stop(long request, MpcException reason) {
    lock.lock();
    try {
      MpcException earlier = failLocally(request, reason);
      if (earlier != null) {
        return earlier;
      }
    } finally {
      lock.unlock();
    }
    broadcast(request, reason);
    return reason;
  }

  private void peerStopped(PartyId from, Frame frame) {
    lock.lock();
    try {
      if (frame.request() != WireFormat.ALL_REQUESTS) {
        String scope = "request " + frame.request();
        failLocally(frame.request(), AbortMessage.decode(frame.payload(), from, scope));
      } else if (!closed && failure == null) {
        failAll(AbortMessage.decode(frame.payload(), from, "all requests"));
      }
    } finally {
      lock.unlock();
    }
  }

  private void peerEnded(PartyId from) {
    lock.lock();
    try {
      peer(from).ended = true;
      peer(from).writable.signalAll();
      requestArrived.signalAll();
      for (RequestState state : requests.values()) {
        FrameChannel channel = state.channel(from);
        if (channel != null) {
          channel.arrived().signalAll();
        }
      }
    } finally {
      lock.unlock();
    }
  }

  /** Returns why the request cannot be stopped any more, or null if this stopped it. */
  private @Nullable MpcException failLocally(long request, MpcException reason) {
    if (failure != null) {
      return failure;
    }
    if (closed) {
      return closedException();
    }
    Ended end = ended.get(request);
    if (end != null) {
      return end.failure() != null ? end.failure() : endedException(request);
    }
    RequestState state = requests.computeIfAbsent(request, RequestState::new);
    if (state.failure() != null) {
      return state.failure();
    }
    state.fail(reason);
    pending.remove(request);
    peers.values().forEach(peer -> peer.writable.signalAll());
    endIfUnused(state);
    return null;
  }

  private void failAll(MpcException reason) {
    failure = reason;
    requests.values().forEach(state -> state.fail(reason));
    pending.clear();
    peers.values().forEach(peer -> peer.writable.signalAll());
    requestArrived.signalAll();
  }

  private void endIfUnused(RequestState state) {
    if (!state.hasOpenChannel()) {
      requests.remove(state.number());
      pending.remove(state.number());
      state.channels().forEach(FrameChannel::shut);
      ended.put(state.number(), new Ended(state.failure(), state.clock().depth()));
    }
  }

  private void broadcast(long request, MpcException reason) {
    List<Link> links = new ArrayList<>();
    lock.lock();
    try {
      for (Peer peer : peers.values()) {
        if (peer.link != null && peer.listens()) {
          links.add(peer.link);
        }
      }
    } finally {
      lock.unlock();
    }
    byte[] payload = AbortMessage.encode(reason);
    // Links in memory pass the array on, so every peer gets its own.
    links.forEach(link -> link.send(new Frame(FrameType.ABORT, request, 0, 0, 0, payload.clone())));
  }

  private FrameChannel channelOf(RequestState state, PartyId peer) {
    FrameChannel channel = state.channel(peer);
    if (channel == null) {
      channel = new FrameChannel(this, state, peer, lock.newCondition(), buffered);
      state.add(channel);
    }
    return channel;
  }

  private Peer peer(PartyId id) {
    Peer peer = peers.get(id);
    if (peer == null) {
      throw new MpcException(
          ErrorCode.INTERNAL, self + " has no peer " + id + ".", ErrorCode.INTERNAL.nextStep());
    }
    return peer;
  }

  private void checkUsable() {
    if (failure != null) {
      throw failure;
    }
    if (closed) {
      throw closedException();
    }
  }

  /** A session needs all its parties: without one of them no request can come any more. */
  private void checkPeers() {
    boolean anyListens = peers.isEmpty();
    for (Peer peer : peers.values()) {
      if (peer.failure != null) {
        throw peer.failure;
      }
      anyListens |= !peer.ended;
    }
    if (!anyListens) {
      throw new MpcException(
          ErrorCode.CLOSED,
          "All peers of " + self + " have closed; no request can come.",
          ErrorCode.CLOSED.nextStep());
    }
  }

  private MpcException closedException() {
    return new MpcException(
        ErrorCode.CLOSED, "The network of " + self + " is closed.", ErrorCode.CLOSED.nextStep());
  }

  private MpcException endedException(long request) {
    return new MpcException(
        ErrorCode.CLOSED,
        "Request " + request + " has ended at " + self + ": its last channel was closed.",
        "Start a new request; request numbers are used once.");
  }

  private MpcException tooManyRequests(PartyId from) {
    return new MpcException(
        ErrorCode.BAD_FRAME,
        from
            + " starts another request while "
            + options.maxPendingRequests()
            + " wait for "
            + self
            + " to accept them.",
        "Start fewer requests at once, or raise maxPendingRequests in the network options.");
  }

  private MpcException unexpected(FrameChannel channel, FrameType type, int operation, Frame got) {
    return new MpcException(
        ErrorCode.BAD_FRAME,
        self
            + " expected "
            + type
            + " of operation "
            + operation
            + " from "
            + channel.peer()
            + " in request "
            + channel.request()
            + " and got "
            + got.type()
            + " of operation "
            + got.operation()
            + ".",
        "Run the same program and version at all parties.");
  }

  private MpcException gone(FrameChannel channel, FrameType type, int operation) {
    return new MpcException(
        ErrorCode.PEER_GONE,
        channel.peer()
            + " has closed while "
            + self
            + " waits for "
            + type
            + " of operation "
            + operation
            + " in request "
            + channel.request()
            + ".",
        ErrorCode.PEER_GONE.nextStep());
  }

  private MpcException timeout(String awaited) {
    return new MpcException(
        ErrorCode.TIMEOUT,
        self + " waited " + options.ioTimeout().toMillis() + " ms for " + awaited + ".",
        ErrorCode.TIMEOUT.nextStep());
  }

  private MpcException interrupted(FrameChannel channel, InterruptedException cause) {
    Thread.currentThread().interrupt();
    return new MpcException(
        ErrorCode.CANCELLED,
        "Request " + channel.request() + " was interrupted at " + self + ".",
        ErrorCode.CANCELLED.nextStep(),
        cause);
  }
}
