package org.djlmpc.transport.netty;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.UUID;
import org.djlmpc.transport.PartyId;
import org.jspecify.annotations.Nullable;

/**
 * What the two sides of a connection say before the first frame. The one that connected begins:
 *
 * <pre>
 * offset size  field
 *      0    4  "DMPC"
 *      4    2  version of the wire format
 *      6    1  the party that connects
 *      7    1  the party that it means to reach
 *      8   16  session
 * </pre>
 *
 * and the other side answers
 *
 * <pre>
 *      0    4  "DMPC"
 *      4    2  version of the wire format
 *      6    1  verdict, see {@link Verdict}
 * </pre>
 *
 * The first six bytes of the greeting and the whole answer are the same in every version. A session
 * names a run so that parties of two runs on one machine do not meet; it is no password.
 *
 * @param from ordinal number of the party that connects, as sent
 * @param to ordinal number of the party that it means, as sent
 * @param session the run
 */
record Greeting(int from, int to, UUID session) {
  static final int MAGIC = 0x444D5043;
  static final short VERSION = 1;

  /** First bytes of a TLS connection: a handshake record (RFC 8446, section 5.1). */
  static final int TLS_RECORD = 0x1603;

  /** Bytes that tell the version. */
  static final int PREFIX_BYTES = 6;

  /** Bytes after the prefix. */
  static final int BODY_BYTES = 18;

  static final int ANSWER_BYTES = 7;

  /** The answer to a greeting. The place in this list is the byte on the wire. */
  enum Verdict {
    WELCOME,
    OTHER_VERSION,
    OTHER_SESSION,
    OTHER_PARTY,
    NOT_EXPECTED,
    ALREADY_CONNECTED,
    NOT_AUTHENTIC,
    TLS_ONLY,
    PLAIN_ONLY;

    private static final Verdict[] BY_CODE = values();

    static @Nullable Verdict ofCode(int code) {
      return code < 0 || code >= BY_CODE.length ? null : BY_CODE[code];
    }
  }

  static ByteBuf write(PartyId from, PartyId to, UUID session) {
    return prefix(BODY_BYTES)
        .writeByte(number(from))
        .writeByte(number(to))
        .writeLong(session.getMostSignificantBits())
        .writeLong(session.getLeastSignificantBits());
  }

  static Greeting readBody(ByteBuf in) {
    return new Greeting(in.readByte(), in.readByte(), new UUID(in.readLong(), in.readLong()));
  }

  static ByteBuf answer(Verdict verdict) {
    return prefix(1).writeByte(verdict.compareTo(Verdict.WELCOME));
  }

  /** The number of a party on the wire. */
  static int number(PartyId party) {
    return party.compareTo(PartyId.P0);
  }

  private static ByteBuf prefix(int bodyBytes) {
    return Unpooled.buffer(PREFIX_BYTES + bodyBytes).writeInt(MAGIC).writeShort(VERSION);
  }
}
