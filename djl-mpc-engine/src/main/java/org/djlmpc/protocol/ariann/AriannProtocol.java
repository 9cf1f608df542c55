package org.djlmpc.protocol.ariann;

import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;
import org.djlmpc.preprocessing.OneTimeKey;
import org.djlmpc.preprocessing.Prepared;
import org.djlmpc.preprocessing.Streams;
import org.djlmpc.protocol.AdditiveProtocol;
import org.djlmpc.protocol.Bilinear;
import org.djlmpc.protocol.Cost;
import org.djlmpc.protocol.PlanLog;
import org.djlmpc.protocol.Protocol;
import org.djlmpc.protocol.Rounds;
import org.djlmpc.protocol.Rows;
import org.djlmpc.protocol.Share;
import org.djlmpc.ring.CompactTensor;
import org.djlmpc.ring.Ring;
import org.djlmpc.ring.RingTensor;
import org.djlmpc.session.Opener;
import org.djlmpc.session.Pending;
import org.djlmpc.session.Request;
import org.djlmpc.transport.PartyId;
import org.jspecify.annotations.Nullable;

/**
 * AriaNN's primitives at P0 or P1, for one request (T. Ryffel et al., PoPETs 2022), with the
 * constructions of protocols.md sections 1 to 4. Semi-honest security against one corrupted party
 * out of P0, P1 and the dealer.
 */
final class AriannProtocol extends AdditiveProtocol<AriannShare> {
  private static final PartyId DEALER = PartyId.P2;
  private static final String INPUT = "ariann/input";

  private final AriannOptions options;
  private final Mode mode;
  private final long request;
  private final Numbers numbers;
  private final GateWidths gates;
  private final Width wire;

  /** How many masks and inputs this request has had; one for all views of a protocol. */
  private static final class Numbers {
    private int masks;
    private int inputs;
  }

  /** Where steps go. */
  private sealed interface Mode {}

  /** Steps are run. */
  private record Running(Request request, Step.Party party) implements Mode {}

  /** Steps are written down. */
  private record Planning(PlanLog log) implements Mode {}

  AriannProtocol(AriannOptions options, Request request) {
    super(
        request.self(),
        request.session().config().ring(),
        request.session().config().fractionBits());
    this.options = options;
    this.request = request.id();
    mode = new Running(request, new Step.Party(j(), request.opener()));
    numbers = new Numbers();
    gates = GateWidths.usual(options, ring(), fractionBits());
    wire = Width.of(ring());
  }

  AriannProtocol(
      AriannOptions options, PartyId self, long request, Ring ring, int fractionBits, PlanLog log) {
    super(self, ring, fractionBits);
    this.options = options;
    this.request = request;
    mode = new Planning(log);
    numbers = new Numbers();
    gates = GateWidths.usual(options, ring, fractionBits);
    wire = Width.of(ring);
  }

  /** A view whose comparisons or openings have another width. */
  private AriannProtocol(AriannProtocol of, GateWidths gates, Width wire) {
    super(of.self(), of.ring(), of.fractionBits());
    options = of.options;
    request = of.request;
    mode = of.mode;
    numbers = of.numbers;
    this.gates = gates;
    this.wire = wire;
  }

  @Override
  public Protocol within(int bits) {
    GateWidths named = gates.named(bits);
    return named.equals(gates) ? this : new AriannProtocol(this, named, wire);
  }

  @Override
  public Protocol onWire(int bits) {
    int width = Math.max(Width.LEAST, Math.min(bits, ring().bits()));
    return width == wire.bits() ? this : new AriannProtocol(this, gates, new Width(ring(), width));
  }

  @Override
  public int wireBits() {
    return wire.bits();
  }

  /** How much of a secret an opening must show. */
  private Width width(AriannShare share) {
    return wire.and(new Width(ring(), share.bits()));
  }

  @Override
  public Share whole(Share a) {
    Width width = new Width(ring(), own(a).bits());
    return width.isWhole() ? a : run(new Truncation(a.shape(), 0, width), a, a.scale());
  }

