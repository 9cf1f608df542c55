package org.djlmpc.transport;

/** One frame as it travels; {@link WireFormat} says how it is written. */
public final class Frame {
  private final FrameType type;
  private final long request;
  private final int operation;
  private final int sequence;
  private final int round;
  private final Payload payload;

  /**
   * Creates a frame.
   *
   * @param type what the payload is
   * @param request number of the request, or {@link WireFormat#ALL_REQUESTS}
   * @param operation number of the operation in the request
   * @param sequence number of this frame among those of its request and direction, from 0
   * @param round length of the longest chain of online frames that ends with this one; 0 offline
   * @param payload owned by the frame, not copied
   */
  public Frame(
      FrameType type, long request, int operation, int sequence, int round, byte[] payload) {
    this(type, request, operation, sequence, round, Payload.of(payload));
  }

  /** The same with a payload that others may hold too. */
  Frame(FrameType type, long request, int operation, int sequence, int round, Payload payload) {
    this.type = type;
    this.request = request;
    this.operation = operation;
    this.sequence = sequence;
    this.round = round;
    this.payload = payload;
  }

  /** What the payload is. */
  public FrameType type() {
    return type;
  }

  /** The request that the frame belongs to. */
  public long request() {
    return request;
  }

  /** The operation that the frame belongs to. */
  public int operation() {
    return operation;
  }

  /** Position among the frames of its request and direction. */
  public int sequence() {
    return sequence;
  }

  /** Logical time of an online frame; see {@link RoundClock}. */
  public int round() {
    return round;
  }

  /** The payload itself, not a copy. */
  public byte[] payload() {
    return payload.bytes();
  }

  /** The payload with those who hold it. */
  Payload held() {
    return payload;
  }

  /** Lets go of the payload of a frame that nobody will read any more. */
  public void erase() {
    payload.close();
  }

  @Override
  public String toString() {
    return type + " of operation " + operation + " in request " + request;
  }
}
