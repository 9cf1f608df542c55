package org.djlmpc.engine;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.djlmpc.graph.Layout;
import org.djlmpc.graph.Operand;
import org.djlmpc.graph.Operators;
import org.djlmpc.graph.Pooling;
import org.djlmpc.graph.PublicOperators;
import org.djlmpc.graph.PublicTensor;
import org.djlmpc.graph.Traced;
import org.djlmpc.graph.Tracer;
import org.djlmpc.ring.ConvolutionSpec;
import org.jspecify.annotations.Nullable;

/**
 * The operators of one kind of value, offered on values of every kind: arguments are lifted into
 * the kind (a public array becomes a constant of it) and the result is lowered again.
 */
abstract class LiftedOperators<V> implements Operators<Value> {
  private final Operators<V> operators;

  LiftedOperators(Operators<V> operators) {
    this.operators = operators;
  }

  /** A value as the kind that these operators take. */
  abstract V lift(Value x);

  /**
   * A result of these operators on {@code inputs} as a value.
   *
   * <p>An operator that changes nothing may return its argument, which then has one more holder.
   */
  abstract Value lower(V result, Value... inputs);

  private @Nullable V liftOptional(@Nullable Value x) {
    return x == null ? null : lift(x);
  }

  @Override
  public Shape shape(Value x) {
    return x.shape();
  }

  @Override
  public DataType dataType(Value x) {
    return x.dataType();
  }

  @Override
  public Value unary(Unary function, Value x) {
    return lower(operators.unary(function, lift(x)), x);
  }

  @Override
  public Value binary(Binary function, Value a, Value b) {
    return lower(operators.binary(function, lift(a), lift(b)), a, b);
  }

  @Override
  public Value scalar(Binary function, Value x, double number, boolean numberFirst) {
    return lower(operators.scalar(function, lift(x), number, numberFirst), x);
  }

  @Override
  public Value where(Value condition, Value a, Value b) {
    return lower(operators.where(lift(condition), lift(a), lift(b)), a, b);
  }

  @Override
  public Value clip(Value x, double min, double max) {
    return lower(operators.clip(lift(x), min, max), x);
  }

  @Override
  public Value leakyRelu(Value x, double slope) {
    return lower(operators.leakyRelu(lift(x), slope), x);
  }

  @Override
  public Value prelu(Value x, Value slope) {
    return lower(operators.prelu(lift(x), lift(slope)), x);
  }

  @Override
  public Value matmul(Value a, Value b) {
    return lower(operators.matmul(lift(a), lift(b)));
  }

  @Override
  public Value linear(Value x, Value weight, @Nullable Value bias) {
    return lower(operators.linear(lift(x), lift(weight), liftOptional(bias)));
  }

  @Override
  public Value convolution(Value x, Value weight, @Nullable Value bias, ConvolutionSpec spec) {
    return lower(operators.convolution(lift(x), lift(weight), liftOptional(bias), spec));
  }

  @Override
  public Value pool(Value x, Pooling pooling) {
    return lower(operators.pool(lift(x), pooling), x);
  }

  @Override
  public Value batchNorm(
      Value x,
      Value mean,
      Value variance,
      @Nullable Value gamma,
      @Nullable Value beta,
      int axis,
      double epsilon) {
    return lower(
        operators.batchNorm(
            lift(x),
            lift(mean),
            lift(variance),
            liftOptional(gamma),
            liftOptional(beta),
            axis,
            epsilon));
  }

  @Override
  public Value reduce(Reduction reduction, Value x, int[] axes, boolean keepAxes) {
    return lower(operators.reduce(reduction, lift(x), axes, keepAxes), x);
  }

  @Override
  public Value argMax(Value x, int axis, boolean smallest) {
    return lower(operators.argMax(lift(x), axis, smallest));
  }

  @Override
  public Value softmax(Value x, int axis, boolean logarithm) {
    return lower(operators.softmax(lift(x), axis, logarithm));
  }

  @Override
  public Value cumSum(Value x, int axis) {
    return lower(operators.cumSum(lift(x), axis), x);
  }

  @Override
  public Value layout(Layout layout, Value x) {
    return lower(operators.layout(layout, lift(x)), x);
  }

  @Override
  public Value concat(List<Value> values, int axis) {
    List<V> lifted = values.stream().map(this::lift).toList();
    return lower(operators.concat(lifted, axis), values.toArray(Value[]::new));
  }

  @Override
  public Value cast(Value x, DataType type) {
    return lower(operators.cast(lift(x), type), x);
  }

  @Override
  public Value constant(PublicTensor tensor) {
    return new Value.Public(tensor);
  }

  /** Plain Java on public arrays. */
  static final class OnPublic extends LiftedOperators<PublicTensor> {
    static final OnPublic INSTANCE = new OnPublic();

    private OnPublic() {
      super(new PublicOperators());
    }

    @Override
    PublicTensor lift(Value x) {
      return ((Value.Public) x).tensor();
    }

    @Override
    Value lower(PublicTensor result, Value... inputs) {
      return new Value.Public(result);
    }
  }

  /** A protocol on shares, of which public arrays are operands too. */
  static final class OnSecrets extends LiftedOperators<Operand> {
    private final Lifetime lifetime;

    OnSecrets(Operators<Operand> operators) {
      this(operators, new Lifetime(null));
    }

    OnSecrets(Operators<Operand> operators, Lifetime lifetime) {
      super(operators);
      this.lifetime = lifetime;
    }

    /** How long the secrets live. */
    Lifetime lifetime() {
      return lifetime;
    }

    @Override
    Operand lift(Value x) {
      return x instanceof Value.Secret secret
          ? secret.operand()
          : new Operand.Public(((Value.Public) x).tensor());
    }

    @Override
    Value lower(Operand result, Value... inputs) {
      if (result instanceof Operand.Public known) {
        return new Value.Public(known.tensor());
      }
      Operand.Secret secret = (Operand.Secret) result;
      for (Value input : inputs) {
        if (input instanceof Value.Secret given && given.owns(secret.share())) {
          return given.retainAs(secret);
        }
      }
      return new Value.Secret(secret, this, lifetime);
    }
  }

  /**
   * A trace.
   *
   * <p>Of public arrays, those that the traced program created are constants, which everybody may
   * see with the graph. All others it has captured from outside: they may be somebody's model, so
   * they become weights.
   */
  static final class OnShapes extends LiftedOperators<Traced> {
    private final Tracer tracer;
    private final Set<PublicTensor> created = Collections.newSetFromMap(new IdentityHashMap<>());
    private final IdentityHashMap<PublicTensor, Traced> lifted = new IdentityHashMap<>();
    private int captured;

    OnShapes(Tracer tracer) {
      super(tracer.operators());
      this.tracer = tracer;
    }

    /** The traced program created a public array. */
    void created(PublicTensor tensor) {
      created.add(tensor);
    }

    @Override
    Traced lift(Value x) {
      if (x instanceof Value.ShapeOnly shapeOnly) {
        return shapeOnly.traced();
      }
      if (x instanceof Value.Public known) {
        return lifted.computeIfAbsent(known.tensor(), this::recorded);
      }
      throw Reveals.refused("traced into a graph, which keeps its elements");
    }

    private Traced recorded(PublicTensor tensor) {
      return created.contains(tensor)
          ? tracer.constant(tensor)
          : tracer.weight("captured" + captured++, tensor);
    }

    @Override
    Value lower(Traced result, Value... inputs) {
      return new Value.ShapeOnly(result, this);
    }
  }
}
