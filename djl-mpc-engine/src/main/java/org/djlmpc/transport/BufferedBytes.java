package org.djlmpc.transport;

/**
 * Payload bytes that wait at one party in all requests together, so that many requests cannot fill
 * its memory where one could not. Guarded by the lock of the network.
 */
final class BufferedBytes {
  private final long perChannel;
  private final long inAll;
  private long waiting;

  BufferedBytes(NetworkOptions options) {
    perChannel = options.maxBufferedBytes();
    inAll = options.maxBufferedBytesInAll();
  }

  /** Most bytes that wait for one channel. */
  long perChannel() {
    return perChannel;
  }

  /** Most bytes that wait for all channels. */
  long inAll() {
    return inAll;
  }

  /** Takes room for a frame; false if there is none. */
  boolean take(int bytes) {
    if (waiting + bytes > inAll) {
      return false;
    }
    waiting += bytes;
    return true;
  }

  void giveBack(long bytes) {
    waiting -= bytes;
  }
}
