package org.djlmpc.cli;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import java.util.List;
import java.util.Locale;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;
import org.djlmpc.fixedpoint.FixedPoint;
import org.djlmpc.graph.EvaluationListener;
import org.djlmpc.graph.Graph;
import org.djlmpc.graph.Node;
import org.djlmpc.graph.PublicTensor;

/**
 * Whether all values of a model fit the ring on given inputs, found in plaintext: a secret value
 * that does not fit is silently wrong.
 *
 * <p>A product of two values has twice the fraction bits: |z| 2^(2f) &lt; 2^(n-2) (protocols.md,
 * section 4).
 */
final class RangeCheck implements EvaluationListener<NDArray> {
  private final FixedPoint fixedPoint;

  private RangeCheck(FixedPoint fixedPoint) {
    this.fixedPoint = fixedPoint;
  }

  /**
   * Evaluates a model.
   *
   * @param graph the rewritten graph that will run on secrets, with weights
   * @throws MpcException OUT_OF_RANGE, naming the operator, how far it goes and what would fit
   */
  static void require(Graph graph, List<PublicTensor> inputs, FixedPoint fixedPoint) {
    try (PlainGraph plain = new PlainGraph(graph)) {
      plain.run(inputs, new RangeCheck(fixedPoint));
    }
  }

  @Override
  public void finished(Node node, NDArray output) {
    if (!output.getDataType().isFloating()) {
      return;
    }
    double largest;
    try (NDArray absolute = output.abs();
        NDArray max = absolute.max()) {
      largest = max.toType(DataType.FLOAT32, false).getFloat();
    }
    if (largest < fixedPoint.maxAbs()) {
      return;
    }
    int ring = fixedPoint.ring().bits();
    int fitting = (int) Math.floor((ring - 2 - (Math.log(largest) / Math.log(2))) / 2);
    throw new MpcException(
        ErrorCode.OUT_OF_RANGE,
        String.format(
            Locale.ROOT,
            "%s: values reach %.6g on these inputs; a ring of %d bits with %d fraction bits holds"
                + " values and products below %s.",
            node.label(),
            largest,
            ring,
            fixedPoint.fractionBits(),
            Figures.number(fixedPoint.maxAbs())),
        (fitting >= 1 ? "Use --fraction-bits " + fitting + " or fewer" : "Scale the inputs down")
            + (ring < Long.SIZE ? ", or --ring 64." : "."));
  }

  @Override
  public void released(NDArray value) {
    value.close();
  }
}
