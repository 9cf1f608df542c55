package org.djlmpc.layers.split.leakage;

import java.util.Arrays;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;

/**
 * Logistic regression with a small ridge penalty, by Newton's method on standardized columns: the
 * attack model of SPNN's section 6.3.
 */
public final class LogisticRegression {
  /**
   * Penalty on a coefficient's square, for each row: makes the minimum unique and hardly moves it.
   */
  private static final double RIDGE = 1e-4;

  private static final int STEPS = 50;
  private static final double CONVERGED = 1e-9;

  private final double[] mean;
  private final double[] deviation;

  /** One a column, then the constant. */
  private final double[] coefficients;

  private LogisticRegression(double[] mean, double[] deviation, double[] coefficients) {
    this.mean = mean;
    this.deviation = deviation;
    this.coefficients = coefficients;
  }

  /**
   * Fits to rows and labels.
   *
   * @param labels 0 or 1, one a row
   * @throws MpcException SHAPE if their numbers differ or there is no row
   */
  public static LogisticRegression fit(Rows rows, float[] labels) {
    if (rows.count() != labels.length || labels.length == 0) {
      throw new MpcException(
          ErrorCode.SHAPE,
          labels.length + " labels for " + rows + ".",
          "Give one label for each of at least one row.");
    }
    int columns = rows.width();
    double[] mean = new double[columns];
    double[] deviation = new double[columns];
    standardize(rows, mean, deviation);
    LogisticRegression model = new LogisticRegression(mean, deviation, new double[columns + 1]);
    for (int step = 0; step < STEPS; step++) {
      if (model.newton(rows, labels) < CONVERGED) {
        break;
      }
    }
    return model;
  }

  private static void standardize(Rows rows, double[] mean, double[] deviation) {
    int columns = mean.length;
    for (int i = 0; i < rows.values().length; i++) {
      mean[i % columns] += rows.values()[i] / (double) rows.count();
    }
    for (int i = 0; i < rows.values().length; i++) {
      double difference = rows.values()[i] - mean[i % columns];
      deviation[i % columns] += difference * difference / rows.count();
    }
    for (int i = 0; i < columns; i++) {
      deviation[i] = deviation[i] > 0 ? Math.sqrt(deviation[i]) : 1;
    }
  }

  /** One step; returns how far it went. */
  private double newton(Rows rows, float[] labels) {
    int n = coefficients.length;
    double[][] hessian = new double[n][n];
    double[] gradient = new double[n];
    double[] x = new double[n];
    for (int row = 0; row < labels.length; row++) {
      read(rows, row, x);
      double p = 1 / (1 + Math.exp(-logit(x)));
      // far from the boundary p (1 - p) vanishes and the step would explode
      double weight = Math.max(p * (1 - p), 1e-6);
      for (int i = 0; i < n; i++) {
        gradient[i] += (p - labels[row]) * x[i];
        double scaled = weight * x[i];
        double[] line = hessian[i];
        for (int j = 0; j <= i; j++) {
          line[j] += scaled * x[j];
        }
      }
    }
    for (int i = 0; i < n; i++) {
      gradient[i] += RIDGE * labels.length * coefficients[i];
      hessian[i][i] += RIDGE * labels.length;
    }
    double[] direction = solve(hessian, gradient);
    double length = 0;
    for (int i = 0; i < n; i++) {
      length = Math.max(length, Math.abs(direction[i]));
    }
    // steps of at most 2 in a coefficient do not overshoot for long
    double factor = Math.min(1, 2 / length);
    for (int i = 0; i < n; i++) {
      coefficients[i] -= factor * direction[i];
    }
    return length;
  }

  /** Solves by Cholesky's decomposition; the matrix is given by its lower half and used up. */
  private static double[] solve(double[][] a, double[] b) {
    int n = b.length;
    for (int j = 0; j < n; j++) {
      for (int i = j; i < n; i++) {
        double sum = a[i][j];
        for (int k = 0; k < j; k++) {
          sum -= a[i][k] * a[j][k];
        }
        a[i][j] = i == j ? Math.sqrt(sum) : sum / a[j][j];
      }
    }
    double[] x = b.clone();
    for (int i = 0; i < n; i++) {
      for (int k = 0; k < i; k++) {
        x[i] -= a[i][k] * x[k];
      }
      x[i] /= a[i][i];
    }
    for (int i = n - 1; i >= 0; i--) {
      for (int k = i + 1; k < n; k++) {
        x[i] -= a[k][i] * x[k];
      }
      x[i] /= a[i][i];
    }
    return x;
  }

  private void read(Rows rows, int row, double[] x) {
    int columns = rows.width();
    for (int i = 0; i < columns; i++) {
      x[i] = (rows.values()[row * columns + i] - mean[i]) / deviation[i];
    }
    x[columns] = 1;
  }

  private double logit(double[] x) {
    double sum = 0;
    for (int i = 0; i < x.length; i++) {
      sum += coefficients[i] * x[i];
    }
    return sum;
  }

  /**
   * The logit of each row.
   *
   * @throws MpcException SHAPE for another number of columns
   */
  public float[] logits(Rows rows) {
    if (rows.width() != mean.length) {
      throw new MpcException(
          ErrorCode.SHAPE,
          rows + " for a model of " + mean.length + " columns.",
          "Give the columns that the model was fitted to.");
    }
    float[] logits = new float[rows.count()];
    double[] x = new double[coefficients.length];
    for (int row = 0; row < logits.length; row++) {
      read(rows, row, x);
      logits[row] = (float) logit(x);
    }
    return logits;
  }

  /** Coefficients of the columns as given (not standardized), then the constant. */
  public double[] coefficients() {
    double[] original = Arrays.copyOf(coefficients, coefficients.length);
    int constant = mean.length;
    for (int i = 0; i < constant; i++) {
      original[i] /= deviation[i];
      original[constant] -= original[i] * mean[i];
    }
    return original;
  }
}
