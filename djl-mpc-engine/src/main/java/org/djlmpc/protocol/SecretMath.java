package org.djlmpc.protocol;

import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.List;
import org.djlmpc.fixedpoint.FixedPoint;
import org.djlmpc.ring.IndexMap;
import org.djlmpc.ring.Ring;
import org.djlmpc.ring.RingTensor;

/**
 * Fixed-point arithmetic on shares, once for all suites: which scale a result has, when it is
 * rescaled, and functions composed of primitives.
 *
 * <p>A product has as many fraction bits as its factors together. It is rescaled when the next
 * product needs it, or by the ReLU that follows on the same opening, and never twice. The ring
 * holds at most 2f fraction bits of any value, a few more where a power of two moved the binary
 * point ({@link #productBits}).
 *
 * <p>The {@link Precision} of an operator says how many bits its arguments have before and behind
 * the binary point; comparisons are then as narrow as the values they compare. Without one, f is
 * the session's and comparisons take the whole ring.
 */
public final class SecretMath {
  /** Public numbers below this are whole numbers without fraction bits if they can be. */
  private static final double EXACT = 1 << 15;

  /** Most fraction bits of a public number. */
  private static final int MAX_CONSTANT_BITS = 40;

  /** How far powers of two may move the binary point of a product. */
  private static final int MOVED_BITS = 8;

  /** Most fraction bits of a product whose binary point was moved. */
  private static final int WIDEST_MOVED = 40;

  private final Protocol protocol;
  private final FixedPoint fixedPoint;
  private final Precision precision;
  private final int f;
  private final int weightBits;

  /** Arithmetic over the primitives of a protocol. */
  public SecretMath(Protocol protocol) {
    this(protocol, Precision.STANDARD);
  }

  /** Arithmetic of one operator with public numerics of its own. */
  public SecretMath(Protocol protocol, Precision precision) {
    this.protocol =
        precision.wireBits() == Precision.SESSION
            ? protocol
            : protocol.onWire(precision.wireBits());
    this.precision = precision;
    f = precision.fractionBits(protocol.fractionBits());
    weightBits = precision.weightBits(protocol.fractionBits());
    fixedPoint = new FixedPoint(protocol.ring(), f);
  }

  /** The primitives below. */
  public Protocol protocol() {
    return protocol;
  }

  /** The encoding. */
  public FixedPoint fixedPoint() {
    return fixedPoint;
  }

  /** Whether the operator's arguments are known to stay below {@code magnitude}. */
  public boolean staysBelow(double magnitude) {
    return precision.bounded() && Math.scalb(1.0, precision.magnitudeBits()) <= magnitude;
  }

  /** The same arithmetic for values that may be larger than the operator's arguments. */
  public SecretMath unbounded() {
    return precision.bounded()
        ? new SecretMath(protocol, precision.withMagnitude(Precision.UNBOUNDED))
        : this;
  }

  // ---- scales

  /** The same secret with at most f fraction bits; remembered by the share. */
  public Share rescale(Share x) {
    return rescale(x, x);
  }

  /** x, or what is remembered of it; rounded once, however many bits other operators kept. */
  private Share rescale(Share x, Share remembered) {
    if (remembered.scale() <= f) {
      return remembered;
    }
    Share known = remembered.rescaled();
    if (known == null) {
      known = protocol.truncate(x, x.scale() - f);
      remembered.rescaled(known);
    }
    return rescale(x, known);
  }

  /**
   * The same secret for who may learn it: its bits beyond f are noise, or cut. A share of its own,
   * which x does not close.
   */
  public Share revealable(Share x) {
    if (x.rescaled() == null && x.scale() > f) {
      return protocol.whole(protocol.blurred(x, x.scale() - f));
    }
    Share rescaled = rescale(x);
    Share whole = protocol.whole(rescaled);
    return whole == rescaled ? protocol.copy(whole) : whole;
  }

  /**
   * Most fraction bits of a product that is not rescaled yet. A factor 2^-e, such as the divisor of
   * a mean, only moves the binary point: the ring element stays as large as it is, and rescaling it
   * first would cost an opening. So a ring of 64 bits takes up to 8 such bits, if f + fw leave
   * them, and still holds products below 2^22.
   *
   * @param fractionBits f
   * @param weightBits fw
   */
  public static int productBits(Ring ring, int fractionBits, int weightBits) {
    int bits = fractionBits + weightBits;
    return ring == Ring.Z64 ? Math.max(bits, Math.min(bits + MOVED_BITS, WIDEST_MOVED)) : bits;
  }

