package org.djlmpc.cli;

import java.util.List;
import org.djlmpc.fixedpoint.FixedPoint;
import org.djlmpc.graph.ErrorBound;
import org.djlmpc.graph.ExpectedError;
import org.djlmpc.graph.Graph;
import org.djlmpc.graph.PublicTensor;

/**
 * How far the outputs of an inference may be from plaintext.
 *
 * @param expected {@link ExpectedError}: from rehearsals with some inputs
 * @param worstCase {@link ErrorBound}: never exceeded, whatever the inputs of this magnitude are
 */
record ErrorFigures(double expected, double worstCase) {

  /** The figures for the inputs of a job. */
  static ErrorFigures of(JobSpec spec) {
    InferJob job = new InferJob(spec);
    Graph graph = job.graph();
    List<PublicTensor> inputs = job.inputs();
    FixedPoint fixedPoint = new FixedPoint(spec.ring(), spec.fractionBits());
    double magnitude = 0;
    for (PublicTensor input : inputs) {
      for (float value : input.floats()) {
        magnitude = Math.max(magnitude, Math.abs(value));
      }
    }
    return new ErrorFigures(
        PlainGraph.rehearsed(graph, fixedPoint, List.of(inputs)).ofOutputs(),
        ErrorBound.ofOutputs(graph, fixedPoint, magnitude));
  }
}