  @Override
  public int comparisonBits(int scale) {
    return gates.bits(scale);
  }

  @Override
  protected AriannShare share(RingTensor value, int scale) {
    return new AriannShare(value, scale, null);
  }

  @Override
  protected AriannShare derived(RingTensor value, int scale, List<Share> from) {
    int bits = ring().bits();
    for (Share share : from) {
      bits = Math.min(bits, own(share).bits());
    }
    return narrow(value, scale, bits);
  }

  private static AriannShare narrow(RingTensor value, int scale, int bits) {
    return new AriannShare(value, scale, null, bits);
  }

  @Override
  protected AriannShare own(Share share) {
    if (share instanceof AriannShare own) {
      return own;
    }
    throw new MpcException(
        ErrorCode.INTERNAL,
        "A share of another protocol.",
        "Share the value again with this protocol.");
  }

  @Override
  public Rounds rounds() {
    return options.rounds();
  }

  // ---- sharing and revealing

  @Override
  public Share shadow(Share real) {
    AriannShare share = own(real);
    AriannShare shadow =
        new AriannShare(
            RingTensor.absent(ring(), share.shape()), share.scale(), share.owner(), share.bits());
    shadow.rememberOpeningsOf(share);
    return shadow;
  }

  /** The owner's share is x - PRG, the other's the same PRG: nothing travels. */
  @Override
  public Share input(PartyId owner, Shape shape, int scale, @Nullable RingTensor values) {
    int number = numbers.inputs++;
    if (!(mode instanceof Running running)) {
      return share(RingTensor.absent(ring(), shape), scale);
    }
    Request r = running.request;
    RingTensor mask =
        r.streams(r.session().otherHolder()).tensor(INPUT, request, number, ring(), shape);
    if (self() != owner) {
      return share(mask, scale);
    }
    try (mask) {
      return share(ownValues(shape, values).subtract(mask), scale);
    }
  }

  @Override
  public Share owned(PartyId owner, Shape shape, int scale, @Nullable RingTensor values) {
    if (mode instanceof Planning) {
      return new AriannShare(RingTensor.absent(ring(), shape), scale, owner);
    }
    RingTensor value =
        self() == owner ? ownValues(shape, values).copy() : RingTensor.zeros(ring(), shape);
    return new AriannShare(value, scale, owner);
  }

  private static RingTensor ownValues(Shape shape, @Nullable RingTensor values) {
    if (values == null || !values.shape().equals(shape)) {
      throw notAnnounced(values == null ? null : values.shape(), shape);
    }
    return values;
  }

  private static MpcException notAnnounced(@Nullable Shape given, Shape announced) {
    return new MpcException(
        ErrorCode.SHAPE,
        "The owner of an input gave "
            + (given == null ? "nothing" : given)
            + " where "
            + announced
            + " was announced.",
        "Give the owner the values to share, in the announced shape.");
  }

  @Override
  public void fix(Share weights) {
    AriannShare w = own(weights);
    fix(w, w.rows());
  }

  /** Opens the mask of weights whose summand at this party is made in pieces. */
  private void fix(AriannShare w, Rows summand) {
    PartyId owner = w.owner();
    Mask mask = new Mask(request, numbers.masks++, w.shape(), owner);
    if (!(mode instanceof Running running)) {
      if (owner == null) {
        w.masked(Masked.unknown(mask, Width.of(ring())));
      } else {
        w.published(Masked.unknown(mask, Width.of(ring())));
      }
      return;
    }
    Streams dealer = running.request.streams(DEALER);
    Opener opener = running.party.opener();
    if (owner == null) {
      w.fixed(FixedWeights.open(running.party, mask, dealer, summand));
    } else if (self() == owner) {
      CompactTensor clear = new CompactTensor(ring(), w.shape());
      summand.forEachPiece(clear::set);
      w.fixedByOwner(FixedWeights.give(opener, mask, dealer, Rows.of(clear)), clear);
    } else {
      RingTensor kept = RingTensor.zeros(ring(), w.shape());
      w.fixedByOwner(FixedWeights.take(opener, mask, kept), null);
    }
  }

