package org.djlmpc.graph;

import java.util.List;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;
import org.djlmpc.protocol.Precision;

/**
 * One application of an operator in a {@link Graph}.
 *
 * @param id number of the value that the node makes
 * @param op the operator
 * @param inputs numbers of the values that it reads, all smaller than {@code id}
 * @param place where in the model: the path of blocks, such as {@code SequentialBlock/01Conv2d};
 *     may be empty
 * @param precision public numerics, by calibration or from bounds
 */
public record Node(int id, Op op, List<Integer> inputs, String place, Precision precision) {
  /** Copies the list. */
  public Node {
    inputs = List.copyOf(inputs);
  }

  /** A node with the session's numerics. */
  public Node(int id, Op op, List<Integer> inputs, String place) {
    this(id, op, inputs, place, Precision.STANDARD);
  }

  /** The same node with other numerics. */
  public Node with(Precision other) {
    return new Node(id, op, inputs, place, other);
  }

  /** Numbers of the values that the operator multiplies with each other. */
  List<Integer> factors() {
    if (op instanceof Op.Convolution || op instanceof Op.Linear) {
      return inputs.subList(0, 2);
    }
    boolean product =
        op instanceof Op.Matmul
            || op instanceof Op.Binary binary && binary.function() == Operators.Binary.MULTIPLY;
    return product ? inputs : List.of();
  }

  /** The place and the operator's name, for messages and tables. */
  public String label() {
    return place.isEmpty() ? op.name() : place + "/" + op.name();
  }

  /** Applies the operator; a failure says where it happened. */
  <V> V apply(Operators<V> o, List<V> arguments) {
    try {
      return op.apply(o.with(precision), arguments);
    } catch (MpcException e) {
      throw e.at(label());
    } catch (UnsupportedOperationException e) {
      throw new MpcException(
          ErrorCode.UNSUPPORTED_OPERATOR,
          label() + ": " + e.getMessage(),
          "Replace the operator in the model.",
          e);
    } catch (ArithmeticException e) {
      // exact arithmetic on lengths, in layouts that a peer or a file made up
      throw Shapes.overflow(e).at(label());
    }
  }
}
