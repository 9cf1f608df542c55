package org.djlmpc.transport;

import org.djlmpc.error.MpcException;

/**
 * An ordered, reliable stream of frames with one peer for one request.
 *
 * <p>Protocols see only this interface; threads, TCP and shaped links stand behind it. One thread
 * at a time may send and one may receive. Every call fails with the reason of the abort once any
 * party has aborted.
 */
public interface Channel extends AutoCloseable {
  /** Largest payload of one frame, in bytes. */
  int MAX_PAYLOAD = 8 << 20;

  /** The party at this end. */
  PartyId self();

  /** The party at the other end. */
  PartyId peer();

  /** The request that this channel serves. */
  long request();

  /**
   * Sends one frame. The payload passes to the channel and must not be used afterwards.
   *
   * @param type what the payload is
   * @param operation number of the operation in the request; the receiver must expect the same
   * @param payload at most {@link #MAX_PAYLOAD} bytes
   * @throws MpcException if the peer is gone or the request was aborted
   */
  void send(FrameType type, int operation, Payload payload);

  /** Sends an array, which passes to the channel. */
  default void send(FrameType type, int operation, byte[] payload) {
    send(type, operation, Payload.of(payload));
  }

  /**
   * Receives the next frame, which must have this type and operation number.
   *
   * <p>Announcements are a stream of their own: they are neither overtaken by nor in the way of
   * other frames, and are awaited as long as the request lives, because a party that computes has
   * nothing to announce.
   *
   * @return the payload, which the caller only reads, and closes
   * @throws MpcException on timeout, abort, a closed peer, or a frame of another type, operation or
   *     sequence number
   */
  Payload receivePayload(FrameType type, int operation);

  /** As {@link #receivePayload}; the caller owns the bytes. */
  default byte[] receive(FrameType type, int operation) {
    return receivePayload(type, operation).keep();
  }

  /** Bytes, messages and rounds so far. */
  Traffic traffic();

  /** Ends this channel; frames that still arrive for it are dropped. */
  @Override
  void close();
}
