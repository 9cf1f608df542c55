package org.djlmpc.transport;

import org.jspecify.annotations.Nullable;

/** What a frame carries. The code is part of the wire format. */
public enum FrameType {
  /** Version and configuration of a party. */
  HELLO(0),
  /** Seeds that two parties share. */
  SEED(1),
  /** What a share holder asks of an assistant: operations, or room for more keys. */
  ANNOUNCE(2),
  /** Keys and correlations from an assistant. */
  PREPROCESSING(3),
  /** Hash of plan, encoding and key range, compared before the first opening. */
  AGREE(4),
  /** An opening that depends on no query, such as the masked weights of a model. */
  SETUP(5),
  /** Shares of an input or an output. */
  SHARE(6),
  /** An opening between share holders, or a message of an online protocol. */
  OPEN(7),
  /** The sender stops; the payload says why. */
  ABORT(8),
  /** The sender is done with this request. */
  END(9);

  private static final FrameType[] BY_CODE = values();

  private final int code;

  FrameType(int code) {
    this.code = code;
  }

  /** The byte that stands for this type on the wire. */
  int code() {
    return code;
  }

  /** The type with this code, or null if there is none. */
  static @Nullable FrameType ofCode(int code) {
    // The codes are consecutive; a test holds them to their places.
    return code < 0 || code >= BY_CODE.length ? null : BY_CODE[code];
  }

  /** Whether frames of this type belong to the online phase; all others are counted as offline. */
  public boolean online() {
    return this == SHARE || this == OPEN;
  }
}
