package org.djlmpc.engine;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.concurrent.atomic.AtomicInteger;
import org.djlmpc.graph.Operand;
import org.djlmpc.graph.Operators;
import org.djlmpc.graph.PublicTensor;
import org.djlmpc.graph.Traced;
import org.djlmpc.protocol.Share;

/**
 * What an array holds at the moment: something everybody sees, a share, or only a shape.
 *
 * <p>A value never changes; an array that changes gets another value. Each value knows the
 * operators that compute on its kind, so that an array which outlives its manager still means the
 * same.
 */
sealed interface Value {
  Shape shape();

  /** The data type that an array of this value reports. */
  DataType dataType();

  /** The operators of this kind of value. */
  Operators<Value> operators();

  /** Which of two kinds the result of an operator on both has: the one of the higher rank. */
  int rank();

  /** A word for messages. */
  String kind();

  /** Another array holds this value too. */
  default Value retain() {
    return this;
  }

  /** An array no longer holds this value; the last one erases it. */
  default void release() {}

  /** Known to every party; computed in plain Java. */
  record Public(PublicTensor tensor) implements Value {
    @Override
    public Shape shape() {
      return tensor.shape();
    }

    @Override
    public DataType dataType() {
      return tensor.dataType();
    }

    @Override
    public Operators<Value> operators() {
      return LiftedOperators.OnPublic.INSTANCE;
    }

    @Override
    public int rank() {
      return 0;
    }

    @Override
    public String kind() {
      return "public";
    }
  }

  /** This party's share of a secret. Several arrays may hold it; the last to close erases it. */
  final class Secret implements Value {
    private final Operand.Secret operand;
    private final Operators<Value> operators;
    private final Holding holding;

    Secret(Operand.Secret operand, Operators<Value> operators, Lifetime lifetime) {
      this(operand, operators, new Holding(operand.share(), lifetime, new AtomicInteger(1)));
      lifetime.began(operand.share());
    }

    private Secret(Operand.Secret operand, Operators<Value> operators, Holding holding) {
      this.operand = operand;
      this.operators = operators;
      this.holding = holding;
    }

    /** A share that is erased when nobody holds it any more. */
    private record Holding(Share share, Lifetime lifetime, AtomicInteger holders) {}

    /** Whether erasing this value would erase a share. */
    boolean owns(Share share) {
      return share == holding.share
          || share == operand.share()
          || share == operand.share().rescaled();
    }

    /** A share that belongs to this value, held once more. */
    Secret retainAs(Operand.Secret other) {
      holding.holders.incrementAndGet();
      return new Secret(other, operators, holding);
    }

    /** The share, for an operator; not after the end of its request, nor on another thread. */
    Operand.Secret operand() {
      holding.lifetime.requireCurrent();
      return operand;
    }

    @Override
    public Shape shape() {
      return operand.shape();
    }

    @Override
    public DataType dataType() {
      return operand.dataType();
    }

    @Override
    public Operators<Value> operators() {
      return operators;
    }

    @Override
    public int rank() {
      return 1;
    }

    @Override
    public String kind() {
      return "secret";
    }

    @Override
    public Value retain() {
      holding.holders.incrementAndGet();
      return this;
    }

    @Override
    public void release() {
      if (holding.holders.decrementAndGet() == 0) {
        holding.share.close();
        holding.lifetime.ended(holding.share);
      }
    }

    /** Shape and type, never a share. */
    @Override
    public String toString() {
      return "Secret" + shape() + " " + dataType();
    }
  }

  /** A node of the graph that a trace records; it has a shape and no elements. */
  record ShapeOnly(Traced traced, Operators<Value> operators) implements Value {
    @Override
    public Shape shape() {
      return traced.shape();
    }

    @Override
    public DataType dataType() {
      return traced.dataType();
    }

    @Override
    public int rank() {
      return 2;
    }

    @Override
    public String kind() {
      return "traced";
    }
  }
}