  @Override
  public Share fixed(
      PartyId owner, Shape shape, int scale, boolean inClear, @Nullable Rows values) {
    RingTensor none = RingTensor.absent(ring(), shape);
    AriannShare weights = new AriannShare(none, scale, inClear ? owner : null);
    fix(weights, inClear ? given(shape, values, owner) : sharing(owner, shape, values));
    return weights;
  }

  /** This party's summand of {@link #input}, in pieces. */
  private Rows sharing(PartyId owner, Shape shape, @Nullable Rows values) {
    int number = numbers.inputs++;
    if (!(mode instanceof Running running)) {
      return Rows.of(RingTensor.absent(ring(), shape));
    }
    Streams streams = running.request.streams(running.request.session().otherHolder());
    Rows mask =
        Rows.of(ring(), shape, (from, part) -> streams.fill(INPUT, request, number, from, part));
    return self() == owner ? given(shape, values, owner).minus(mask) : mask;
  }

  private Rows given(Shape shape, @Nullable Rows values, PartyId owner) {
    if (self() != owner || mode instanceof Planning) {
      return Rows.of(RingTensor.absent(ring(), shape));
    }
    if (values == null || !values.shape().equals(shape)) {
      throw notAnnounced(values == null ? null : values.shape(), shape);
    }
    return values;
  }

