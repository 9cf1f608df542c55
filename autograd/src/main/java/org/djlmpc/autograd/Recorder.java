package org.djlmpc.autograd;

import ai.djl.ndarray.NDList;
import java.util.Map;

/**
 * What an engine calls after each operator when someone wants to differentiate through it.
 *
 * <p>An engine knows no tape and a tape knows no engine; they meet here. Everything that a call
 * hands over is public: arrays by identity (their values may be secret), and attributes of plain
 * Java and DJL types.
 *
 * <p>Arrays are mutable cells. An operator in place is recorded as the operator into a new array,
 * followed by {@value #ASSIGN} from that array into the cell: from then on the cell's identity
 * means the new value. A recorder that needs an input's value later keeps {@code
 * input.stopGradient()}, which no recorder learns of.
 */
@FunctionalInterface
public interface Recorder {
  /** Name of the operator that copies a value into an existing array. */
  String ASSIGN = "assign";

  /**
   * Called once after each operator, on the thread that computed it.
   *
   * @param operator name of the operator, such as {@code multiply}, {@code convolution} or {@code
   *     reshape}; lower case, words joined by an underscore
   * @param inputs the arrays that the operator read, in its own order; absent optional ones are
   *     left out
   * @param outputs the arrays that it produced
   * @param residuals what it computed on its way and a pullback can use again, such as the sign bit
   *     of a ReLU; may be empty
   * @param attributes public arguments by name: numbers, strings, {@code int[]}, {@code long[]},
   *     shapes and data types
   */
  void record(
      String operator,
      NDList inputs,
      NDList outputs,
      NDList residuals,
      Map<String, Object> attributes);
}
