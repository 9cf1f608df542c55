package org.djlmpc.cli;

import java.util.List;
import org.djlmpc.fixedpoint.FixedPoint;
import org.djlmpc.graph.ErrorBound;
import org.djlmpc.graph.ExpectedError;
import org.djlmpc.graph.Graph;
import org.djlmpc.graph.PublicTensor;
import org.djlmpc.graph.Ranges;

/**
 * How far the outputs of an inference may be from plaintext.
 *
 * @param expected {@link ExpectedError}: six standard deviations, if rounding errors are
 *     uncorrelated
 * @param worstCase {@link ErrorBound}: never exceeded, whatever the inputs of this magnitude are
 */
record ErrorFigures(double expected, double worstCase) {

  /** The figures for the inputs of a job. */
  static ErrorFigures of(JobSpec spec) {
    InferJob job = new InferJob(spec);
    Graph graph = job.graph();
    FixedPoint fixedPoint = new FixedPoint(spec.ring(), spec.fractionBits());
    Ranges ranges = measured(graph, job.inputs());
    double magnitude = 0;
    for (int i = 0; i < graph.inputs().size(); i++) {
      magnitude = Math.max(magnitude, ranges.largest(i));
    }
    return new ErrorFigures(
        ExpectedError.ofOutputs(graph, fixedPoint, ranges),
        ErrorBound.ofOutputs(graph, fixedPoint, magnitude));
  }

  /** How large the values of a graph are on some inputs. */
  static Ranges measured(Graph graph, List<PublicTensor> inputs) {
    Ranges.Meter meter = new Ranges.Meter(graph);
    try (PlainGraph plain = new PlainGraph(graph)) {
      plain.run(inputs, meter);
    }
    for (int i = 0; i < inputs.size(); i++) {
      meter.input(i, inputs.get(i));
    }
    return meter.ranges();
  }
}