  @Override
  public @Nullable RingTensor reveal(Share a, Set<PartyId> learns, String reason) {
    if (mode instanceof Running running) {
      return withWhole(a, whole -> running.request.reveal(whole, learns, reason));
    }
    whole(a);
    long bytes = a.shape().size() * ring().bytes();
    log(
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
    return Objects.requireNonNull(
        withWhole(
            a,
            whole -> {
              if (mode instanceof Running running) {
                running.request.logReveal(whole, client, reason);
              }
              return whole.copy();
            }));
  }

  /** Reads a secret shared over the whole ring; what was lifted for it is gone afterwards. */
  private @Nullable RingTensor withWhole(
      Share a, Function<RingTensor, @Nullable RingTensor> reading) {
    Share whole = whole(a);
    try {
      return reading.apply(value(whole));
    } finally {
      if (whole != a) {
        whole.close();
      }
    }
  }

  // ---- products

  @Override
  public Share multiply(Bilinear map, Share a, Share b) {
    AriannShare x = own(a);
    AriannShare y = own(b);
    if (y.owner() != null) {
      return multiplyOwned(map, x, y);
    }
    if (x.owner() != null && map.kind() == Bilinear.Kind.ELEMENTWISE) {
      return multiplyOwned(map, y, x);
    }
    return multiplyShared(map, x, y);
  }

  /**
   * Beaver: 1. open E = X - A and F = Y - B, once for each secret; 2. Z_j = map(E, [j = 0] F + B_j)
   * + map(A_j, F) + C_j.
   */
  private Share multiplyShared(Bilinear map, AriannShare x, AriannShare y) {
    Masked known = y.masked();
    boolean fixed = isFixed(known);
    Opening left = opening(x);
    Opening right = x == y ? left : opening(y);
    long bytes = left.bytes() + (x == y ? 0 : right.bytes());
    Triple triple = new Triple(map, left.mask, right.mask, ring());
    Prepared<Triple.Key> prepared = triple.prepared(j(), fixed ? known : null);
    announce(prepared);
    Masked e = left.values.await();
    Masked f = right.values.await();
    x.masked(e);
    y.masked(f);
    int scale = x.scale() + y.scale();
    int bits = Math.min(Math.min(x.bits(), y.bits()), Math.min(e.bits(), f.bits()));
    if (!(mode instanceof Running running)) {
      log(
          List.of(prepared),
          Cost.online(bytes > 0 ? 1 : 0, bytes).withMultiplyAdds(work(map, x, y)));
      return narrow(RingTensor.absent(ring(), triple.shape()), scale, bits);
    }
    RingTensor z;
    try (Triple.Key key = running.request.key(prepared)) {
      z = map.apply(e.e(), f.right());
      z.addInPlace(key.k());
    }
    if (!fixed) {
      try (RingTensor af = map.apply(e.a(), f.e())) {
        z.addInPlace(af);
      }
    }
    return narrow(z, scale, bits);
  }

  /**
   * Owner mode, W at its owner: 1. the other gives X_other - A to the owner, who now has X - A, and
   * the owner gives F = W - B if it did not before; 2. Z_owner = map(X - A, W) + C_owner; Z_other =
   * map(A, F) + C_other, which is offline.
   */
  private Share multiplyOwned(Bilinear map, AriannShare x, AriannShare w) {
    PartyId owner = ownerOf(w);
    PartyId other = owner == PartyId.P0 ? PartyId.P1 : PartyId.P0;
    Masked known = w.published();
    boolean fixed = isFixed(known);
    Opening left = giving(x, other);
    Opening right = publishing(w);
    long ownerBytes = right.bytes();
    long otherBytes = left.bytes();
    Triple triple = new Triple(map, left.mask, right.mask, ring());
    Prepared<Triple.Key> prepared = triple.prepared(j(), fixed && self() == other ? known : null);
    announce(prepared);
    Masked e = left.values.await();
    Masked f = right.values.await();
    x.given(e);
    w.published(f);
    int scale = x.scale() + w.scale();
    int bits = Math.min(x.bits(), e.bits());
    if (!(mode instanceof Running running)) {
      log(
          List.of(prepared),
          new Cost(
              ownerBytes + otherBytes > 0 ? 1 : 0,
              owner == PartyId.P0 ? ownerBytes : otherBytes,
              owner == PartyId.P1 ? ownerBytes : otherBytes,
              0,
              0,
              0,
              work(map, x, w)));
      return narrow(RingTensor.absent(ring(), triple.shape()), scale, bits);
    }
    RingTensor z = running.request.key(prepared).k();
    if (self() == owner) {
      try (RingTensor product = map.apply(e.e(), w.rows())) {
        z.addInPlace(product);
      }
    } else if (!fixed) {
      Rows a = e.mask().rows(running.request.streams(DEALER), ring());
      try (RingTensor af = map.apply(a, f.e())) {
        z.addInPlace(af);
      }
    }
    return narrow(z, scale, bits);
  }

  /** Lets the dealer begin before the openings of this product are done. */
  private void announce(Prepared<?> prepared) {
    if (mode instanceof Running running) {
      running.request.announceNext(prepared);
    }
  }

  private static long work(Bilinear map, AriannShare x, AriannShare y) {
    return map.multiplyAdds(x.shape(), y.shape());
  }

  /**
   * Whether the mask was opened by an earlier request, so that products with it can be prepared
   * offline.
   */
  private boolean isFixed(@Nullable Masked opening) {
    return opening != null && opening.mask().request() != request;
  }

  /** An opening that is done or under way, the name of its mask, and what its sender sends. */
  private record Opening(Mask mask, Pending<Masked> values, long bytes) {
    static Opening of(Masked known) {
      return new Opening(known.mask(), () -> known, 0);
    }
  }

  /** Opens E = X - A under a shared mask, once. */
  private Opening opening(AriannShare x) {
    Masked known = x.masked();
    Width width = width(x);
    if (known != null && known.bits() >= width.bits()) {
      return Opening.of(known);
    }
    Mask mask = new Mask(request, numbers.masks++, x.shape(), null);
    long bytes = width.bytes(x.shape());
    if (!(mode instanceof Running running)) {
      Masked unknown = Masked.unknown(mask, width);
      return new Opening(mask, () -> unknown, bytes);
    }
    Streams dealer = running.request.streams(DEALER);
    Pending<RingTensor> opening;
    try (RingTensor a = mask.summand(dealer, ring())) {
      opening = width.open(running.party, x.value().subtract(a));
    }
    return new Opening(
        mask, () -> Masked.opened(mask, opening.await(), width.bits(), j(), dealer), bytes);
  }

  /** Owner mode: the owner, who knows W and B, gives F = W - B to the other, once. */
  private Opening publishing(AriannShare w) {
    Masked known = w.published();
    if (known != null) {
      return Opening.of(known);
    }
    PartyId owner = ownerOf(w);
    Width whole = Width.of(ring());
    Mask mask = new Mask(request, numbers.masks++, w.shape(), owner);
    Pending<RingTensor> handed = handOver(owner, mask, w, whole);
    return new Opening(
        mask,
        () -> {
          RingTensor f = handed.await();
          return self() == owner
              ? Masked.unknown(mask, whole)
              : Masked.given(mask, f, whole.bits());
        },
        whole.bytes(w.shape()));
  }

  /** Owner mode: the other party, who knows A, gives its summand of X - A to the owner, once. */
  private Opening giving(AriannShare x, PartyId other) {
    Masked known = x.given();
    Width width = width(x);
    if (known != null && known.mask().holder() == other && known.bits() >= width.bits()) {
      return Opening.of(known);
    }
    Mask mask = new Mask(request, numbers.masks++, x.shape(), other);
    Pending<RingTensor> handed = handOver(other, mask, x, width);
    return new Opening(
        mask,
        () -> {
          RingTensor e = handed.await();
          if (self() == other) {
            return Masked.unknown(mask, width);
          }
          if (!e.isAbsent()) {
            e.addInPlace(x.value()).lowInPlace(width.bits());
          }
          return Masked.given(mask, e, width.bits());
        },
        width.bytes(x.shape()));
  }

  /** The holder of a mask gives its own value minus the mask to the other party. */
  private Pending<RingTensor> handOver(PartyId holder, Mask mask, AriannShare value, Width width) {
    if (!(mode instanceof Running running)) {
      RingTensor none = RingTensor.absent(ring(), value.shape());
      return () -> none;
    }
    if (self() != holder) {
      return running.party.opener().take(ring(), value.shape(), width.bits());
    }
    try (RingTensor a = mask.summand(running.request.streams(DEALER), ring())) {
      return running.party.opener().give(value.value().subtract(a), width.bits());
    }
  }

  private static PartyId ownerOf(AriannShare w) {
    PartyId owner = w.owner();
    if (owner == null) {
      throw new MpcException(
          ErrorCode.INTERNAL, "A shared value has no owner.", "Report this with the stack trace.");
    }
    return owner;
  }

  // ---- functions with keys

  @Override
  public Share truncate(Share a, int bits) {
    if (bits == 0) {
      return copy(a);
    }
    return run(new Truncation(a.shape(), bits, width(own(a))), a, a.scale() - bits);
  }

  /** {@inheritDoc} Without a message where rounds count; a narrow share needs its truncation. */
  @Override
  public Share blurred(Share a, int bits) {
    boolean whole = own(a).bits() == ring().bits();
    return whole && options.rounds().sparesRounds()
        ? run(new Blur(a.shape(), bits, ring()), a, a.scale())
        : truncate(a, bits);
  }

  @Override
  public Share relu(Share a, int bits) {
    Width width = width(own(a));
    boolean direct = options.comparesDirectly(a.shape());
    if (bits == 0) {
      DReluGate gate = gates.gate(a.scale(), width);
      return direct
          ? run(new DirectRelu(a.shape(), gate, width), a, a.scale(), width.bits())
          : run(new Relu(a.shape(), gate, width), a, a.scale(), width.bits());
    }
    if (options.variant() == DReluGate.Variant.PAPER) {
      return relu(truncate(a, bits), 0);
    }
    if (!direct) {
      return run(truncateRelu(a, bits, TruncateRelu.ZERO), a, a.scale() - bits);
    }
    DReluGate gate = gates.fused(a.scale() - bits, bits, width);
    return run(new DirectTruncateRelu(a.shape(), bits, gate, width), a, a.scale() - bits);
  }

  private TruncateRelu truncateRelu(Share a, int bits, List<Long> knots) {
    Width width = width(own(a));
    DReluGate gate = gates.fused(a.scale() - bits, bits, width);
    return new TruncateRelu(a.shape(), bits, knots, gate, width);
  }

  /** {@inheritDoc} A share of the truncated value is a step on the way to its positive part. */
  @Override
  public Truncated truncateAndRelu(Share a, int bits) {
    if (bits == 0 || options.variant() == DReluGate.Variant.PAPER) {
      return super.truncateAndRelu(a, bits);
    }
    TruncateRelu.Result result = runAll(truncateRelu(a, bits, TruncateRelu.ZERO), a);
    int scale = a.scale() - bits;
    return new Truncated(share(result.y(), scale), share(result.above().get(0), scale));
  }

  /** {@inheritDoc} One opening serves the truncation and both comparisons. */
  @Override
  public Clipped clip(Share a, int bits, long low, long high) {
    boolean direct = options.comparesDirectly(new Shape(2).addAll(a.shape()));
    if (bits == 0 || direct || options.variant() == DReluGate.Variant.PAPER) {
      return super.clip(a, bits, low, high);
    }
    TruncateRelu.Result result = runAll(truncateRelu(a, bits, List.of(low, high)), a);
    int scale = a.scale() - bits;
    RingTensor moved = result.above().get(0).subtractInPlace(result.above().get(1));
    result.above().get(1).close();
    RingTensor back = RingTensor.full(ring(), a.shape(), low);
    return new Clipped(addPublic(share(moved, scale), back), share(result.y(), scale));
  }

  private TruncateRelu.Result runAll(TruncateRelu step, Share x) {
    Prepared<TruncateRelu.Key> prepared = step.prepared(j());
    if (!(mode instanceof Running running)) {
      log(List.of(prepared), step.cost());
      return step.absent();
    }
    try (TruncateRelu.Key key = running.request.key(prepared)) {
      return step.runAll(running.party, key, value(x));
    }
  }

  @Override
  public Share nonNegative(Share a) {
    Width width = width(own(a));
    DReluGate gate = gates.gate(a.scale(), width);
    return options.comparesDirectly(a.shape())
        ? run(new DirectSign(a.shape(), gate, width), a, 0)
        : run(new Sign(a.shape(), gate, width), a, 0);
  }

  @Override
  public Share isZero(Share a) {
    return run(new Zero(a.shape(), width(own(a))), a, 0);
  }

  @Override
  public Share between(Share a, long low, long high) {
    return run(new Interval(a.shape(), low, high, width(own(a))), a, 0);
  }

  @Override
  public Share select(Share bit, Share a) {
    Width width = width(own(a));
    Selector selector = new Selector(a.shape(), width);
    Prepared<Selector.Key> prepared = selector.prepared(j());
    if (!(mode instanceof Running running)) {
      log(List.of(prepared), selector.cost());
      return narrow(RingTensor.absent(ring(), a.shape()), a.scale(), width.bits());
    }
    try (Selector.Key key = running.request.key(prepared)) {
      RingTensor selected = selector.run(running.party, key, value(bit), value(a));
      return narrow(selected, a.scale(), width.bits());
    }
  }

  private <K extends OneTimeKey> Share run(Step<K> step, Share x, int scale) {
    return run(step, x, scale, ring().bits());
  }

  /** Runs a step whose result is shared modulo 2^bits. */
  private <K extends OneTimeKey> Share run(Step<K> step, Share x, int scale, int bits) {
    Prepared<K> prepared = step.prepared(j());
    if (!(mode instanceof Running running)) {
      log(List.of(prepared), step.cost());
      return narrow(RingTensor.absent(ring(), x.shape()), scale, bits);
    }
    try (K key = running.request.key(prepared)) {
      return narrow(step.run(running.party, key, value(x)), scale, bits);
    }
  }

  private void log(List<? extends Prepared<?>> operations, Cost cost) {
    if (mode instanceof Planning planning) {
      planning.log.add(operations, cost);
    }
  }
}
