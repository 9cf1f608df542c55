package org.djlmpc.graph;

import java.util.List;
import java.util.function.LongSupplier;
import org.djlmpc.fixedpoint.FixedPoint;

/** A run of a graph in the clear, and what it did to the ring elements on its way. */
final class ClearRun implements ClearProtocol.Watch {
  private final ClearProtocol protocol;
  private final int bits;
  private double peak;
  private int wrong;
  private int narrow;
  private double fullest;

  /**
   * A run.
   *
   * @param masks the dealer's r
   */
  ClearRun(FixedPoint fixedPoint, LongSupplier masks) {
    bits = fixedPoint.ring().bits();
    protocol = new ClearProtocol(fixedPoint, masks, this);
  }

  @Override
  public void truncated(long x) {
    peak = Math.max(peak, Math.abs((double) x));
  }

  @Override
  public void compared(long x, int width) {
    double range = Math.scalb(1.0, width - 1);
    if (width < bits) {
      narrow++;
      fullest = Math.max(fullest, Math.abs((double) x) / range);
    }
    wrong += x >= -range && x < range ? 0 : 1;
  }

  ClearProtocol protocol() {
    return protocol;
  }

  /** How many values were too large for the comparison that saw them. */
  int wrongComparisons() {
    return wrong;
  }

  /** How many comparisons were narrower than the ring. */
  int narrowComparisons() {
    return narrow;
  }

  /** The largest share of its range that a value took which a narrow comparison saw. */
  double fullestComparison() {
    return fullest;
  }

  /** Largest absolute value of a truncated element since the last call. */
  double takePeak() {
    double taken = peak;
    peak = 0;
    return taken;
  }

  /** The outputs of a graph with weights, as the parties would compute them. */
  List<double[]> outputs(Graph graph, List<PublicTensor> inputs) {
    return graph
        .evaluate(
            new SecretOperators(protocol),
            inputs.stream().map(protocol::input).toList(),
            protocol.weights(graph),
            EvaluationListener.none())
        .stream()
        .map(output -> protocol.decoded(((Operand.Secret) output).share()))
        .toList();
  }
}
