package org.djlmpc.graph;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.djlmpc.ring.ConvolutionSpec;
import org.jspecify.annotations.Nullable;

/** The operators that record themselves. */
final class TracingOperators implements Operators<Traced> {
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
  public Traced unary(Unary function, Traced x) {
    return record(new Op.Unary(function), x);
  }

  @Override
  public Traced binary(Binary function, Traced a, Traced b) {
    return record(new Op.Binary(function), a, b);
  }

  @Override
  public Traced scalar(Binary function, Traced x, double number, boolean numberFirst) {
    return record(new Op.Scalar(function, number, numberFirst), x);
  }

  @Override
  public Traced where(Traced condition, Traced a, Traced b) {
    return record(new Op.Where(), condition, a, b);
  }

  @Override
  public Traced clip(Traced x, double min, double max) {
    return record(new Op.Clip(min, max), x);
  }

  @Override
  public Traced leakyRelu(Traced x, double slope) {
    return record(new Op.LeakyRelu(slope), x);
  }

  @Override
  public Traced prelu(Traced x, Traced slope) {
    return record(new Op.Prelu(), x, slope);
  }

  @Override
  public Traced matmul(Traced a, Traced b) {
    return record(new Op.Matmul(), a, b);
  }

  @Override
  public Traced linear(Traced x, Traced weight, @Nullable Traced bias) {
    return record(new Op.Linear(), x, weight, bias);
  }

  @Override
  public Traced convolution(Traced x, Traced weight, @Nullable Traced bias, ConvolutionSpec spec) {
    return record(new Op.Convolution(spec), x, weight, bias);
  }

  @Override
  public Traced pool(Traced x, Pooling pooling) {
    return record(new Op.Pool(pooling), x);
  }

  @Override
  public Traced batchNorm(
      Traced x,
      Traced mean,
      Traced variance,
      @Nullable Traced gamma,
      @Nullable Traced beta,
      int axis,
      double epsilon) {
    Op op = new Op.BatchNorm(axis, epsilon, gamma != null, beta != null);
    return record(op, x, mean, variance, gamma, beta);
  }

  @Override
  public Traced reduce(Reduction reduction, Traced x, int[] axes, boolean keepAxes) {
    return record(new Op.Reduce(reduction, Arrays.stream(axes).boxed().toList(), keepAxes), x);
  }

  @Override
  public Traced argMax(Traced x, int axis, boolean smallest) {
    return record(new Op.ArgMax(axis, smallest), x);
  }

  @Override
  public Traced softmax(Traced x, int axis, boolean logarithm) {
    return record(new Op.Softmax(axis, logarithm), x);
  }

  @Override
  public Traced cumSum(Traced x, int axis) {
    return record(new Op.CumSum(axis), x);
  }

  @Override
  public Traced layout(Layout layout, Traced x) {
    return record(new Op.Rearrange(layout), x);
  }

  @Override
  public Traced concat(List<Traced> values, int axis) {
    return tracer.record(new Op.Concat(axis), values);
  }

  @Override
  public Traced cast(Traced x, DataType type) {
    return record(new Op.Cast(type), x);
  }

  @Override
  public Traced constant(PublicTensor tensor) {
    return tracer.constant(tensor);
  }

  /** Optional arguments that are absent are no inputs. */
  private Traced record(Op op, @Nullable Traced... inputs) {
    List<Traced> present = new ArrayList<>();
    for (Traced input : inputs) {
      if (input != null) {
        present.add(input);
      }
    }
    return tracer.record(op, present);
  }
}
