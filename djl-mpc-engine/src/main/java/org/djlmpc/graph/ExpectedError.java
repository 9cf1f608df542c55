package org.djlmpc.graph;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.djlmpc.error.MpcException;
import org.djlmpc.fixedpoint.FixedPoint;

/**
 * How far fixed-point values are from plaintext as a rule: measured in rehearsals, in which the
 * arithmetic of the parties runs on whole values of some samples, with truncations that round at
 * random, beside the same inference in plaintext.
 *
 * <p>A rehearsal has what a proof like {@link ErrorBound} cannot have: errors that cancel,
 * rectifiers and clips that stop them, rows of weights that are not all as large as the largest. So
 * it stays near the truth in deep networks.
 *
 * <p>What is expected of an array is {@link #SIGMAS} times the root of its mean squared error, or
 * {@link #ROOM} times its largest error, whichever is more; and the most of all rehearsals. This is
 * an estimate, not a bound: inputs that are larger than the samples have larger errors, and a value
 * at a jump, such as a position of a maximum, may fall to the other side although it did not in any
 * rehearsal. Infinity says that a value was no number.
 *
 * @param ofNodes what is expected of each node, in the graph's order
 * @param ofOutputs what is expected of the outputs, once they are rescaled: the largest of all
 */
public record ExpectedError(List<Double> ofNodes, double ofOutputs) {
  /** Errors beyond so many deviations are not expected: 2 in 10^9 if they are normal. */
  public static final int SIGMAS = 6;

  /** Errors beyond so many times the largest are not expected. */
  public static final int ROOM = 2;

  /** So many errors of outputs make a mean that can be relied on. */
  private static final long ENOUGH_VALUES = 64;

  private static final long MOST_REHEARSALS = 16;
  private static final long MASKS_SEED = 10;

  /** Copies the list. */
  public ExpectedError {
    ofNodes = List.copyOf(ofNodes);
  }

  /**
   * Rehearses with each sample, and more often where an answer has few elements.
   *
   * @param graph with weights and the precisions that it runs with
   * @param samples lists of inputs, at least one
   * @param manager of the engine that computes in plaintext; nothing stays in it
   * @throws MpcException OUT_OF_RANGE if an input or a weight cannot be encoded; what an operator
   *     throws, with its place in the model
   */
  public static ExpectedError rehearsed(
      Graph graph, FixedPoint fixedPoint, List<List<PublicTensor>> samples, NDManager manager) {
    long values = graph.outputTypes().stream().mapToLong(type -> type.shape().size()).sum();
    long enough = (ENOUGH_VALUES + values - 1) / Math.max(1, values);
    long rehearsals = Math.max(samples.size(), Math.min(MOST_REHEARSALS, enough));
    SplittableRandom masks = new SplittableRandom(MASKS_SEED);
    ExpectedError most = new ExpectedError(Collections.nCopies(graph.nodes().size(), 0.0), 0);
    try (NDManager scope = manager.newSubManager()) {
      Map<String, NDArray> weights = graph.weights(new DjlOperators(scope));
      for (int i = 0; i < rehearsals; i++) {
        List<PublicTensor> inputs = samples.get(i % samples.size());
        try (NDManager stage = scope.newSubManager()) {
          Rehearsal rehearsal =
              Rehearsal.run(
                  graph, fixedPoint, masks::nextLong, inputs, new DjlOperators(stage), weights);
          ExpectedError error = new ExpectedError(rehearsal.ofNodes(), rehearsal.ofOutputs());
          most = most.or(error);
        }
      }
    }
    return most;
  }

  /** The larger of two expectations. */
  private ExpectedError or(ExpectedError other) {
    List<Double> larger = new ArrayList<>();
    for (int i = 0; i < ofNodes.size(); i++) {
      larger.add(Math.max(ofNodes.get(i), other.ofNodes.get(i)));
    }
    return new ExpectedError(larger, Math.max(ofOutputs, other.ofOutputs));
  }
}
