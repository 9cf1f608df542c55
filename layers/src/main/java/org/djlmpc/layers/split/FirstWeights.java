package org.djlmpc.layers.split;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;
import org.djlmpc.ring.Parallel;
import org.jspecify.annotations.Nullable;

/**
 * One holder's theta_i: its rows of the first layer's weights, (columns, width). Stays at the
 * holder.
 *
 * <p>A categorical column costs one addition of a row of theta for each row of data, whatever its
 * cardinality.
 */
public final class FirstWeights implements Part {
  /** Multiply-adds that are worth a thread of their own. */
  private static final long GRAIN = 1 << 18;

  private final FeatureSchema schema;
  private final int width;
  private final float[] theta;
  private final float[] gradient;
  private final Updater updater;

  /**
   * Random weights, uniform in ±sqrt(6 / (parties x columns + width)): Glorot and Bengio's (AISTATS
   * 2010), as if every holder had as many columns.
   *
   * @param schema the holder's columns
   * @param plan width, number of holders and update rule
   * @param holder from 0
   * @param seed this holder's own, or null for a secure one. A seed that others can guess gives the
   *     first theta away, and with it something about the rows.
   */
  FirstWeights(FeatureSchema schema, SplitPlan plan, int holder, @Nullable Long seed) {
    this.schema = schema;
    width = plan.firstLayer().columns(plan, holder).width();
    theta = new float[Math.multiplyExact(schema.columns(), width)];
    gradient = new float[theta.length];
    updater = new Updater(plan.training().rule(), theta.length);
    double fan = (double) schema.columns() * plan.roles().holders() + plan.network().width();
    InitialWeights.fill(theta, Math.sqrt(6 / fan), seed);
  }

  /** The holder's columns. */
  public FeatureSchema schema() {
    return schema;
  }

  /** How many columns of h1 they reach: {@link FirstLayer#columns}. */
  public int width() {
    return width;
  }

  /** The weights, (columns, width) row by row; the array itself, which training changes. */
  public float[] theta() {
    return theta;
  }

  /**
   * X_i theta_i, this holder's summand of h1.
   *
   * @param x rows with this schema
   * @return (rows, width) row by row
   */
  public float[] product(RowBatch x) {
    requireSchema(x);
    float[] product = new float[Math.multiplyExact(x.rows(), width)];
    int pieces = pieces(x);
    Parallel.pieces(
        pieces,
        piece -> {
          int from = (int) ((long) x.rows() * piece / pieces);
          int to = (int) ((long) x.rows() * (piece + 1) / pieces);
          for (int row = from; row < to; row++) {
            multiply(x, row, product);
          }
        });
    return product;
  }

  private void multiply(RowBatch x, int row, float[] product) {
    int columns = schema.dense();
    for (int c = 0; c < columns; c++) {
      axpy(x.dense()[row * columns + c], theta, c * width, product, row * width);
    }
    for (int k = 0; k < schema.cardinalities().size(); k++) {
      int index = x.categories(k)[row];
      if (index != RowBatch.NO_CATEGORY) {
        axpy(1, theta, (schema.offset(k) + index) * width, product, row * width);
      }
    }
  }

  private void axpy(float a, float[] x, int xOffset, float[] y, int yOffset) {
    for (int j = 0; j < width; j++) {
      y[yOffset + j] += a * x[xOffset + j];
    }
  }

  /**
   * One step against the gradient X_i^T g.
   *
   * @param x the rows of the batch
   * @param g gradient of the mean loss for h1, (rows, width)
   */
  void update(RowBatch x, float[] g) {
    requireSchema(x);
    Arrays.fill(gradient, 0);
    int columns = schema.dense();
    // each thread has columns of its own, so no two add to one place
    int pieces = Math.min(Math.max(1, columns), pieces(x));
    Parallel.pieces(
        pieces,
        piece -> {
          int from = columns * piece / pieces;
          int to = columns * (piece + 1) / pieces;
          for (int row = 0; row < x.rows(); row++) {
            for (int c = from; c < to; c++) {
              axpy(x.dense()[row * columns + c], g, row * width, gradient, c * width);
            }
          }
        });
    for (int k = 0; k < schema.cardinalities().size(); k++) {
      int offset = schema.offset(k);
      int[] indices = x.categories(k);
      for (int row = 0; row < x.rows(); row++) {
        if (indices[row] != RowBatch.NO_CATEGORY) {
          axpy(1, g, row * width, gradient, (offset + indices[row]) * width);
        }
      }
    }
    updater.update(theta, gradient);
  }

  /** The rows with one-hot columns made, (rows, columns), for ways that need them. */
  float[] denseRows(RowBatch x) {
    requireSchema(x);
    int columns = schema.columns();
    if (columns == schema.dense()) {
      return x.dense();
    }
    float[] all = new float[Math.multiplyExact(x.rows(), columns)];
    x.copyWithOneHot(all, columns, 0);
    return all;
  }

  /** theta as (width, columns). */
  float[] transposed() {
    int columns = schema.columns();
    float[] transposed = new float[theta.length];
    for (int c = 0; c < columns; c++) {
      for (int j = 0; j < width; j++) {
        transposed[j * columns + c] = theta[c * width + j];
      }
    }
    return transposed;
  }

  private int pieces(RowBatch x) {
    long work = (long) x.rows() * (schema.dense() + 1) * width;
    return (int) Math.min(Parallel.parallelism(), work / GRAIN + 1);
  }

  private void requireSchema(RowBatch x) {
    if (!x.schema().equals(schema)) {
      throw new MpcException(
          ErrorCode.SHAPE,
          "Rows of " + x.schema() + " for weights of " + schema + ".",
          "Give all data of a holder the same columns.");
    }
  }

  @Override
  public void save(DataOutput out) throws IOException {
    FloatData.write(out, theta);
    updater.save(out);
  }

  @Override
  public void load(DataInput in) throws IOException {
    FloatData.read(in, theta);
    updater.load(in);
  }

  /** Erases the weights. */
  @Override
  public void close() {
    Arrays.fill(theta, 0);
    Arrays.fill(gradient, 0);
    updater.close();
  }
}
