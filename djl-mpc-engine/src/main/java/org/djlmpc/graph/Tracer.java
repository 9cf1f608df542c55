package org.djlmpc.graph;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;

/**
 * Records what a program does to values that have only a shape.
 *
 * <p>Declare inputs and weights, run the program on {@link #operators()}, then {@link #finish}.
 * {@link #enter} and {@link #exit} tell where in the tree of blocks the program is; every node
 * remembers it.
 *
 * <p>One recording, one thread.
 */
public final class Tracer {
  private final GraphBuilder builder = new GraphBuilder();
  private final TracingOperators operators = new TracingOperators(this);
  private final Deque<String> places = new ArrayDeque<>();

  /** Declares an input; its place among the graph's inputs is the order of the calls. */
  public Traced input(String name, Shape shape, DataType type) {
    DataTypes.supported(type);
    return traced(builder.input(new Graph.Input(name, new TensorType(plain(shape), type))));
  }

  /** Declares a weight whose value is known. */
  public Traced weight(String name, PublicTensor value) {
    return traced(builder.weight(new Graph.Weight(name, value.type(), value)));
  }

  /** Declares a weight whose value belongs to somebody else. */
  public Traced weight(String name, Shape shape, DataType type) {
    DataTypes.supported(type);
    return traced(builder.weight(new Graph.Weight(name, new TensorType(plain(shape), type), null)));
  }

  /** Declares a public constant, which is part of the architecture that every party sees. */
  public Traced constant(PublicTensor value) {
    return traced(builder.constant(value));
  }

  /** The operators that record. */
  public Operators<Traced> operators() {
    return operators;
  }

  /** The program enters a block. */
  public void enter(String blockName) {
    places.addLast(blockName);
  }

  /** The program leaves the block that it entered last. */
  public void exit() {
    if (places.pollLast() == null) {
      throw new MpcException(
          ErrorCode.INTERNAL,
          "A block was left that was never entered.",
          "Report this with the stack trace.");
    }
  }

  /**
   * Where the program is: the names of the blocks, separated by slashes; empty outside of all
   * blocks.
   */
  public String place() {
    return String.join("/", places);
  }

  /** The graph of everything recorded so far; what no output needs is part of it. */
  public Graph finish(List<Traced> outputs) {
    return builder.build(outputs.stream().map(Traced::id).toList());
  }

  Traced record(Op op, List<Traced> inputs) {
    return traced(builder.node(op, inputs.stream().map(Traced::id).toList(), place()));
  }

  private Traced traced(int id) {
    return new Traced(id, builder.type(id));
  }

  /** DJL's shapes may carry axis names; those of a graph do not. */
  private static Shape plain(Shape shape) {
    Shapes.size(shape);
    return new Shape(shape.getShape());
  }
}
