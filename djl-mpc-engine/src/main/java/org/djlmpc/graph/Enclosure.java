package org.djlmpc.graph;

/**
 * What is certain about a secret fixed-point array, whatever the inputs: every exact value lies in
 * [-magnitude, magnitude], every fixed-point value within {@code error} of the exact one.
 *
 * <p>Infinity says that nothing is known. Sums of products round in double precision; {@link
 * #outward} makes up for it.
 *
 * @param magnitude bound of the exact values
 * @param error bound of the distance between fixed-point and exact values
 * @param scale fraction bits of the ring elements; more than the fixed point's until rescaled
 * @param peak bound of the ring elements that were truncated, compared or returned to get here
 */
public record Enclosure(double magnitude, double error, int scale, double peak) {
  /** Above the relative rounding error of a sum of 2^22 products in double precision. */
  private static final double OUTWARD = 1 + 0x1p-30;

  /** Nothing is known where infinity met zero; the value itself is a ring element too. */
  public Enclosure {
    magnitude = Double.isNaN(magnitude) ? Double.POSITIVE_INFINITY : magnitude;
    error = Double.isNaN(error) ? Double.POSITIVE_INFINITY : error;
    peak = Math.max(peak, Math.scalb(magnitude + error, scale));
  }

  /** An array that no computation has led to. */
  static Enclosure of(double magnitude, double error, int scale) {
    return new Enclosure(magnitude, error, scale, 0);
  }

  /** Nothing is known. */
  static Enclosure unknown() {
    return of(Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY, 0);
  }

  /** A result of arithmetic in double precision. */
  static Enclosure outward(double magnitude, double error, int scale, double peak) {
    return new Enclosure(magnitude * OUTWARD, error * OUTWARD, scale, peak);
  }

  /** Bound of the fixed-point values. */
  double reach() {
    return magnitude + error;
  }

  /** Forgets what led here: only the ring elements of the array itself count. */
  Enclosure fresh() {
    return of(magnitude, error, scale);
  }
}
