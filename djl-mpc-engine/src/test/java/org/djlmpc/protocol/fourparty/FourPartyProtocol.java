package org.djlmpc.protocol.fourparty;

import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.Set;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;
import org.djlmpc.protocol.AdditiveProtocol;
import org.djlmpc.protocol.AdditiveShare;
import org.djlmpc.protocol.Bilinear;
import org.djlmpc.protocol.Cost;
import org.djlmpc.protocol.PlanLog;
import org.djlmpc.protocol.Share;
import org.djlmpc.ring.Ring;
import org.djlmpc.ring.RingTensor;
import org.djlmpc.session.Request;
import org.djlmpc.transport.PartyId;
import org.jspecify.annotations.Nullable;

/** The primitives of {@link FourParty} at a share holder. */
final class FourPartyProtocol extends AdditiveProtocol<AdditiveShare> {
  private static final String COMMON = "four-party/common";

  private final @Nullable Request request;
  private final PlanLog log;
  private int commons;
  private int steps;

  FourPartyProtocol(Request request) {
    super(
        request.self(),
        request.session().config().ring(),
        request.session().config().fractionBits());
    this.request = request;
    log = new PlanLog();
  }

  FourPartyProtocol(PartyId self, Ring ring, int fractionBits, PlanLog log) {
    super(self, ring, fractionBits);
    request = null;
    this.log = log;
  }

  @Override
  protected AdditiveShare share(RingTensor value, int scale) {
    return new AdditiveShare(value, scale);
  }

  @Override
  protected AdditiveShare own(Share share) {
    return (AdditiveShare) share;
  }

  /** The next tensor that only P0 and P1 know. */
  private static RingTensor common(Request r, int number, Ring ring, Shape shape) {
    return r.streams(r.session().otherHolder()).tensor(COMMON, r.id(), number, ring, shape);
  }

  /** A fresh share of the same secret. */
  private RingTensor rerandomized(Request r, Share x) {
    RingTensor mask = common(r, commons++, ring(), x.shape());
    return j() == 0 ? value(x).subtract(mask) : value(x).add(mask);
  }

  private Share absent(Shape shape, int scale) {
    return share(RingTensor.absent(ring(), shape), scale);
  }

  @Override
  public Share input(PartyId owner, Shape shape, int scale, @Nullable RingTensor values) {
    if (request == null) {
      return absent(shape, scale);
    }
    RingTensor mask = common(request, commons++, ring(), shape);
    if (self() != owner) {
      return share(mask, scale);
    }
    if (values == null) {
      throw new MpcException(ErrorCode.SHAPE, "The owner gave no values.", "Give them.");
    }
    return share(values.subtract(mask), scale);
  }

  @Override
  public Share owned(PartyId owner, Shape shape, int scale, @Nullable RingTensor values) {
    return input(owner, shape, scale, values);
  }

  @Override
  public void fix(Share weights) {}

  @Override
  public Share multiply(Bilinear map, Share a, Share b) {
    int scale = a.scale() + b.scale();
    Product atP2 = new Product(map, a.shape(), b.shape(), ring(), PartyId.P2);
    Product atP3 = new Product(map, a.shape(), b.shape(), ring(), PartyId.P3);
    if (request == null) {
      log.add(List.of(atP2.prepared(self()), atP3.prepared(self())), atP2.cost());
      return absent(atP2.shape(), scale);
    }
    try (Product.Key key2 = request.key(atP2.prepared(self()));
        Product.Key key3 = request.key(atP3.prepared(self()));
        RingTensor x = rerandomized(request, a);
        RingTensor y = rerandomized(request, b)) {
      atP2.ask(self(), request.channel(PartyId.P2), key2, x, y);
      atP3.ask(self(), request.channel(PartyId.P3), key3, x, y);
      RingTensor z = map.apply(x, y);
      atP2.addTo(z, self(), request.channel(PartyId.P2), key2);
      atP3.addTo(z, self(), request.channel(PartyId.P3), key3);
      return share(z, scale);
    }
  }

  @Override
  public Share truncate(Share a, int bits) {
    if (bits == 0) {
      return copy(a);
    }
    var truncation = new DealtTruncation(a.shape(), bits, ring());
    if (request == null) {
      log.add(List.of(truncation.prepared(self())), truncation.cost());
      return absent(a.shape(), a.scale() - bits);
    }
    try (DealtTruncation.Key key = request.key(truncation.prepared(self()))) {
      return share(truncation.run(self(), request.opener(), key, value(a)), a.scale() - bits);
    }
  }

  @Override
  public Share relu(Share a, int bits) {
    Share x = truncate(a, bits);
    return compare(Comparison.Function.RELU, x, x.scale());
  }

  @Override
  public Share nonNegative(Share a) {
    return compare(Comparison.Function.NON_NEGATIVE, a, 0);
  }

  @Override
  public Share isZero(Share a) {
    return compare(Comparison.Function.IS_ZERO, a, 0);
  }

  private Share compare(Comparison.Function f, Share x, int scale) {
    int step = steps++;
    var atP2 = new Comparison(f, x.shape(), ring(), step, PartyId.P2);
    var atP3 = new Comparison(f, x.shape(), ring(), step, PartyId.P3);
    if (request == null) {
      log.add(List.of(atP2.prepared(), atP3.prepared()), atP2.cost());
      return absent(x.shape(), scale);
    }
    try (Comparison.Key key2 = request.key(atP2.prepared());
        Comparison.Key key3 = request.key(atP3.prepared());
        RingTensor xj = rerandomized(request, x)) {
      boolean first = self() == PartyId.P0;
      return share(
          atP2.run(
              xj,
              request.channel(first ? PartyId.P2 : PartyId.P3),
              first ? key2.number() : key3.number(),
              request.channel(PartyId.P2),
              key2.number()),
          scale);
    }
  }

  @Override
  public Share select(Share bit, Share a) {
    return multiply(Bilinear.ELEMENTWISE, bit, a);
  }

  @Override
  public @Nullable RingTensor reveal(Share a, Set<PartyId> learns, String reason) {
    if (request != null) {
      return request.reveal(value(a), learns, reason);
    }
    long bytes = a.shape().size() * ring().bytes();
    log.add(
        List.of(),
        new Cost(
            1,
            learns.contains(PartyId.P1) ? bytes : 0,
            learns.contains(PartyId.P0) ? bytes : 0,
            0,
            0,
            0,
            0));
    return null;
  }

  @Override
  public RingTensor revealToClient(Share a, String client, String reason) {
    if (request != null) {
      request.logReveal(value(a), client, reason);
    }
    return value(a).copy();
  }
}
