package org.djlmpc.layers.split.leakage;

import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;
import org.djlmpc.ring.Parallel;

/**
 * Distance correlation (Székely, Rizzo and Bakirov, Annals of Statistics 35, 2007): 0 only for
 * independent variables, 1 if one is the other moved, turned and scaled. Split learning is often
 * judged by that of the inputs and what leaves their holder (Vepakomma et al., NoPeek, 2020).
 *
 * <p>On few rows it is above 0 for independent variables too, the more the more columns there are;
 * compare it with {@link #independent}.
 *
 * <p>Takes time quadratic in the number of rows and memory linear in it.
 */
public final class DistanceCorrelation {
  private DistanceCorrelation() {}

  /**
   * The correlation of two observations of the same rows.
   *
   * @return 0 to 1; 0 if one of them is the same in all rows
   * @throws MpcException SHAPE if the numbers of rows differ or are below 2
   */
  public static double of(Rows x, Rows y) {
    if (x.count() != y.count() || x.count() < 2) {
      throw new MpcException(
          ErrorCode.SHAPE,
          "A correlation of " + x + " and " + y + ".",
          "Give the same two or more rows of both.");
    }
    Distances a = new Distances(x);
    Distances b = new Distances(y);
    int n = x.count();
    double[] xy = new double[n];
    double[] xx = new double[n];
    double[] yy = new double[n];
    Parallel.pieces(
        n,
        j -> {
          for (int k = 0; k < n; k++) {
            double centredA = a.centred(j, k);
            double centredB = b.centred(j, k);
            xy[j] += centredA * centredB;
            xx[j] += centredA * centredA;
            yy[j] += centredB * centredB;
          }
        });
    double product = Math.sqrt(sum(xx) * sum(yy));
    // for samples the square of the covariance cannot be negative, but for rounding
    return product > 0 ? Math.sqrt(Math.max(0, sum(xy)) / product) : 0;
  }

  /** The same with the rows of y in an order that has nothing to do with those of x. */
  public static double independent(Rows x, Rows y, long seed) {
    return of(x, y.select(Samples.order(y.count(), seed)));
  }

  private static double sum(double[] values) {
    double sum = 0;
    for (double value : values) {
      sum += value;
    }
    return sum;
  }

  /** Euclidean distances between rows, centred in both directions. */
  private static final class Distances {
    private final Rows rows;
    private final double[] means;
    private final double mean;

    Distances(Rows rows) {
      this.rows = rows;
      int n = rows.count();
      means = new double[n];
      Parallel.pieces(
          n,
          j -> {
            double sum = 0;
            for (int k = 0; k < n; k++) {
              sum += distance(j, k);
            }
            means[j] = sum / n;
          });
      mean = sum(means) / n;
    }

    double centred(int j, int k) {
      return distance(j, k) - means[j] - means[k] + mean;
    }

    private double distance(int j, int k) {
      int width = rows.width();
      float[] values = rows.values();
      double square = 0;
      for (int i = 0; i < width; i++) {
        double difference = (double) values[j * width + i] - values[k * width + i];
        square += difference * difference;
      }
      return Math.sqrt(square);
    }
  }
}
