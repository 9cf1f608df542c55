package org.djlmpc.protocol.functions;

import ai.djl.ndarray.types.Shape;
import org.djlmpc.protocol.Bilinear;
import org.djlmpc.protocol.Protocol;
import org.djlmpc.protocol.SecretMath;
import org.djlmpc.protocol.Share;
import org.djlmpc.ring.IndexMap;

/**
 * Softmax of k numbers, or its logarithm.
 *
 * <ol>
 *   <li>d = x - max(x), by a tournament of k - 1 comparisons, so that d is at most 0;
 *   <li>e = exp(d), where d counts as {@link Exponential#low} if it is smaller, and S, the sum of
 *       the k numbers e, from 1 to k;
 *   <li>e (1 / S), or d - log(S).
 * </ol>
 *
 * <p>Domain: every x whose differences the fixed point can hold. Absolute error {@link #error}.
 */
public final class Softmax {
  /** Fraction bits of e beyond f. */
  private static final int FINER = 6;

  private final Room room;
  private final int k;
  private final boolean logarithm;

  /**
   * Softmax of k numbers.
   *
   * @param logarithm whether its logarithm is meant
   */
  public Softmax(Room room, int k, boolean logarithm) {
    this.room = room;
    this.k = k;
    this.logarithm = logarithm;
  }

  /** Fraction bits of e and S, such that S fits beside its normalization. */
  private int exponentialBits() {
    return Math.min(room.fractionBits() + FINER, room.ring().bits() - 4 - 2 * octaves());
  }

  /** The least number of octaves from 1 that hold S; the approximated e may be above 1 a little. */
  private int octaves() {
    return Math.max(1, Room.log2(k));
  }

  /** Bound of the absolute error, for arguments with f fraction bits. */
  public double error() {
    Exponential exponential = Exponential.ofNegative(room, k);
    // of each e: relative; absolute, where d is below the domain, or by rounding
    double relative = exponential.relativeError();
    double absolute = StrictMath.exp(exponential.low()) + Math.scalb(1.0, -exponentialBits());
    double sum = relative + k * absolute;
    // S is at least 1 but for its own error
    double least = 1 - Math.min(sum, 0.5);
    if (logarithm) {
      return sum / least + OctaveFunction.LOG.relativeError(room) + 2 * room.unit();
    }
    double quotient = (2 * relative + (1 + k) * absolute) / least;
    return quotient
        + OctaveFunction.RECIPROCAL.relativeError(room) * (1 + quotient)
        + 2 * room.unit();
  }

  /**
   * Softmax along the first axis.
   *
   * @param x (k, ...), any scale
   * @return the same shape, f fraction bits
   */
  public Share ofFirstAxis(SecretMath math, Share x) {
    Protocol protocol = math.protocol();
    int f = room.fractionBits();
    long size = x.shape().size();
    Shape matrix = new Shape(k, size / k);
    Share y = protocol.reshape(Arguments.flat(math, x), matrix);
    Share largest = math.maximumOfFirstAxis(y);
    Share d = protocol.subtract(y, repeated(protocol, largest, matrix));
    Share flat = protocol.reshape(d, new Shape(size));
    Share e = Exponential.ofNegative(room, k).ofNegative(math, flat, exponentialBits());
    Share sum = protocol.sum(protocol.reshape(e, matrix), new int[] {0}, false);
    if (logarithm) {
      Share log = OctaveFunction.LOG.ofAtLeastOne(math, sum, octaves(), f);
      return protocol.reshape(protocol.subtract(d, repeated(protocol, log, matrix)), x.shape());
    }
    int bits = Math.min(2 * f, room.ring().bits() - 4 - exponentialBits());
    Share reciprocal = OctaveFunction.RECIPROCAL.ofAtLeastOne(math, sum, octaves(), bits);
    Share all = protocol.reshape(repeated(protocol, reciprocal, matrix), new Shape(size));
    Share product = protocol.multiply(Bilinear.ELEMENTWISE, e, all);
    return protocol.reshape(Arguments.atScale(protocol, product, f), x.shape());
  }

  /** A vector as each row of a matrix. */
  private static Share repeated(Protocol protocol, Share row, Shape matrix) {
    Share one = protocol.reshape(row, new Shape(1).addAll(row.shape()));
    return protocol.rearrange(one, IndexMap.broadcast(one.shape(), matrix));
  }
}