  /** The same secret with {@code scale} fraction bits, at least as many as it has. */
  public Share atScale(Share x, int scale) {
    return x.scale() == scale ? x : protocol.scaleUp(x, scale - x.scale());
  }

  // ---- sums

  /** a + b; equal shapes. */
  public Share add(Share a, Share b) {
    int scale = Math.max(a.scale(), b.scale());
    return protocol.add(atScale(a, scale), atScale(b, scale));
  }

  /** a - b; equal shapes. */
  public Share subtract(Share a, Share b) {
    int scale = Math.max(a.scale(), b.scale());
    return protocol.subtract(atScale(a, scale), atScale(b, scale));
  }

  /** x + constants of the same shape. */
  public Share addPublic(Share x, double[] constants) {
    Share wide = atScale(x, Math.max(x.scale(), bits(constants)));
    return protocol.addPublic(wide, fixedPoint.encode(constants, x.shape(), wide.scale()));
  }

  /** x + constant. */
  public Share addPublic(Share x, double constant) {
    Share wide = atScale(x, Math.max(x.scale(), bits(constant)));
    long encoded = encoded(constant, wide.scale());
    return protocol.addPublic(wide, RingTensor.full(protocol.ring(), x.shape(), encoded));
  }

  private long encoded(double constant, int scale) {
    return fixedPoint.encode(new double[] {constant}, new Shape(1), scale).getLong(0);
  }

  // ---- products

  /** A bilinear map of two secrets. */
  public Share multiply(Bilinear map, Share a, Share b) {
    Share x = a;
    Share y = b;
    int most = productBits(protocol.ring(), f, weightBits);
    if (x.scale() + y.scale() > most) {
      // the one with more bits than it began with; b may be weights
      x = x.scale() - f >= y.scale() - weightBits ? rescale(x) : x;
      y = x.scale() + y.scale() > most && y.scale() > weightBits ? rescale(y) : y;
      x = x.scale() + y.scale() > most ? rescale(x) : x;
    }
    return protocol.multiply(map, x, y);
  }

  /** A bilinear map of a secret and public numbers. */
  public Share multiplyPublic(
      Bilinear map, Share x, double[] constants, Shape shape, boolean constantFirst) {
    int bits = bits(constants);
    Share narrow = bits > 0 ? rescale(x) : x;
    RingTensor encoded = fixedPoint.encode(constants, shape, bits);
    return protocol.multiplyPublic(map, narrow, encoded, bits, constantFirst);
  }

  /**
   * x times a number. A small number gets more fraction bits, so that its relative error stays
   * small.
   */
  public Share multiplyPublic(Share x, double constant) {
    double magnitude = Math.abs(constant);
    int bits = bits(constant);
    if (magnitude > 0
        && bits == f
        && Math.rint(Math.scalb(constant, f)) != Math.scalb(constant, f)) {
      bits = Math.min(MAX_CONSTANT_BITS, f + Math.max(0, -Math.getExponent(magnitude) - 1));
    }
    if (magnitude > 0
        && magnitude == Math.scalb(1.0, Math.getExponent(magnitude))
        && magnitude < 1) {
      // a negative power of two only moves the binary point
      int shift = -Math.getExponent(magnitude);
      boolean room = x.scale() + shift <= productBits(protocol.ring(), f, weightBits);
      Share fine = room ? x : rescale(x);
      Share moved = protocol.withScale(fine, fine.scale() + shift);
      return constant < 0 ? protocol.negate(moved) : moved;
    }
    Share narrow = bits > 0 ? rescale(x) : x;
    long encoded = Math.round(Math.scalb(constant, bits));
    return protocol.multiplyPublic(
        narrow, RingTensor.full(protocol.ring(), x.shape(), encoded), bits);
  }

  /** Fraction bits for public numbers: none if all are small whole numbers, else f. */
  private int bits(double... constants) {
    for (double c : constants) {
      if (c != Math.rint(c) || Math.abs(c) >= EXACT) {
        return f;
      }
    }
    return 0;
  }

  // ---- comparisons and what follows from them

  /**
   * The primitives for comparing values with {@code scale} fraction bits, at most {@code times} as
   * large as the operator's arguments.
   */
  private Protocol comparing(int scale, double times) {
    return precision.bounded() ? protocol.within(precision.comparisonBits(scale, times)) : protocol;
  }

