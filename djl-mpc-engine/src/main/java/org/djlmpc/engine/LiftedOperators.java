package org.djlmpc.engine;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.djlmpc.graph.AppliedOperators;
import org.djlmpc.graph.Op;
import org.djlmpc.graph.Operand;
import org.djlmpc.graph.Operators;
import org.djlmpc.graph.PublicOperators;
import org.djlmpc.graph.PublicTensor;
import org.djlmpc.graph.Traced;
import org.djlmpc.graph.Tracer;

/**
 * The operators of one kind of value, offered on values of every kind: arguments are lifted into
 * the kind (a public array becomes a constant of it) and the result is lowered again.
 */
abstract class LiftedOperators<V> extends AppliedOperators<Value> {
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
  abstract Value lower(V result, List<Value> inputs);

  @Override
  public Shape shape(Value x) {
    return x.shape();
  }

  @Override
  public DataType dataType(Value x) {
    return x.dataType();
  }

  @Override
  protected Value apply(Op op, List<Value> inputs) {
    return lower(op.apply(operators, inputs.stream().map(this::lift).toList()), inputs);
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
    Value lower(PublicTensor result, List<Value> inputs) {
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
    Value lower(Operand result, List<Value> inputs) {
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
    Value lower(Traced result, List<Value> inputs) {
      return new Value.ShapeOnly(result, this);
    }
  }
}
