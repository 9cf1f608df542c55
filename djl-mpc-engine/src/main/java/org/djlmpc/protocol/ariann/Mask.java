package org.djlmpc.protocol.ariann;

import ai.djl.ndarray.types.Shape;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import org.djlmpc.preprocessing.Streams;
import org.djlmpc.protocol.Rows;
import org.djlmpc.protocol.Wire;
import org.djlmpc.ring.Ring;
import org.djlmpc.ring.RingTensor;
import org.djlmpc.transport.PartyId;
import org.jspecify.annotations.Nullable;

/**
 * The name of a Beaver mask A. A secret has one mask however many products it enters, opened once
 * as E = X - A. The mask itself is never sent: each party derives its summand from the seed which
 * it shares with the dealer, and the dealer derives both.
 *
 * @param request the request that made the mask; masks of weights outlive it
 * @param index number of the mask in that request
 * @param shape shape of the secret
 * @param holder the only party that knows this mask whole (owner mode), or null if it is shared
 */
record Mask(long request, int index, Shape shape, @Nullable PartyId holder) {
  private static final String STREAM = "ariann/mask";

  /** A party's summand A_j. */
  RingTensor summand(Streams streams, Ring ring) {
    return streams.tensor(STREAM, request, index, ring, shape);
  }

  /** A party's summand A_j, derived where and when it is needed. */
  Rows rows(Streams streams, Ring ring) {
    return Rows.of(ring, shape, (from, part) -> streams.fill(STREAM, request, index, from, part));
  }

  /** Dealer: the whole mask A, derived where it is needed. */
  Rows whole(Streams p0, Streams p1, Ring ring) {
    if (holder != null) {
      return rows(holder == PartyId.P0 ? p0 : p1, ring);
    }
    return rows(p0, ring).plus(rows(p1, ring));
  }

  void encode(DataOutput out) throws IOException {
    out.writeLong(request);
    out.writeInt(index);
    Wire.writeShape(out, shape);
    out.writeBoolean(holder != null);
    if (holder != null) {
      Wire.writeEnum(out, holder);
    }
  }

  static Mask decode(DataInput in) throws IOException {
    long request = in.readLong();
    int index = in.readInt();
    Shape shape = Wire.readShape(in);
    PartyId holder = in.readBoolean() ? Wire.readEnum(in, PartyId.class) : null;
    if (holder != null && holder != PartyId.P0 && holder != PartyId.P1) {
      throw new IOException("a mask of " + holder);
    }
    return new Mask(request, index, shape, holder);
  }
}
