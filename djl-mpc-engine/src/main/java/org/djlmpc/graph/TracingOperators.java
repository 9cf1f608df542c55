package org.djlmpc.graph;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.List;

/** The operators that record themselves. */
final class TracingOperators extends AppliedOperators<Traced> {
  private final Tracer tracer;

  TracingOperators(Tracer tracer) {
    this.tracer = tracer;
  }

  @Override
  public Shape shape(Traced x) {
    return x.shape();
  }

  @Override
  public DataType dataType(Traced x) {
    return x.dataType();
  }

  @Override
  public Traced constant(PublicTensor tensor) {
    return tracer.constant(tensor);
  }

  @Override
  protected Traced apply(Op op, List<Traced> inputs) {
    return tracer.record(op, inputs);
  }
}
