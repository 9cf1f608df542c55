package org.djlmpc.transport;

/**
 * Carries frames to one peer, in order. This is what a transport implements; what arrives from the
 * peer it hands to {@link LinkedNetwork}.
 */
public interface Link {
  /**
   * Takes a frame without blocking. A frame that cannot be delivered is dropped, and the network
   * hears of it by {@link LinkedNetwork#linkFailed}.
   */
  void send(Frame frame);

  /**
   * Whether a sender of data may go on. Senders wait while this is false; the link calls {@link
   * LinkedNetwork#writabilityChanged} when it turns true. Aborts are sent all the same.
   */
  boolean writable();

  /** Delivers what was sent, as far as the peer still listens, and releases the link. */
  void close();
}
