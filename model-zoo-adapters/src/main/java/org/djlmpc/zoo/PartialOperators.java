package org.djlmpc.zoo;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.djlmpc.graph.AppliedOperators;
import org.djlmpc.graph.Layout;
import org.djlmpc.graph.Op;
import org.djlmpc.graph.PublicOperators;
import org.djlmpc.graph.PublicTensor;
import org.djlmpc.graph.ShapeInference;
import org.djlmpc.graph.TensorType;
import org.djlmpc.graph.Traced;
import org.djlmpc.graph.Tracer;
import org.jspecify.annotations.Nullable;

/**
 * Partial evaluation: an operator on small tensors whose elements are known is computed at once, so
 * that shape logic leaves no trace; any other is recorded.
 *
 * <p>Privacy: what is computed from a weight is a weight. Only tensors that come from the model's
 * code alone become public constants.
 *
 * <p>One recording, one thread.
 */
public final class PartialOperators extends AppliedOperators<Partial> {
  /** Larger tensors are recorded: the plan's constant folding deals with them. */
  private static final double MAX_WORK = 1 << 20;

  /** All elements that one model may have computed while it is read; also a bound on memory. */
  private static final double MAX_COMPUTED = 1 << 24;

  /** The places of shape logic do not count, those of recorded operators do: a bound on memory. */
  private static final int MAX_RECORDED = 100_000;

  private final Tracer tracer;
  private final PublicOperators known = new PublicOperators();
  private final ShapeInference inference = new ShapeInference();
  private final IdentityHashMap<PublicTensor, Partial.Recorded> lifted = new IdentityHashMap<>();
  private final Map<String, Integer> weightNames = new HashMap<>();
  private final IdentityHashMap<Partial, Partial> transposed = new IdentityHashMap<>();
  private double computed;
  private int recorded;

  /** Records what cannot be computed. */
  public PartialOperators(Tracer tracer) {
    this.tracer = tracer;
  }

  /** A tensor that is part of the architecture. */
  public static Partial.Known architecture(PublicTensor tensor) {
    return new Partial.Known(tensor, null);
  }

  /** An input of the model. */
  public Partial input(String name, TensorType type) {
    return new Partial.Recorded(tracer.input(name, type.shape(), type.dataType()));
  }

  /** The value in the recording; declares a weight or a constant where it is first needed. */
  public Traced lift(Partial x) {
    if (x instanceof Partial.Recorded value) {
      return value.traced();
    }
    Partial.Known value = (Partial.Known) x;
    return lifted
        .computeIfAbsent(
            value.tensor(),
            tensor ->
                new Partial.Recorded(
                    value.weight() == null
                        ? tracer.constant(tensor)
                        : tracer.weight(freeName(value.weight()), tensor)))
        .traced();
  }

  private String freeName(String wanted) {
    int used = weightNames.merge(wanted, 1, Integer::sum);
    return used == 1 ? wanted : freeName(wanted + "." + used);
  }

  /** The two-axis tensor of which {@code x} is the transpose, if it was made by {@link #layout}. */
  public @Nullable Partial transposeOf(Partial x) {
    return transposed.get(x);
  }

  @Override
  protected Partial apply(Op op, List<Partial> inputs) {
    List<TensorType> types = inputs.stream().map(Partial::type).toList();
    if (inputs.stream().allMatch(x -> x instanceof Partial.Known)) {
      Shape result = op.apply(inference, types).shape();
      if (isReshape(op)) {
        return compute(op, inputs);
      }
      double work = work(op, types, result);
      if (work <= MAX_WORK && computed + work <= MAX_COMPUTED) {
        computed += work;
        return compute(op, inputs);
      }
    }
    if (++recorded > MAX_RECORDED) {
      throw ModelErrors.malformed("The model has more than " + MAX_RECORDED + " operators.");
    }
    return new Partial.Recorded(
        op.apply(tracer.operators(), inputs.stream().map(this::lift).toList()));
  }

  /** Another shape of the same array costs nothing. */
  private static boolean isReshape(Op op) {
    return op instanceof Op.Rearrange rearrange && rearrange.layout() instanceof Layout.Reshape;
  }

  /** About how many elements an operator reads and writes, and as often as it does. */
  private static double work(Op op, List<TensorType> types, Shape result) {
    double most = size(result);
    for (TensorType type : types) {
      most = Math.max(most, size(type.shape()));
    }
    double terms = 1;
    if (op instanceof Op.Matmul) {
      terms = types.get(0).shape().getLastDimension();
    } else if (op instanceof Op.Linear || op instanceof Op.Convolution) {
      Shape weight = types.get(1).shape();
      terms = size(weight) / Math.max(1, weight.get(0));
    } else if (op instanceof Op.Pool pool) {
      terms = (double) pool.pooling().kernelH() * pool.pooling().kernelW();
    }
    return most * Math.max(1, terms);
  }

  /** The number of elements; not an integer, because nobody has checked that it is one. */
  private static double size(Shape shape) {
    return Arrays.stream(shape.getShape()).asDoubleStream().reduce(1, (a, b) -> a * b);
  }

  private Partial compute(Op op, List<Partial> inputs) {
    List<PublicTensor> tensors = new ArrayList<>();
    String weight = null;
    for (Partial input : inputs) {
      Partial.Known value = (Partial.Known) input;
      tensors.add(value.tensor());
      weight = weight == null ? value.weight() : weight;
    }
    PublicTensor result = op.apply(known, tensors);
    String name = weight == null || isReshape(op) ? weight : weight + "." + op.name();
    return new Partial.Known(result, name);
  }

  @Override
  public Shape shape(Partial x) {
    return x.shape();
  }

  @Override
  public DataType dataType(Partial x) {
    return x.dataType();
  }

  /** {@inheritDoc} A number of the architecture stays a number, which needs no protocol. */
  @Override
  public Partial binary(Binary function, Partial a, Partial b) {
    if (isNumber(b) && a instanceof Partial.Recorded) {
      return scalar(function, a, ((Partial.Known) b).tensor().getDouble(0), false);
    }
    if (isNumber(a) && b instanceof Partial.Recorded) {
      return scalar(function, b, ((Partial.Known) a).tensor().getDouble(0), true);
    }
    return super.binary(function, a, b);
  }

  private static boolean isNumber(Partial x) {
    return x instanceof Partial.Known value && value.weight() == null && value.shape().isScalar();
  }

  @Override
  public Partial layout(Layout layout, Partial x) {
    Shape shape = x.shape();
    if (layout.outputShape(shape).equals(shape)
        && (layout instanceof Layout.Reshape
            || layout instanceof Layout.Broadcast
            || layout instanceof Layout.Slice)) {
      return x;
    }
    Partial result = super.layout(layout, x);
    if (layout instanceof Layout.Permute && shape.dimension() == 2) {
      transposed.put(result, x);
    }
    return result;
  }

  @Override
  public Partial cast(Partial x, DataType type) {
    return x.dataType() == type ? x : super.cast(x, type);
  }

  @Override
  public Partial constant(PublicTensor tensor) {
    return architecture(tensor);
  }
}
