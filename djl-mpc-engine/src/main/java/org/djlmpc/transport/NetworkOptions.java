package org.djlmpc.transport;

import java.time.Duration;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;

/**
 * Limits of a network.
 *
 * @param ioTimeout how long a receive waits for its frame, and a send for room, before the request
 *     is stopped at every party
 * @param maxBufferedBytes payload bytes that may wait for one channel to receive them; a peer that
 *     sends more has its request stopped
 * @param maxBufferedBytesInAll payload bytes that may wait for all channels together; the request
 *     whose frame finds no room is stopped
 * @param maxPendingRequests requests that peers may have started and this party has neither
 *     accepted nor opened
 * @param shape what to make of the links
 */
public record NetworkOptions(
    Duration ioTimeout,
    long maxBufferedBytes,
    long maxBufferedBytesInAll,
    int maxPendingRequests,
    LinkShape shape) {
  /** A minute, 1 GiB a channel, 2 GiB in all, 64 requests, links as they are. */
  public static final NetworkOptions DEFAULT =
      new NetworkOptions(Duration.ofSeconds(60), 1L << 30, 2L << 30, 64, LinkShape.NONE);

  /** Checks the numbers. */
  public NetworkOptions {
    if (ioTimeout.isNegative()
        || ioTimeout.isZero()
        || ioTimeout.compareTo(Duration.ofDays(365)) > 0) {
      throw new MpcException(
          ErrorCode.ARGUMENT,
          "An I/O timeout of " + ioTimeout + " is not possible.",
          "Give more than nothing and at most a year.");
    }
    if (maxBufferedBytes < Channel.MAX_PAYLOAD) {
      throw new MpcException(
          ErrorCode.ARGUMENT,
          maxBufferedBytes + " bytes are less than one frame may have.",
          "Give at least " + Channel.MAX_PAYLOAD + " bytes.");
    }
    if (maxBufferedBytesInAll < maxBufferedBytes) {
      throw new MpcException(
          ErrorCode.ARGUMENT,
          maxBufferedBytesInAll + " bytes in all are less than one channel may have.",
          "Give at least " + maxBufferedBytes + " bytes.");
    }
    if (maxPendingRequests < 1) {
      throw new MpcException(
          ErrorCode.ARGUMENT,
          maxPendingRequests + " pending requests are too few.",
          "Give at least 1.");
    }
  }

  /** The same with another I/O timeout. */
  public NetworkOptions withIoTimeout(Duration timeout) {
    return new NetworkOptions(
        timeout, maxBufferedBytes, maxBufferedBytesInAll, maxPendingRequests, shape);
  }

  /** The same with another bound on what waits for one channel. */
  public NetworkOptions withMaxBufferedBytes(long bytes) {
    return new NetworkOptions(
        ioTimeout, bytes, Math.max(bytes, maxBufferedBytesInAll), maxPendingRequests, shape);
  }

  /** The same with another bound on what waits for all channels. */
  public NetworkOptions withMaxBufferedBytesInAll(long bytes) {
    return new NetworkOptions(ioTimeout, maxBufferedBytes, bytes, maxPendingRequests, shape);
  }

  /** The same with another bound on requests that nobody has accepted. */
  public NetworkOptions withMaxPendingRequests(int requests) {
    return new NetworkOptions(ioTimeout, maxBufferedBytes, maxBufferedBytesInAll, requests, shape);
  }

  /** The same with slower links. */
  public NetworkOptions withShape(LinkShape other) {
    return new NetworkOptions(
        ioTimeout, maxBufferedBytes, maxBufferedBytesInAll, maxPendingRequests, other);
  }
}