  /** As {@link #comparing}, for arguments moved by at most {@code distance}. */
  private Protocol comparingMoved(int scale, double distance) {
    return precision.bounded()
        ? comparing(scale, 1 + Math.scalb(Math.abs(distance), -precision.magnitudeBits()))
        : protocol;
  }

  /**
   * A ring element with {@code scale} fraction bits below all arguments, near enough to be compared
   * with them as they are compared with each other.
   */
  public long least(int scale) {
    // half of what a difference may be
    int half = comparing(scale, 2).comparisonBits(scale) - 2;
    return -(1L << Math.min(protocol.wireBits() - 3, half));
  }

  /** max(0, x); a pending rescaling happens on the same opening. */
  public Share relu(Share x) {
    return comparing(Math.min(f, x.scale()), 1).relu(x, Math.max(0, x.scale() - f));
  }

  /**
   * max(0, x) where x itself is needed as well: {@link #rescale} of x costs nothing afterwards,
   * because a pending rescaling happens on the same opening and is remembered.
   */
  public Share reluAndRescale(Share x) {
    if (x.scale() <= f || x.rescaled() != null) {
      return relu(rescale(x));
    }
    Protocol.Truncated both = comparing(f, 1).truncateAndRelu(x, x.scale() - f);
    x.rescaled(both.value());
    return both.positive();
  }

  /** max(0, x) for a difference of two arguments, moved by at most {@code distance}. */
  public Share reluOfDifference(Share x, double distance) {
    Protocol comparing =
        precision.bounded()
            ? comparing(x.scale(), 2 + Math.scalb(Math.abs(distance), -precision.magnitudeBits()))
            : protocol;
    return comparing.relu(x, 0);
  }

  /** 1 where x is at least 0, else 0. */
  public Share nonNegative(Share x) {
    return comparing(x.scale(), 1).nonNegative(x);
  }

  /** 1 where x, an argument moved by at most {@code distance}, is at least 0, else 0. */
  public Share nonNegativeMoved(Share x, double distance) {
    return comparingMoved(x.scale(), distance).nonNegative(x);
  }

  /** 1 where a difference of two arguments is at least 0, else 0. */
  public Share nonNegativeDifference(Share difference) {
    return comparing(difference.scale(), 2).nonNegative(difference);
  }

  /** |x| = 2 max(0, x) - x. */
  public Share abs(Share x) {
    Share positive = reluAndRescale(x);
    return protocol.subtract(protocol.add(positive, positive), rescale(x));
  }

  /** [x >= 0] - [-x >= 0]: -1, 0 or 1. */
  public Share sign(Share x) {
    Shape shape = x.shape();
    long size = shape.size();
    Share flat = protocol.reshape(x, new Shape(size));
    Share both = nonNegative(protocol.concat(List.of(flat, protocol.negate(flat)), 0));
    return protocol.reshape(protocol.subtract(part(both, 0, size), part(both, size, size)), shape);
  }

  /** [a >= b]. */
  public Share greaterOrEqual(Share a, Share b) {
    return nonNegativeDifference(subtract(a, b));
  }

  /** 1 - x for bits. */
  public Share not(Share bit) {
    return addPublic(protocol.negate(bit), 1);
  }

  /**
   * Whether a clip moves a value with {@code scale} fraction bits by its bounds before it is
   * rescaled, so that the comparisons' openings rescale too: the bounds must be small beside what
   * the ring holds.
   */
  public static boolean movesFirst(Ring ring, int scale, double low, double high) {
    double bound =
        Math.max(
            Double.isInfinite(low) ? 0 : Math.abs(low),
            Double.isInfinite(high) ? 0 : Math.abs(high));
    return Math.scalb(bound, scale) <= Math.scalb(1.0, ring.bits() - 8);
  }

