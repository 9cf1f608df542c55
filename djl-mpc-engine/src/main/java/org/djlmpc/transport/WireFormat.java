package org.djlmpc.transport;

import java.nio.ByteBuffer;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;

/**
 * How a frame is written on a byte stream. All numbers are big-endian.
 *
 * <pre>
 * offset size  field
 *      0    4  length of the payload in bytes, 0 to {@link Channel#MAX_PAYLOAD}
 *      4    1  code of the {@link FrameType}
 *      5    8  request; 0 is the control channel, -1 every request (ABORT and END only)
 *     13    4  operation
 *     17    4  sequence: 0, 1, 2, ... for each request and direction; ABORT and END of all carry 0
 *     21    4  round: 0 for offline frames, see {@link RoundClock}
 *     25       payload
 * </pre>
 *
 * <p>The header is checked as a whole before anything is allocated for the payload. The sequence
 * number is what makes a replayed, lost or reordered frame visible: the order of the stream alone
 * would not show a frame that was recorded in an earlier connection.
 */
public final class WireFormat {
  /** Bytes before the payload. */
  public static final int HEADER_BYTES = 25;

  /** Request number of an ABORT or END that concerns every request. */
  public static final long ALL_REQUESTS = -1;

  /** More dependent messages than any computation has; keeps a hostile clock from overflowing. */
  static final int MAX_ROUND = 1 << 30;

  /** Below this a new array costs little, and a peer could have pools of very many lengths made. */
  private static final int REUSED_BYTES = 64 << 10;

  private WireFormat() {}

  /** The header of a frame. */
  public record Header(
      int length, FrameType type, long request, int operation, int sequence, int round) {
    /**
     * Room for the payload. Large function keys come into arrays that are used again: to make and
     * collect gigabytes of them would cost more than to read them.
     */
    public Payload room() {
      return type == FrameType.PREPROCESSING && length >= REUSED_BYTES
          ? Payload.take(length, 1)
          : Payload.of(new byte[length]);
    }

    /** Joins the header with its payload, which must have the announced length. */
    public Frame withPayload(Payload payload) {
      return new Frame(type, request, operation, sequence, round, payload);
    }
  }

  /** Writes the header of a frame into a new array of {@link #HEADER_BYTES} bytes. */
  public static byte[] header(Frame frame) {
    ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES);
    header.putInt(frame.payload().length);
    header.put((byte) frame.type().code());
    header.putLong(frame.request());
    header.putInt(frame.operation());
    header.putInt(frame.sequence());
    header.putInt(frame.round());
    return header.array();
  }

  /**
   * Reads and checks a header.
   *
   * @param bytes {@link #HEADER_BYTES} bytes
   * @param from the party that sent it, for the message of the exception
   * @throws MpcException BAD_FRAME if the length, type, request, sequence or round is not allowed
   */
  public static Header parse(byte[] bytes, PartyId from) {
    ByteBuffer header = ByteBuffer.wrap(bytes);
    int length = header.getInt();
    int code = header.get();
    long request = header.getLong();
    int operation = header.getInt();
    int sequence = header.getInt();
    int round = header.getInt();
    if (length < 0 || length > Channel.MAX_PAYLOAD) {
      throw bad(from, "length " + Integer.toUnsignedString(length));
    }
    FrameType type = FrameType.ofCode(code);
    if (type == null) {
      throw bad(from, "type " + code);
    }
    if (type == FrameType.ABORT && length > AbortMessage.MAX_BYTES) {
      throw bad(from, "length " + length + " of a reason to stop");
    }
    boolean ofAll = request == ALL_REQUESTS && (type == FrameType.ABORT || type == FrameType.END);
    if (request < 0 && !ofAll) {
      throw bad(from, "request " + request);
    }
    if (sequence < 0) {
      throw bad(from, "sequence number " + sequence);
    }
    boolean roundFits = type.online() ? round > 0 && round <= MAX_ROUND : round == 0;
    if (!roundFits) {
      throw bad(from, "round " + round);
    }
    return new Header(length, type, request, operation, sequence, round);
  }

  /** The frame with which a party leaves in order, after its last request. */
  public static Frame end() {
    return new Frame(FrameType.END, ALL_REQUESTS, 0, 0, 0, new byte[0]);
  }

  /** The frame that tells a peer why a request, or {@link #ALL_REQUESTS}, was stopped. */
  public static Frame abort(long request, MpcException reason) {
    return new Frame(FrameType.ABORT, request, 0, 0, 0, AbortMessage.encode(reason));
  }

  private static MpcException bad(PartyId from, String what) {
    return new MpcException(
        ErrorCode.BAD_FRAME,
        from + " sent a frame with the impossible " + what + ".",
        ErrorCode.BAD_FRAME.nextStep());
  }
}
