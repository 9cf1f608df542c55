package org.djlmpc.graph;

import java.util.ArrayList;
import java.util.List;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;
import org.djlmpc.fixedpoint.FixedPoint;
import org.djlmpc.protocol.Precision;

/**
 * Public numerics of a model's layers, chosen from samples or from a proof, and kept beside the
 * model.
 *
 * <p><em>Measured:</em> each layer's range is the largest value on the samples, with room for
 * values 2^margin times as large. This is statistical: an input unlike the samples may leave a
 * range, and its answer is then silently wrong unless ranges are checked at run time ({@link
 * RangeChecks}).
 *
 * <p><em>Proven:</em> {@link ErrorBound} holds for every input of the stated magnitude: |z| &lt;=
 * ||w||_1 max|x| + |b|, layer by layer, fixed-point errors included (protocols.md, section 10).
 *
 * <p>The precisions become public with the program. The ranges, which say more about weights and
 * samples, stay with the model's owner.
 *
 * @param model the model that it belongs to
 * @param fixedPoint ring and fraction bits of the session
 * @param samples how many samples were measured; 0 if the ranges are proven
 * @param marginBits room above the measured ranges; 0 if they are proven
 * @param inputMagnitude largest absolute value of the samples, or of the inputs of the proof
 * @param layers one for each node of the rewritten graph, in order
 */
public record Calibration(
    ModelHash model,
    FixedPoint fixedPoint,
    int samples,
    int marginBits,
    double inputMagnitude,
    List<Layer> layers) {
  /** Room for values twice as large as the samples', twice. */
  public static final int USUAL_MARGIN_BITS = 2;

  private static final int MOST_MARGIN_BITS = 30;

  /**
   * One node.
   *
   * @param label place and operator
   * @param largest absolute value of its result: measured, or proven
   * @param precision what was chosen for it
   * @param comparisonBits width of its comparisons; 0 if it has none, or they take the whole ring
   */
  public record Layer(String label, double largest, Precision precision, int comparisonBits) {}

  /** Copies the list. */
  public Calibration {
    layers = List.copyOf(layers);
  }

  /**
   * Chooses precisions by measured ranges.
   *
   * @param graph the rewritten graph, with weights
   * @param ranges what {@link Ranges.Meter} measured of it
   * @param samples how many samples that were
   * @param marginBits room: values may become 2^margin times as large as measured
   * @throws MpcException OUT_OF_RANGE, naming the layer, if the ring is too small; ARGUMENT if the
   *     margin is not between 0 and 30
   */
  public static Calibration measured(
      Graph graph, FixedPoint fixedPoint, Ranges ranges, int samples, int marginBits) {
    if (marginBits < 0 || marginBits > MOST_MARGIN_BITS) {
      throw new MpcException(
          ErrorCode.ARGUMENT,
          "A margin of " + marginBits + " bits.",
          "Use 0 to " + MOST_MARGIN_BITS + " bits.");
    }
    Ranges roomy = ranges.times(Math.scalb(1.0, marginBits));
    Graph divided = PrecisionChoice.divideBits(graph, fixedPoint, roomy);
    Graph precise = PrecisionChoice.boundMagnitudes(divided, fixedPoint, roomy);
    precise = WireWidth.measured(precise, fixedPoint, roomy);
    return new Calibration(
        ModelHash.of(graph),
        fixedPoint,
        samples,
        marginBits,
        inputs(graph, ranges),
        layers(precise, ranges, fixedPoint));
  }

  /**
   * Chooses precisions that no input of a magnitude can exceed.
   *
   * @param graph the rewritten graph, with weights
   * @throws MpcException OUT_OF_RANGE, naming the layer, if the ring may overflow
   */
  public static Calibration proven(Graph graph, FixedPoint fixedPoint, double inputMagnitude) {
    Ranges first = Ranges.proven(graph, fixedPoint, inputMagnitude);
    Graph divided = PrecisionChoice.divideBits(graph, fixedPoint, first);
    PrecisionChoice.requireProof(divided, fixedPoint, inputMagnitude);
    // fewer fraction bits have larger errors
    Ranges ranges = Ranges.proven(divided, fixedPoint, inputMagnitude);
    Graph precise = PrecisionChoice.boundMagnitudes(divided, fixedPoint, ranges);
    precise = WireWidth.proven(precise, fixedPoint, inputMagnitude);
    return new Calibration(
        ModelHash.of(graph), fixedPoint, 0, 0, inputMagnitude, layers(precise, ranges, fixedPoint));
  }

  private static double inputs(Graph graph, Ranges ranges) {
    double largest = 0;
    for (int i = 0; i < graph.inputs().size(); i++) {
      largest = Math.max(largest, ranges.largest(i));
    }
    return largest;
  }

  private static List<Layer> layers(Graph graph, Ranges ranges, FixedPoint fixedPoint) {
    List<Layer> layers = new ArrayList<>();
    for (Node node : graph.nodes()) {
      Precision precision = node.precision();
      int f = precision.fractionBits(fixedPoint.fractionBits());
      int width = precision.bounded() ? precision.comparisonBits(f, Comparisons.times(node)) : 0;
      layers.add(new Layer(node.label(), ranges.largest(node.id()), precision, width));
    }
    return layers;
  }

  /** Whether the ranges hold for every input of the magnitude. */
  public boolean isProven() {
    return samples == 0;
  }

  /**
   * The graph with these precisions.
   *
   * @param graph the rewritten graph for any shapes of inputs; with weights, they are compared too
   * @throws MpcException CALIBRATION if it belongs to another model
   */
  public Graph apply(Graph graph) {
    if (!model.architecture().equals(ModelHash.architecture(graph))
        || layers.size() != graph.nodes().size()) {
      throw foreign("has other operators than this model");
    }
    if (graph.hasWeights() && !model.equals(ModelHash.of(graph))) {
      throw foreign("was made for other weights than this model has");
    }
    return graph.withPrecisions(layers.stream().map(Layer::precision).toList());
  }

  private static MpcException foreign(String why) {
    return new MpcException(
        ErrorCode.CALIBRATION, "The calibration " + why + ".", ErrorCode.CALIBRATION.nextStep());
  }
}