  /**
   * min(max(x, low), high); an infinite bound is none. A pending rescaling happens on the openings
   * of the comparisons where it can ({@link #movesFirst}); between two bounds it is remembered, so
   * that {@link #rescale} of x costs nothing afterwards.
   */
  public Share clip(Share x, double low, double high) {
    if (Double.isInfinite(low) && Double.isInfinite(high)) {
      return x;
    }
    boolean pending = x.rescaled() == null && movesFirst(protocol.ring(), x.scale(), low, high);
    Share y = pending ? x : rescale(x);
    if (Double.isInfinite(high)) {
      return addPublic(reluMoved(addPublic(y, -low), low), low);
    }
    if (Double.isInfinite(low)) {
      Share below = addPublic(protocol.negate(y), high);
      return addPublic(protocol.negate(reluMoved(below, high)), high);
    }
    Share fine = atScale(y, Math.max(y.scale(), bits(low, high)));
    int scale = Math.min(f, fine.scale());
    Protocol.Clipped result =
        comparingMoved(scale, Math.max(Math.abs(low), Math.abs(high)))
            .clip(fine, fine.scale() - scale, encoded(low, scale), encoded(high, scale));
    Share rescaled = result.value();
    // those that take more fraction bits than this operator are to find them
    if (rescaled != null && f == protocol.fractionBits()) {
      x.rescaled(rescaled);
    }
    return result.clipped();
  }

  /** {@link #relu} of arguments moved by at most {@code distance}. */
  private Share reluMoved(Share x, double distance) {
    return comparingMoved(Math.min(f, x.scale()), distance).relu(x, Math.max(0, x.scale() - f));
  }

  /** Elementwise maximum; equal shapes. */
  public Share maximum(Share a, Share b) {
    int scale = Math.max(a.scale(), b.scale());
    return comparing(scale, 2).maximum(atScale(a, scale), atScale(b, scale));
  }

  /** Elementwise minimum; equal shapes. */
  public Share minimum(Share a, Share b) {
    return protocol.negate(maximum(protocol.negate(a), protocol.negate(b)));
  }

  /** {@code a} where the bit is set, else {@code b}; equal shapes. */
  public Share where(Share bit, Share a, Share b) {
    int scale = Math.max(a.scale(), b.scale());
    Share other = atScale(b, scale);
    return protocol.add(other, protocol.select(bit, protocol.subtract(atScale(a, scale), other)));
  }

  /**
   * Maximum over the first axis by a tournament: k - 1 comparisons for k values, in log2 k steps of
   * a comparison each; or, where {@link Rounds} says so, over all pairs in 3 rounds more than one
   * comparison takes.
   *
   * @param x (k, ...)
   * @return (...)
   */
  public Share maximumOfFirstAxis(Share x) {
    long count = x.shape().get(0);
    if (protocol.rounds().comparesAllPairs(count, x.shape().slice(1).size())) {
      return protocol.sum(protocol.select(winners(x), x), new int[] {0}, false);
    }
    Share left = x;
    while (left.shape().get(0) > 1) {
      long k = left.shape().get(0);
      long half = k / 2;
      Share best = maximum(rows(left, 0, half, 1), rows(left, half, 2 * half, 1));
      left = k % 2 == 0 ? best : protocol.concat(List.of(best, rows(left, k - 1, k, 1)), 0);
    }
    return protocol.reshape(left, left.shape().slice(1));
  }

  /**
   * Position of the maximum along the first axis, the first on ties, by a tournament of neighbours
   * that carries the position along, in log2 k steps of a comparison and a round; or, where {@link
   * Rounds} says so, over all pairs in 2 rounds more than one comparison takes.
   *
   * @param x (k, ...)
   * @return whole numbers (...)
   */
  public Share argMaxOfFirstAxis(Share x) {
    long[] lengths = x.shape().getShape();
    int inner = Math.toIntExact(x.shape().size() / Math.max(1, lengths[0]));
    if (protocol.rounds().comparesAllPairsForPosition(lengths[0], inner)) {
      RingTensor numbers = RingTensor.tabulate(protocol.ring(), x.shape(), i -> i / inner);
      return protocol.sum(protocol.multiplyPublic(winners(x), numbers, 0), new int[] {0}, false);
    }
    Share values = protocol.reshape(x, new Shape(lengths[0], inner));
    Share positions =
        protocol.constant(
            RingTensor.tabulate(protocol.ring(), values.shape(), i -> i / inner), x.scale());
    while (values.shape().get(0) > 1) {
      long k = values.shape().get(0);
      long even = k - k % 2;
      Share first = rows(values, 0, even, 2);
      Share second = rows(values, 1, even, 2);
      Share firstPosition = rows(positions, 0, even, 2);
      Share secondPosition = rows(positions, 1, even, 2);
      Share difference = protocol.subtract(first, second);
      Share firstWins = nonNegativeDifference(difference);
      // the first pair member wins a tie, so the smallest position survives
      Share chosen =
          protocol.select(
              protocol.concat(List.of(firstWins, firstWins), 0),
              protocol.concat(
                  List.of(difference, protocol.subtract(firstPosition, secondPosition)), 0));
      long half = even / 2;
      Share best = protocol.add(second, rows(chosen, 0, half, 1));
      Share where = protocol.add(secondPosition, rows(chosen, half, 2 * half, 1));
      values = k == even ? best : protocol.concat(List.of(best, rows(values, k - 1, k, 1)), 0);
      positions =
          k == even ? where : protocol.concat(List.of(where, rows(positions, k - 1, k, 1)), 0);
    }
    return protocol.reshape(protocol.withScale(positions, 0), x.shape().slice(1));
  }

