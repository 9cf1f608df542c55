package org.djlmpc.graph;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.djlmpc.fixedpoint.FixedPoint;
import org.djlmpc.protocol.Share;

/**
 * An inference that runs twice at the same time, operator by operator: in plaintext, and in the
 * fixed-point arithmetic of the parties on whole values. Says how far apart the two are.
 */
final class Rehearsal {
  /** How far the elements of one array are from plaintext. */
  private record Distance(double rootMeanSquare, double largest) {
    /** Infinite where one of the two is no number. */
    static Distance of(float[] exact, double[] rounded) {
      double squares = 0;
      double largest = 0;
      for (int i = 0; i < exact.length; i++) {
        double difference = Math.abs(exact[i] - rounded[i]);
        squares += difference * difference;
        largest = Math.max(largest, difference);
      }
      double mean = Math.sqrt(squares / Math.max(1, exact.length));
      return new Distance(orInfinity(mean), orInfinity(largest));
    }

    private static double orInfinity(double x) {
      return Double.isNaN(x) ? Double.POSITIVE_INFINITY : x;
    }

    double expected() {
      return Math.max(ExpectedError.SIGMAS * rootMeanSquare, ExpectedError.ROOM * largest);
    }
  }

  private final Graph graph;
  private final ClearProtocol protocol;
  private final SecretOperators operators;
  private final double[] expected;
  private float[] exact = {};
  private double ofOutputs;

  private Rehearsal(Graph graph, FixedPoint fixedPoint, LongSupplier masks) {
    this.graph = graph;
    protocol = new ClearProtocol(fixedPoint, masks, ClearProtocol.Watch.NONE);
    operators = new SecretOperators(protocol);
    expected = new double[graph.nodes().size()];
  }

  /**
   * Runs.
   *
   * @param masks the randomness of the truncations
   * @param weights the graph's, as arrays of the plaintext engine
   */
  static Rehearsal run(
      Graph graph,
      FixedPoint fixedPoint,
      LongSupplier masks,
      List<PublicTensor> inputs,
      DjlOperators plain,
      Map<String, NDArray> weights) {
    Rehearsal rehearsal = new Rehearsal(graph, fixedPoint, masks);
    rehearsal.run(inputs, plain, weights);
    return rehearsal;
  }

  private void run(List<PublicTensor> inputs, DjlOperators plain, Map<String, NDArray> weights) {
    Evaluation<NDArray> first =
        graph.evaluation(
            plain,
            inputs.stream().map(plain::constant).toList(),
            weights,
            new EvaluationListener<>() {
              @Override
              public void finished(Node node, NDArray output) {
                exact = floats(output);
              }

              @Override
              public void released(NDArray value) {
                value.close();
              }
            });
    Evaluation<Operand> second =
        graph.evaluation(
            operators,
            inputs.stream().map(protocol::input).toList(),
            protocol.weights(graph),
            new EvaluationListener<>() {
              @Override
              public void finished(Node node, Operand output) {
                if (output instanceof Operand.Secret secret) {
                  expected[node.id() - graph.firstNode()] = compare(secret.share()).expected();
                }
              }
            });
    first.begin();
    second.begin();
    for (Node node : graph.nodes()) {
      first.step(node);
      second.step(node);
    }
    List<NDArray> answers = first.outputs();
    for (int i = 0; i < answers.size(); i++) {
      exact = floats(answers.get(i));
      if (second.outputs().get(i) instanceof Operand.Secret secret) {
        Share revealed = operators.math().revealable(secret.share());
        ofOutputs = Math.max(ofOutputs, compare(revealed).expected());
      }
    }
  }

  private static float[] floats(NDArray array) {
    try (NDArray real = array.toType(DataType.FLOAT32, true)) {
      return real.toFloatArray();
    }
  }

  private Distance compare(Share share) {
    return Distance.of(exact, protocol.decoded(share));
  }

  /** What to expect of each node, in the graph's order. */
  List<Double> ofNodes() {
    List<Double> nodes = new ArrayList<>();
    Arrays.stream(expected).forEach(nodes::add);
    return nodes;
  }

  /** What to expect of the outputs: the largest of all. */
  double ofOutputs() {
    return ofOutputs;
  }
}
