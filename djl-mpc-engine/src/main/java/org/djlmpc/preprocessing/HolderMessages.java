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
 * What a share holder tells an assistant: announcements and returned credit, on one stream, told
 * apart by their first byte.
 *
 * <p>Credit bounds the keys under way: both ends start with the same window, the assistant spends
 * it, and the share holder returns what it has used.
 */
final class HolderMessages {
  private static final byte ANNOUNCEMENT = 0;
  private static final byte CREDIT = 1;

  /** Far more than any program announces ahead. */
  private static final long MAX_WAITING_BYTES = 64L << 20;

  private final Channel channel;
  private final long window;
  private final Deque<byte[]> announcements = new ArrayDeque<>();
  private long waitingBytes;
  private long open;

  HolderMessages(Channel channel, long window) {
    this.channel = channel;
    this.window = window;
    open = window;
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
      channel.send(
          FrameType.ANNOUNCE,
          0,
          ByteBuffer.allocate(1 + Long.BYTES).put(CREDIT).putLong(used).array());
      open = window;
    }
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
    long returned =
        message.length == 1 + Long.BYTES && message[0] == CREDIT
            ? ByteBuffer.wrap(message).getLong(1)
            : -1;
    if (returned < 0 || returned > window - open) {
      throw new MpcException(
          ErrorCode.BAD_FRAME,
          channel.peer()
              + " sent a message that is neither an announcement nor credit that it has.",
          "Run the same version of djl-mpc at all parties.");
    }
    open += returned;
  }
}