  /**
   * A bit for each value: whether it is the first of the largest along the first axis, in a
   * comparison and 2 rounds (AriaNN, section 4.3, corrected in protocols.md, section 3: comparing
   * each pair once leaves exactly one winner on ties).
   *
   * <p>c_ij = [x_i &gt;= x_j] for i &lt; j and c_ji = 1 - c_ij; i wins if the sum of its c is k -
   * 1.
   *
   * @param x (k, ...)
   * @return (k, ...), scale 0
   */
  private Share winners(Share x) {
    int k = Math.toIntExact(x.shape().get(0));
    int inner = Math.toIntExact(x.shape().size() / k);
    int pairs = k * (k - 1) / 2;
    long[] first = new long[pairs];
    long[] second = new long[pairs];
    int at = 0;
    for (int i = 0; i < k; i++) {
      for (int j = i + 1; j < k; j++) {
        first[at] = i;
        second[at++] = j;
      }
    }
    Share values = protocol.reshape(x, new Shape(k, inner));
    Share c =
        nonNegativeDifference(
            protocol.subtract(
                protocol.rearrange(values, IndexMap.gather(values.shape(), 0, first)),
                protocol.rearrange(values, IndexMap.gather(values.shape(), 0, second))));
    // sum of c_ij over j > i, less the sum of c_ji over j < i
    RingTensor signs =
        RingTensor.tabulate(
            protocol.ring(),
            new Shape(k, pairs),
            p -> first[p % pairs] == p / pairs ? 1 : second[p % pairs] == p / pairs ? -1 : 0);
    Share wins = protocol.multiplyPublic(Bilinear.MATMUL, c, signs, 0, true);
    // plus i, the number of these j; zero stands for k - 1 wins
    RingTensor missing =
        RingTensor.tabulate(protocol.ring(), wins.shape(), p -> p / inner - (k - 1L));
    return protocol.reshape(protocol.isZero(protocol.addPublic(wins, missing)), x.shape());
  }

  /** Product over the first axis, in log2 k steps. */
  public Share productOfFirstAxis(Share x) {
    Share left = x;
    while (left.shape().get(0) > 1) {
      long k = left.shape().get(0);
      long half = k / 2;
      Share product =
          rescale(
              multiply(
                  Bilinear.ELEMENTWISE, rows(left, 0, half, 1), rows(left, half, 2 * half, 1)));
      left =
          k % 2 == 0
              ? product
              : protocol.concat(
                  List.of(product, atScale(rescale(rows(left, k - 1, k, 1)), product.scale())), 0);
    }
    return protocol.reshape(left, left.shape().slice(1));
  }

  /** Running sum along an axis, in log2 k local steps. */
  public Share cumulativeSum(Share x, int axis) {
    Share sum = x;
    long k = x.shape().get(axis);
    for (long step = 1; step < k; step *= 2) {
      long[] before = new long[x.shape().dimension()];
      before[axis] = step;
      Share late =
          protocol.rearrange(sum, IndexMap.pad(x.shape(), before, new long[before.length]));
      long[] steps = new long[before.length];
      Arrays.fill(steps, 1);
      sum =
          protocol.add(
              sum,
              protocol.rearrange(
                  late,
                  IndexMap.slice(
                      late.shape(), new long[before.length], x.shape().getShape(), steps)));
    }
    return sum;
  }

  private Share rows(Share x, long from, long to, long step) {
    Shape shape = x.shape();
    long[] begin = new long[shape.dimension()];
    long[] end = shape.getShape().clone();
    long[] steps = new long[begin.length];
    Arrays.fill(steps, 1);
    begin[0] = from;
    end[0] = to;
    steps[0] = step;
    return protocol.rearrange(x, IndexMap.slice(shape, begin, end, steps));
  }

  private Share part(Share flat, long from, long count) {
    return rows(flat, from, from + count, 1);
  }
}
