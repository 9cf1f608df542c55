package org.djlmpc.transport;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.locks.Condition;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;
import org.jspecify.annotations.Nullable;

/**
 * One peer's part of one request: the frames that have arrived and the numbers of those that leave.
 * Exists from the first frame on, even before this party has opened it. Every field without a
 * comment is guarded by the lock of the network.
 */
final class FrameChannel implements Channel {
  private enum Stage {
    /** Known by the peer's frames only. */
    ANNOUNCED,
    OPEN,
    CLOSED
  }

  private final LinkedNetwork network;
  private final RequestState state;
  private final PartyId peer;
  private final Condition arrived;
  private final BufferedBytes buffered;
  private final Traffic traffic = new Traffic();
  private final Queue<Frame> inbox = new ArrayDeque<>();

  /** Apart from the other frames, because who serves a request takes them when it likes. */
  private final Queue<Frame> announcements = new ArrayDeque<>();

  private Stage stage = Stage.ANNOUNCED;
  private long bufferedBytes;
  private int nextToArrive;

  /** Touched by the sending thread only. */
  private int nextToSend;

  FrameChannel(
      LinkedNetwork network,
      RequestState state,
      PartyId peer,
      Condition arrived,
      BufferedBytes buffered) {
    this.network = network;
    this.state = state;
    this.peer = peer;
    this.arrived = arrived;
    this.buffered = buffered;
  }

  @Override
  public PartyId self() {
    return network.self();
  }

  @Override
  public PartyId peer() {
    return peer;
  }

  @Override
  public long request() {
    return state.number();
  }

  @Override
  public Traffic traffic() {
    return traffic;
  }

  RequestState state() {
    return state;
  }

  Condition arrived() {
    return arrived;
  }

  boolean isOpen() {
    return stage == Stage.OPEN;
  }

  boolean isClosed() {
    return stage == Stage.CLOSED;
  }

  void open() {
    if (stage == Stage.CLOSED) {
      throw closedException();
    }
    stage = Stage.OPEN;
  }

  /** Forgets what has arrived and wakes the thread that waits. */
  void shut() {
    stage = Stage.CLOSED;
    drop();
  }

  void drop() {
    inbox.forEach(Frame::erase);
    inbox.clear();
    announcements.clear();
    buffered.giveBack(bufferedBytes);
    bufferedBytes = 0;
    arrived.signalAll();
  }

  /** Fails unless frames may still be exchanged. */
  void checkUsable() {
    state.checkUsable();
    if (stage == Stage.CLOSED) {
      throw closedException();
    }
  }

  private MpcException closedException() {
    return new MpcException(
        ErrorCode.CLOSED,
        "The channel of " + self() + " to " + peer + " for request " + request() + " is closed.",
        "Start a new request; request numbers are used once.");
  }

  /**
   * Takes a frame from the peer.
   *
   * @return why the request must stop, or null
   */
  @Nullable MpcException offer(Frame frame) {
    if (stage == Stage.CLOSED) {
      frame.erase();
      return null;
    }
    if (frame.sequence() != nextToArrive) {
      return new MpcException(
          ErrorCode.BAD_FRAME,
          peer
              + " sent frame "
              + frame.sequence()
              + " of request "
              + request()
              + " where frame "
              + nextToArrive
              + " was due: a frame was replayed, lost or is foreign.",
          ErrorCode.BAD_FRAME.nextStep());
    }
    int bytes = frame.payload().length;
    if (bufferedBytes + bytes > buffered.perChannel()) {
      return new MpcException(
          ErrorCode.BAD_FRAME,
          peer
              + " sent more than "
              + buffered.perChannel()
              + " bytes for request "
              + request()
              + " that "
              + self()
              + " has not received yet.",
          "Receive what the peer sends, or raise maxBufferedBytes in the network options.");
    }
    if (!buffered.take(bytes)) {
      return new MpcException(
          ErrorCode.LIMIT,
          "More than "
              + buffered.inAll()
              + " bytes wait at "
              + self()
              + " in all requests; the last ones came from "
              + peer
              + " for request "
              + request()
              + ".",
          "Run fewer requests at once, or raise maxBufferedBytesInAll in the network options.");
    }
    bufferedBytes += bytes;
    nextToArrive++;
    queue(frame.type()).add(frame);
    arrived.signalAll();
    return null;
  }

  /** The next frame that has arrived of those among which this type is expected, or null. */
  @Nullable Frame poll(FrameType type) {
    Frame frame = queue(type).poll();
    if (frame != null) {
      bufferedBytes -= frame.payload().length;
      buffered.giveBack(frame.payload().length);
    }
    return frame;
  }

  private Queue<Frame> queue(FrameType type) {
    return type == FrameType.ANNOUNCE ? announcements : inbox;
  }

  @Override
  public void send(FrameType type, int operation, Payload payload) {
    if (payload.length() > MAX_PAYLOAD) {
      throw new MpcException(
          ErrorCode.ARGUMENT,
          "A payload of " + payload.length() + " bytes is longer than a frame can be.",
          "Send it in pieces of at most " + MAX_PAYLOAD + " bytes.");
    }
    if (type == FrameType.ABORT) {
      throw new MpcException(
          ErrorCode.ARGUMENT, "A channel sends no ABORT.", "Use Network.abort instead.");
    }
    Link link = null;
    try {
      link = network.awaitWritable(this);
    } finally {
      if (link == null) {
        payload.close();
      }
    }
    if (link == null) {
      return; // the peer has ended all its requests: what it would drop need not be sent
    }
    int round = state.clock().stamp(type);
    int bytes = payload.length();
    link.send(new Frame(type, request(), operation, nextToSend++, round, payload));
    traffic.sent(type, operation, bytes);
  }

  @Override
  public Payload receivePayload(FrameType type, int operation) {
    Frame frame = network.awaitFrame(this, type, operation);
    if (type.online()) {
      state.clock().received(frame.round());
    }
    traffic.received(type, frame.payload().length, state.clock().depth());
    return frame.held();
  }

  @Override
  public void close() {
    network.closeChannel(this);
  }

  @Override
  public String toString() {
    return "channel " + self() + "-" + peer + " of request " + request();
  }
}
