package org.djlmpc.graph;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.IntToLongFunction;
import java.util.function.LongSupplier;
import org.djlmpc.fixedpoint.FixedPoint;
import org.djlmpc.protocol.AdditiveProtocol;
import org.djlmpc.protocol.AdditiveShare;
import org.djlmpc.protocol.Bilinear;
import org.djlmpc.protocol.Protocol;
import org.djlmpc.protocol.Share;
import org.djlmpc.ring.RingTensor;
import org.djlmpc.transport.PartyId;
import org.jspecify.annotations.Nullable;

/**
 * One party that holds whole values: the arithmetic that shares compute, without sharing, to
 * rehearse what rounding does to a model. It protects nothing.
 *
 * <p>Truncation is the formula of protocols.md, section 4, so that it fails where the protocol
 * fails. Comparisons look at as many bits as they are allowed to.
 */
final class ClearProtocol extends AdditiveProtocol<AdditiveShare> {
  private final LongSupplier masks;
  private final Watch watch;
  private final int width;

  /** Sees the ring elements that a ring could be too small for. */
  interface Watch {
    /** A watch that sees nothing. */
    Watch NONE = new Watch() {};

    /** An element is truncated. */
    default void truncated(long x) {}

    /** An element is compared with zero by its last {@code width} bits. */
    default void compared(long x, int width) {}
  }

  /** A weight, which is encoded where it is read: all at once would take the memory of a model. */
  private static final class Weight extends AdditiveShare {
    private final FixedPoint fixedPoint;
    private final PublicTensor values;

    Weight(FixedPoint fixedPoint, PublicTensor values, int scale) {
      super(RingTensor.absent(fixedPoint.ring(), values.shape()), scale);
      this.fixedPoint = fixedPoint;
      this.values = values;
    }

    @Override
    public RingTensor value() {
      return fixedPoint.encode(values.floats(), values.shape(), scale());
    }
  }

  /**
   * A protocol.
   *
   * @param masks the dealer's r, uniform in a real protocol; taken modulo 2^n
   */
  ClearProtocol(FixedPoint fixedPoint, LongSupplier masks, Watch watch) {
    super(PartyId.P0, fixedPoint.ring(), fixedPoint.fractionBits());
    this.masks = masks;
    this.watch = watch;
    width = fixedPoint.ring().bits();
  }

  private ClearProtocol(ClearProtocol of, int width) {
    super(PartyId.P0, of.ring(), of.fractionBits());
    masks = of.masks;
    watch = of.watch;
    this.width = width;
  }

  @Override
  public Protocol within(int bits) {
    return new ClearProtocol(this, Math.min(bits, ring().bits()));
  }

  @Override
  public int comparisonBits(int scale) {
    return width;
  }

  /** 1 where a value seems to be at least 0 to a comparison of this width. */
  private long seemsPositive(long x) {
    watch.compared(x, width);
    return 1 - (x >>> (width - 1) & 1);
  }

  @Override
  protected AdditiveShare share(RingTensor value, int scale) {
    return new AdditiveShare(value, scale);
  }

  @Override
  protected AdditiveShare own(Share share) {
    return (AdditiveShare) share;
  }

  private Share map(Share like, int scale, IntToLongFunction values) {
    return share(RingTensor.tabulate(ring(), like.shape(), values), scale);
  }

  @Override
  public Share input(PartyId owner, Shape shape, int scale, @Nullable RingTensor values) {
    return share(Objects.requireNonNull(values).copy(), scale);
  }

  @Override
  public Share owned(PartyId owner, Shape shape, int scale, @Nullable RingTensor values) {
    return share(Objects.requireNonNull(values).copy(), scale);
  }

  @Override
  public void fix(Share weights) {}

  @Override
  public Share multiply(Bilinear map, Share a, Share b) {
    return share(map.apply(value(a), value(b)), a.scale() + b.scale());
  }

  @Override
  public Share truncate(Share a, int bits) {
    RingTensor x = value(a);
    return map(a, a.scale() - bits, i -> truncated(x.getLong(i), bits));
  }

  private long truncated(long x, int s) {
    watch.truncated(x);
    int n = ring().bits();
    long mask = ring().mask();
    long r = masks.getAsLong() & mask;
    long x1 = (x + (1L << (n - 2)) + r) & mask;
    long shifted = r >>> s;
    long lift = (r >>> (n - 1)) * (1 - (x1 >>> (n - 1)));
    return (x1 >>> s) - (1L << (n - 2 - s)) - shifted + (lift << (n - s));
  }

  @Override
  public Share relu(Share a, int bits) {
    RingTensor y = value(bits == 0 ? a : truncate(a, bits));
    return map(a, a.scale() - bits, i -> positive(y.getLong(i)));
  }

  private long positive(long y) {
    return seemsPositive(y) * y;
  }

  @Override
  public Clipped clip(Share a, int bits, long low, long high) {
    Share value = bits == 0 ? copy(a) : truncate(a, bits);
    RingTensor y = value(value);
    Share clipped =
        map(
            value,
            value.scale(),
            i -> low + positive(y.getLong(i) - low) - positive(y.getLong(i) - high));
    return new Clipped(clipped, value);
  }

  @Override
  public Share nonNegative(Share a) {
    RingTensor x = value(a);
    return map(a, 0, i -> seemsPositive(x.getLong(i)));
  }

  @Override
  public Share isZero(Share a) {
    RingTensor x = value(a);
    return map(a, 0, i -> x.getLong(i) == 0 ? 1 : 0);
  }

  @Override
  public Share select(Share bit, Share a) {
    return share(value(bit).multiply(value(a)), a.scale());
  }

  @Override
  public RingTensor reveal(Share a, Set<PartyId> learns, String reason) {
    return value(a).copy();
  }

  @Override
  public RingTensor revealToClient(Share a, String client, String reason) {
    return value(a).copy();
  }

  /** The values of a share. */
  double[] decoded(Share share) {
    return fixedPoint().decode(value(share), share.scale());
  }

  /** An input, with the session's fraction bits. */
  Operand input(PublicTensor x) {
    RingTensor encoded = fixedPoint().encode(x.floats(), x.shape());
    return new Operand.Secret(fromClient(encoded, fractionBits()), DataType.FLOAT32);
  }

  /** The weights of a graph, by name. */
  Map<String, Operand> weights(Graph graph) {
    int[] scales = graph.weightBits(fractionBits());
    Map<String, Operand> weights = new HashMap<>();
    for (int i = 0; i < scales.length; i++) {
      Graph.Weight weight = graph.weights().get(i);
      weights.put(
          weight.name(),
          new Operand.Secret(
              new Weight(fixedPoint(), weight.known(), scales[i]), DataType.FLOAT32));
    }
    return weights;
  }

  private FixedPoint fixedPoint() {
    return new FixedPoint(ring(), fractionBits());
  }
}
