package org.djlmpc.graph;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntToLongFunction;
import java.util.function.LongSupplier;
import org.djlmpc.fixedpoint.FixedPoint;
import org.djlmpc.protocol.AdditiveProtocol;
import org.djlmpc.protocol.AdditiveShare;
import org.djlmpc.protocol.Bilinear;
import org.djlmpc.protocol.Protocol;
import org.djlmpc.protocol.Share;
import org.djlmpc.ring.Ring;
import org.djlmpc.ring.RingTensor;
import org.djlmpc.transport.PartyId;
import org.jspecify.annotations.Nullable;

/**
 * One party that holds whole secrets: the arithmetic that shares compute, without sharing.
 * Truncation is the formula of protocols.md, section 4, so that it fails where the protocol fails.
 * Comparisons look at as many bits as they are allowed to.
 */
final class ClearProtocol extends AdditiveProtocol<AdditiveShare> {
  private final LongSupplier masks;
  private final int width;
  private final Log log;

  /** What all views of a protocol have seen. */
  private static final class Log {
    private double peak;
    private int wrong;
    private int narrow;
    private double fullest;
  }

  /**
   * A protocol.
   *
   * @param masks the dealer's r, uniform in a real protocol; taken modulo 2^n
   */
  ClearProtocol(Ring ring, int fractionBits, LongSupplier masks) {
    super(PartyId.P0, ring, fractionBits);
    this.masks = masks;
    width = ring.bits();
    log = new Log();
  }

  private ClearProtocol(ClearProtocol of, int width) {
    super(PartyId.P0, of.ring(), of.fractionBits());
    masks = of.masks;
    log = of.log;
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

  /** How many values were too large for the comparison that saw them. */
  int wrongComparisons() {
    return log.wrong;
  }

  /** How many comparisons were narrower than the ring. */
  int narrowComparisons() {
    return log.narrow;
  }

  /** The largest share of its range that a value took which a narrow comparison saw. */
  double fullestComparison() {
    return log.fullest;
  }

  /** 1 where a value seems to be at least 0 to a comparison of this width. */
  private long seemsPositive(long x) {
    double range = Math.scalb(1.0, width - 1);
    if (width < ring().bits()) {
      log.narrow++;
      log.fullest = Math.max(log.fullest, Math.abs((double) x) / range);
    }
    log.wrong += x >= -range && x < range ? 0 : 1;
    return 1 - (x >>> (width - 1) & 1);
  }

  /** Largest absolute value of a truncated element since the last call. */
  double takePeak() {
    double taken = log.peak;
    log.peak = 0;
    return taken;
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
    return share(RingTensor.tabulate(ring(), like.shape(), values::applyAsLong), scale);
  }

  @Override
  public Share input(PartyId owner, Shape shape, int scale, @Nullable RingTensor values) {
    return share(values.copy(), scale);
  }

  @Override
  public Share owned(PartyId owner, Shape shape, int scale, @Nullable RingTensor values) {
    return share(values.copy(), scale);
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
    log.peak = Math.max(log.peak, Math.abs((double) x));
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
    return map(a, a.scale() - bits, i -> seemsPositive(y.getLong(i)) * y.getLong(i));
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

  /** The outputs of a graph with weights, as the parties would compute them. */
  static List<double[]> run(Graph graph, ClearProtocol protocol, List<PublicTensor> inputs) {
    FixedPoint fixedPoint = new FixedPoint(protocol.ring(), protocol.fractionBits());
    List<Operand> operands = new ArrayList<>();
    for (PublicTensor input : inputs) {
      operands.add(protocol.secret(fixedPoint, input, fixedPoint.fractionBits()));
    }
    int[] scales = graph.weightBits(fixedPoint.fractionBits());
    Map<String, Operand> weights = new HashMap<>();
    for (int i = 0; i < scales.length; i++) {
      Graph.Weight weight = graph.weights().get(i);
      weights.put(weight.name(), protocol.secret(fixedPoint, weight.value(), scales[i]));
    }
    return graph
        .evaluate(new SecretOperators(protocol), operands, weights, EvaluationListener.none())
        .stream()
        .map(output -> ((Operand.Secret) output).share())
        .map(s -> fixedPoint.decode(protocol.value(s), s.scale()))
        .toList();
  }

  private Operand secret(FixedPoint fixedPoint, PublicTensor x, int scale) {
    RingTensor encoded = fixedPoint.encode(x.floats(), x.shape(), scale);
    return new Operand.Secret(fromClient(encoded, scale), DataType.FLOAT32);
  }
}
