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
 * cardinality, and sparse columns one multiplication of such a row for each entry. An update costs
 * the rows of theta that the batch uses; see {@link RowUpdater} for the others.
 */
public final class FirstWeights implements Part {
  /** Multiply-adds that are worth a thread of their own. */
  private static final long GRAIN = 1 << 18;

  private final FeatureSchema schema;
  private final int width;
  private final float[] theta;
  private final GradientRows gradient;
  private final RowUpdater updater;

  /**
   * Random weights, uniform in ±sqrt(6 / (parties x columns + width)): Glorot and Bengio's (AISTATS
   * 2010), as if every holder had as many columns.
   *
   * @param schema the holder's columns
   * @param plan width, number of holders and update rule
   * @param holder from 0
   * @param seed this holder's own, or null for a secure one. A seed that others can guess gives the
   *     first theta away, and with it something about the rows.
   * @throws MpcException SHAPE if theta would have 2^31 values or more
   */
  FirstWeights(FeatureSchema schema, SplitPlan plan, int holder, @Nullable Long seed) {
    this.schema = schema;
    width = plan.firstLayer().columns(plan, holder).width();
    theta = new float[schema.values(width, "weights")];
    gradient = new GradientRows(schema, width);
    updater = new RowUpdater(plan.training().rule(), theta, width);
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
    updater.catchUp();
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
    x.forEachEntry(0, x.rows(), (row, column, value) -> updater.catchUp(column));
    float[] product = new float[Math.multiplyExact(x.rows(), width)];
    int pieces = pieces(x);
    Parallel.pieces(
        pieces,
        piece -> {
          int from = (int) ((long) x.rows() * piece / pieces);
          int to = (int) ((long) x.rows() * (piece + 1) / pieces);
          multiply(x, from, to, product);
        });
    return product;
  }

  private void multiply(RowBatch x, int from, int to, float[] product) {
    int columns = schema.dense();
    for (int row = from; row < to; row++) {
      for (int c = 0; c < columns; c++) {
        axpy(x.dense()[row * columns + c], theta, c * width, product, row * width);
      }
    }
    x.forEachEntry(
        from, to, (row, column, value) -> axpy(value, theta, column * width, product, row * width));
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
    gradient.clear();
    float[] dense = gradient.values();
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
              axpy(x.dense()[row * columns + c], g, row * width, dense, c * width);
            }
          }
        });
    x.forEachEntry(
        0,
        x.rows(),
        (row, column, value) -> {
          int at = gradient.at(column);
          axpy(value, g, row * width, gradient.values(), at);
        });
    updater.update(gradient);
  }

  /**
   * The rows with one-hot columns made and the zeros of sparse columns written out, (rows,
   * columns), for ways that need them.
   *
   * @throws MpcException SHAPE if they would have 2^31 values or more
   */
  float[] denseRows(RowBatch x) {
    requireSchema(x);
    int columns = schema.columns();
    if (columns == schema.dense()) {
      return x.dense();
    }
    float[] all = new float[schema.values(x.rows(), "dense rows")];
    x.copyWithOneHot(all, columns, 0);
    return all;
  }

  /** theta as (width, columns). */
  float[] transposed() {
    updater.catchUp();
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
    long perRow = (long) schema.dense() + schema.cardinalities().size();
    long work = (x.rows() * perRow + x.sparse().values().length) * width;
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
    updater.catchUp();
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
    gradient.clear();
    updater.close();
  }
}
