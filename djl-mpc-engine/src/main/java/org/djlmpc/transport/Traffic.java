package org.djlmpc.transport;

import org.jspecify.annotations.Nullable;

/**
 * What has passed through one channel, with offline and online frames (see {@link
 * FrameType#online()}) counted apart. Any thread may read while the channel is in use.
 */
public final class Traffic {
  private Phase offline = Phase.NONE;
  private Phase online = Phase.NONE;
  private int rounds;
  private @Nullable FrameType lastType;
  private int lastOperation;

  Traffic() {}

  /** A consistent copy of all counters. */
  public synchronized Totals totals() {
    return new Totals(offline, online, rounds);
  }

  synchronized void sent(FrameType type, int operation, int payloadBytes) {
    boolean continues = type == lastType && operation == lastOperation;
    lastType = type;
    lastOperation = operation;
    add(type, new Phase(payloadBytes, 0, WireFormat.HEADER_BYTES, continues ? 0 : 1, 1, 0));
  }

  synchronized void received(FrameType type, int payloadBytes, int depth) {
    lastType = null;
    rounds = Math.max(rounds, depth);
    add(type, new Phase(0, payloadBytes, 0, 0, 0, 1));
  }

  private void add(FrameType type, Phase more) {
    if (type.online()) {
      online = online.plus(more);
    } else {
      offline = offline.plus(more);
    }
  }

  @Override
  public String toString() {
    return totals().toString();
  }

  /**
   * The counters of one phase.
   *
   * @param bytesSent payload bytes sent
   * @param bytesReceived payload bytes received by the caller, not those that still wait
   * @param overheadBytes header bytes of the frames sent; {@code bytesSent + overheadBytes} went
   *     onto the wire (before TLS)
   * @param messagesSent messages sent; consecutive frames of one type and operation, with nothing
   *     received in between, are the pieces of one message
   * @param framesSent frames sent
   * @param framesReceived frames received
   */
  public record Phase(
      long bytesSent,
      long bytesReceived,
      long overheadBytes,
      long messagesSent,
      long framesSent,
      long framesReceived) {
    /** Nothing. */
    public static final Phase NONE = new Phase(0, 0, 0, 0, 0, 0);

    /** The sum of both. */
    public Phase plus(Phase other) {
      return new Phase(
          bytesSent + other.bytesSent,
          bytesReceived + other.bytesReceived,
          overheadBytes + other.overheadBytes,
          messagesSent + other.messagesSent,
          framesSent + other.framesSent,
          framesReceived + other.framesReceived);
    }

    /** What happened since the earlier snapshot. */
    public Phase minus(Phase earlier) {
      return new Phase(
          bytesSent - earlier.bytesSent,
          bytesReceived - earlier.bytesReceived,
          overheadBytes - earlier.overheadBytes,
          messagesSent - earlier.messagesSent,
          framesSent - earlier.framesSent,
          framesReceived - earlier.framesReceived);
    }
  }

  /**
   * A snapshot of one channel, or the sum over channels.
   *
   * @param offline frames that depend on no query
   * @param online frames that do
   * @param rounds depth of the request (see {@link Network#rounds}) when the channel last received
   */
  public record Totals(Phase offline, Phase online, int rounds) {
    /** Nothing. */
    public static final Totals NONE = new Totals(Phase.NONE, Phase.NONE, 0);

    /**
     * Joins the totals of two channels of one request: bytes, messages and frames add up; the
     * channels share one clock, so rounds are the larger of the two.
     */
    public Totals plus(Totals other) {
      return new Totals(
          offline.plus(other.offline), online.plus(other.online), Math.max(rounds, other.rounds));
    }

    /** What happened since the earlier snapshot of the same channels. */
    public Totals minus(Totals earlier) {
      return new Totals(
          offline.minus(earlier.offline), online.minus(earlier.online), rounds - earlier.rounds);
    }
  }
}
