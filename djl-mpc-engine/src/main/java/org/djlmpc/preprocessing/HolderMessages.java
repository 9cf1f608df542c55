package org.djlmpc.preprocessing;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;
import org.djlmpc.transport.Channel;
import org.djlmpc.transport.FrameType;

/**
 * What a share holder tells an assistant: announcements, returned credit and a wider window, on one
 * stream, told apart by their first byte.
 *
 * <p>Credit bounds the keys under way: both ends start with the same window, the assistant spends
 * it, and the share holder returns what it has used. A share holder that has room for more widens
 * the window, as far as the session allows.
 */
final class HolderMessages {
  private static final byte ANNOUNCEMENT = 0;
  private static final byte CREDIT = 1;
  private static final byte WIDEN = 2;

  /** Far more than any program announces ahead. */
  private static final long MAX_WAITING_BYTES = 64L << 20;

  private final Channel channel;
  private final long most;
  private final Deque<byte[]> announcements = new ArrayDeque<>();
  private long waitingBytes;
  private long window;
  private long open;

  HolderMessages(Channel channel, KeyWindow keys) {
    this.channel = channel;
    window = keys.streamed();
    open = window;
    most = keys.most();
  }

  // ---- share holder

  /** Announces operations; an empty list ends the request. */
  void announce(List<? extends Operation> operations) {
    byte[] encoded = OperationCodec.encode(operations);
    byte[] message = new byte[encoded.length + 1];
    message[0] = ANNOUNCEMENT;
    System.arraycopy(encoded, 0, message, 1, encoded.length);
    channel.send(FrameType.ANNOUNCE, 0, message);
  }

  /**
   * A frame of keys has been used up. Small amounts are collected into one message, as long as what
   * is left has room for another frame: who waits for a frame must not hold the credit for it.
   */
  void giveBack(int bytes) {
    open -= bytes;
    long used = window - open;
    if (used >= window / 8 || open < Channel.MAX_PAYLOAD) {
      giveBackAll();
    }
  }

  /** Returns all credit for what has been used. */
  void giveBackAll() {
    long used = window - open;
    if (used > 0) {
      send(CREDIT, used);
      open = window;
    }
  }

  /** Most bytes under way. */
  long window() {
    return window;
  }

  /** Makes room for a program's keys. */
  void widenTo(long bytes) {
    if (bytes > window) {
      send(WIDEN, bytes - window);
      open += bytes - window;
      window = bytes;
    }
  }

  private void send(byte kind, long bytes) {
    channel.send(
        FrameType.ANNOUNCE,
        0,
        ByteBuffer.allocate(1 + Long.BYTES).put(kind).putLong(bytes).array());
  }

  // ---- assistant

  /** Waits for the next announcement. */
  byte[] nextAnnouncement() {
    while (announcements.isEmpty()) {
      receive();
    }
    byte[] next = announcements.remove();
    waitingBytes -= next.length;
    return next;
  }

  /** Waits until the share holder has room for a frame; one frame may always be under way. */
  void spend(int bytes) {
    while (open < bytes && open < window) {
      receive();
    }
    open -= bytes;
  }

  private void receive() {
    byte[] message = channel.receive(FrameType.ANNOUNCE, 0);
    if (message.length > 0 && message[0] == ANNOUNCEMENT) {
      waitingBytes += message.length - 1;
      if (waitingBytes > MAX_WAITING_BYTES) {
        throw new MpcException(
            ErrorCode.BAD_FRAME,
            channel.peer() + " announced far more than it ran.",
            "Announce a program in parts, each when the one before it was run.");
      }
      announcements.add(Arrays.copyOfRange(message, 1, message.length));
      return;
    }
    long bytes = message.length == 1 + Long.BYTES ? ByteBuffer.wrap(message).getLong(1) : -1;
    if (bytes >= 0 && message[0] == CREDIT && bytes <= window - open) {
      open += bytes;
    } else if (bytes >= 0 && message[0] == WIDEN && bytes <= most - window) {
      window += bytes;
      open += bytes;
    } else {
      throw new MpcException(
          ErrorCode.BAD_FRAME,
          channel.peer()
              + " sent a message that is neither an announcement nor credit that it has.",
          "Run the same version of djl-mpc at all parties.");
    }
  }
}
