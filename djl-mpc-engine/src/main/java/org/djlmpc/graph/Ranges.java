package org.djlmpc.graph;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import java.util.List;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;
import org.djlmpc.fixedpoint.FixedPoint;

/**
 * How large the values of a graph become: measured on samples, or proven for every input.
 *
 * <p>They tell about the weights and, if measured, about the samples: they are for the model's
 * owner.
 */
public final class Ranges {
  private final double[] largest;
  private final double[] meanSquare;

  private Ranges(double[] largest, double[] meanSquare) {
    this.largest = largest;
    this.meanSquare = meanSquare;
  }

  /** Bound of the absolute values of value {@code id} of the graph. */
  public double largest(int id) {
    return largest[id];
  }

  /** Root of the mean square of value {@code id}; not a bound. */
  double rootMeanSquare(int id) {
    return Math.sqrt(meanSquare[id]);
  }

  /** The same with room for values that are {@code factor} times as large. */
  Ranges times(double factor) {
    double[] larger = largest.clone();
    for (int i = 0; i < larger.length; i++) {
      larger[i] *= factor;
    }
    return new Ranges(larger, meanSquare);
  }

  /**
   * What {@link ErrorBound} proves of fixed-point values, their errors included.
   *
   * @param inputMagnitude largest absolute value of any element of any input
   */
  static Ranges proven(Graph graph, FixedPoint fixedPoint, double inputMagnitude) {
    double[] largest = known(graph);
    double unit = Math.scalb(1.0, -fixedPoint.fractionBits());
    for (int i = 0; i < graph.inputs().size(); i++) {
      largest[i] = inputMagnitude + unit;
    }
    List<Enclosure> enclosures = ErrorBound.enclosures(graph, fixedPoint, inputMagnitude);
    for (int i = 0; i < enclosures.size(); i++) {
      largest[graph.firstNode() + i] = enclosures.get(i).reach();
    }
    double[] squares = new double[largest.length];
    for (int i = 0; i < squares.length; i++) {
      // a guess: it decides how bits are divided, not whether they suffice
      squares[i] = largest[i] * largest[i] / 16;
    }
    return new Ranges(largest, squares);
  }

  /** Magnitudes of weights and constants. */
  private static double[] known(Graph graph) {
    double[] largest = new double[graph.valueCount()];
    for (int id = graph.inputs().size(); id < graph.firstNode(); id++) {
      Graph.Weight weight = graph.weight(id);
      PublicTensor constant = weight == null ? graph.constant(id) : weight.value();
      if (constant != null) {
        largest[id] = EnclosureMath.magnitude(constant);
      }
    }
    return largest;
  }

  /**
   * Measures while a graph runs in plaintext, on arrays of any DJL engine; over any number of runs.
   * Closes the arrays that are not read any more.
   */
  public static final class Meter implements EvaluationListener<NDArray> {
    private final Graph graph;
    private final double[] largest;
    private final double[] squares;
    private final long[] counts;

    /**
     * Nothing is measured yet.
     *
     * @param graph the graph that will run, with weights
     */
    public Meter(Graph graph) {
      this.graph = graph;
      largest = known(graph);
      squares = new double[largest.length];
      counts = new long[largest.length];
    }

    /**
     * An input of a run, which the listener is not told.
     *
     * @param i its position
     * @throws MpcException NOT_FINITE if an element is NaN or infinite
     */
    public void input(int i, PublicTensor values) {
      double most = 0;
      double sum = 0;
      for (int e = 0; e < values.size(); e++) {
        double value = values.getDouble(e);
        most = Math.max(most, Math.abs(value));
        sum += value * value;
      }
      add(i, "The input " + graph.inputs().get(i).name(), most, sum, values.size());
    }

    @Override
    public void finished(Node node, NDArray output) {
      measure(node.id(), node.label(), output);
    }

    @Override
    public void released(NDArray value) {
      value.close();
    }

    private void measure(int id, String what, NDArray array) {
      if (array.size() == 0) {
        return;
      }
      try (NDArray real = array.toType(DataType.FLOAT32, true);
          NDArray size = real.abs();
          NDArray max = size.max();
          NDArray square = real.square();
          NDArray mean = square.mean()) {
        add(id, what, max.getFloat(), mean.getFloat() * (double) array.size(), array.size());
      }
    }

    private void add(int id, String what, double most, double sumOfSquares, long count) {
      if (!(most < Double.POSITIVE_INFINITY)) {
        throw new MpcException(
            ErrorCode.NOT_FINITE,
            what + " is NaN or infinite on a sample.",
            "Leave the sample out, or mend the model.");
      }
      largest[id] = Math.max(largest[id], most);
      squares[id] += sumOfSquares;
      counts[id] += count;
    }

    /** The ranges so far. */
    public Ranges ranges() {
      double[] means = new double[squares.length];
      for (int i = 0; i < means.length; i++) {
        means[i] = counts[i] == 0 ? largest[i] * largest[i] : squares[i] / counts[i];
      }
      return new Ranges(largest.clone(), means);
    }
  }
}
