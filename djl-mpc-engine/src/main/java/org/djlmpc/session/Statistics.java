package org.djlmpc.session;

import org.djlmpc.preprocessing.Preprocessing.KeyCost;

/**
 * What a request has cost one party so far.
 *
 * @param offlineNanos time on preprocessing: waiting for keys, preparing them, opening masked
 *     weights
 * @param onlineNanos all other time
 * @param offlineBytesSent payload bytes sent that depend on no query
 * @param offlineBytesReceived payload bytes received that depend on no query; keys and
 *     correlations, mostly
 * @param onlineBytesSent payload bytes sent in the online phase
 * @param onlineBytesReceived payload bytes received in the online phase
 * @param rounds length of the longest chain of online messages that wait for each other
 */
public record Statistics(
    long offlineNanos,
    long onlineNanos,
    long offlineBytesSent,
    long offlineBytesReceived,
    long onlineBytesSent,
    long onlineBytesReceived,
    int rounds) {
  /** Nothing. */
  public static final Statistics ZERO = new Statistics(0, 0, 0, 0, 0, 0, 0);

  /** What was added since an earlier reading. */
  public Statistics minus(Statistics earlier) {
    return new Statistics(
        offlineNanos - earlier.offlineNanos,
        onlineNanos - earlier.onlineNanos,
        offlineBytesSent - earlier.offlineBytesSent,
        offlineBytesReceived - earlier.offlineBytesReceived,
        onlineBytesSent - earlier.onlineBytesSent,
        onlineBytesReceived - earlier.onlineBytesReceived,
        rounds - earlier.rounds);
  }

  /** The same with these keys as its offline part. */
  public Statistics withKeys(KeyCost keys) {
    return new Statistics(
        keys.nanos(),
        onlineNanos,
        offlineBytesSent,
        keys.bytes(),
        onlineBytesSent,
        onlineBytesReceived,
        rounds);
  }

  /** The sum of two costs, one after the other. */
  public Statistics plus(Statistics other) {
    return new Statistics(
        offlineNanos + other.offlineNanos,
        onlineNanos + other.onlineNanos,
        offlineBytesSent + other.offlineBytesSent,
        offlineBytesReceived + other.offlineBytesReceived,
        onlineBytesSent + other.onlineBytesSent,
        onlineBytesReceived + other.onlineBytesReceived,
        rounds + other.rounds);
  }
}
