package org.djlmpc.protocol.functions;

import java.util.List;
import java.util.stream.IntStream;
import org.djlmpc.protocol.Bilinear;
import org.djlmpc.protocol.Protocol;
import org.djlmpc.protocol.SecretMath;
import org.djlmpc.protocol.Share;

/**
 * e^x on [low, top], and e^low and e^top outside.
 *
 * <ol>
 *   <li>x is limited to [low, top];
 *   <li>bits [x &gt;= k_i] for low &lt; k_i &lt; top at distances of 2, in one call of narrow
 *       comparisons;
 *   <li>the middle m of the interval of x and e^m: local sums of bits;
 *   <li>e^x = e^m p(x - m), where p is near the exponential function on [-1, 1].
 * </ol>
 *
 * <p>low = -2 ceil(f ln 2 / 2), so that e^low is below one unit 2^-f; top is where results have
 * half of the bits that a value may have. With 16 fraction bits in the 64-bit ring: from -12 to 10.
 * Relative error {@link #relativeError}, 2e-3 there, beside the rounding of the result.
 */
public final class Exponential {
  private static final double LENGTH = 2;

  /** A sum of results below the domain stays below 2^(this - f). */
  private static final int SUM_BITS = 4;

  private static final double LN2 = StrictMath.log(2);
  private static final Quartic UNIT = Quartic.fit(StrictMath::exp, -1, 1);

  private final Room room;
  private final double low;
  private final double top;

  private Exponential(Room room, double low, double top) {
    this.room = room;
    this.low = low;
    this.top = top;
  }

  /** The first end of an interval at which e^x is below 2^-bits. */
  private static double low(double bits) {
    return -LENGTH * Math.ceil(bits * LN2 / LENGTH);
  }

  /** For arguments of both signs. */
  public static Exponential of(Room room) {
    int free = room.ring().bits() - 2 - 2 * room.fractionBits();
    double low = low(room.fractionBits());
    double most = (free / 2 + 1) * LN2;
    return new Exponential(room, low, low + LENGTH * Math.floor((most - low) / LENGTH));
  }

  /** For arguments that are not positive, of which {@code count} results are added. */
  static Exponential ofNegative(Room room, int count) {
    return new Exponential(room, low(room.fractionBits() - SUM_BITS + Room.log2(count)), 0);
  }

  /** Where the domain begins. */
  public double low() {
    return low;
  }

  /** Where the domain ends. */
  public double top() {
    return top;
  }

  /** Bound of the relative error in the domain, without the rounding of the result. */
  public double relativeError() {
    double factor = Math.scalb(0.5, -factorBits()) / StrictMath.exp(low + LENGTH / 2);
    // p is at least 1 / e
    double polynomial = UNIT.error(room) * StrictMath.E;
    return factor + polynomial * (1 + factor);
  }

  /** Fraction bits of e^m, such that its product with p fits. */
  private int factorBits() {
    return Math.min(40, room.scaleFor(StrictMath.exp(top) * 2) - room.argumentBits());
  }

  /**
   * e^x.
   *
   * @param x any shape and scale
   * @return the same shape, f fraction bits
   */
  public Share of(SecretMath math, Share x) {
    Share y = math.clip(Arguments.flat(math, x), low, top);
    return math.protocol().reshape(limited(math, y, room.fractionBits()), x.shape());
  }

  /**
   * e^x for x at most 0, a difference of two arguments of the operator.
   *
   * @param x a vector, f fraction bits
   * @return fraction bits as asked for
   */
  Share ofNegative(SecretMath math, Share x, int scale) {
    Share above = math.reluOfDifference(math.addPublic(x, -low), low);
    return limited(math, math.addPublic(above, low), scale);
  }

  /** e^x for x in [low, top]. */
  private Share limited(SecretMath math, Share x, int scale) {
    Protocol protocol = math.protocol();
    int g = room.argumentBits();
    int pieces = (int) Math.round((top - low) / LENGTH);
    double[] knots = IntStream.range(1, pieces).mapToDouble(i -> low + LENGTH * i).toArray();
    double[] middles =
        IntStream.range(0, pieces).mapToDouble(i -> low + LENGTH * (i + 0.5)).toArray();
    double[] factors =
        IntStream.range(0, pieces).mapToDouble(i -> StrictMath.exp(middles[i])).toArray();
    Steps steps = Steps.within(math, x, knots, Math.max(-low, top));
    List<Share> selected = steps.select(new double[][] {middles, factors}, x.scale(), factorBits());
    Share t = math.atScale(protocol.subtract(x, selected.get(0)), g);
    Share p = UNIT.of(protocol, room, t);
    Share product = protocol.multiply(Bilinear.ELEMENTWISE, p, selected.get(1));
    return Arguments.atScale(protocol, product, scale);
  }
}
