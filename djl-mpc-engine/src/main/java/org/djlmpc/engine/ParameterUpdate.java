package org.djlmpc.engine;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import org.djlmpc.graph.Operators.Binary;
import org.djlmpc.graph.Operators.Unary;

/**
 * One step of an optimizer on a parameter, in place.
 *
 * <p>Nothing is recorded, and what a step computes on its way is erased with it, although the
 * parameter and its manager live as long as the model.
 */
final class ParameterUpdate implements AutoCloseable {
  private final MpcNDManager scratch;
  private final ArrayOperators operators;

  ParameterUpdate(MpcNDManager manager) {
    scratch = manager.newSubManager(manager.context().withRecorder(null));
    operators = scratch.operators();
  }

  /**
   * Stochastic gradient descent: {@code v = momentum v + rate g; w = w - v}.
   *
   * @param arrays weight w, gradient and, if there is momentum, velocity v
   * @param gradient what DJL's optimizers do to the gradient first
   */
  void sgd(NDList arrays, Gradient gradient, double rate, double momentum) {
    MpcNDArray weight = scratch.from(arrays.get(0));
    MpcNDArray step = times(effective(weight, scratch.from(arrays.get(1)), gradient), rate);
    if (momentum != 0) {
      MpcNDArray velocity = scratch.from(arrays.get(2));
      velocity.replace(plus(times(velocity, momentum), step).value().retain());
      step = velocity;
    }
    subtract(weight, step);
  }

  /**
   * Adam (Kingma and Ba, 2015, algorithm 1), with the bias correction in the rate.
   *
   * @param arrays weight, gradient, first and second moment
   * @param gradient what DJL's optimizers do to the gradient first
   * @param decay what the weight loses beforehand (AdamW), 0 for Adam
   * @param rate learning rate after bias correction
   */
  void adam(
      NDList arrays,
      Gradient gradient,
      double decay,
      double rate,
      double beta1,
      double beta2,
      double epsilon) {
    MpcNDArray weight = scratch.from(arrays.get(0));
    MpcNDArray mean = scratch.from(arrays.get(2));
    MpcNDArray variance = scratch.from(arrays.get(3));
    if (decay != 0) {
      subtract(weight, times(weight, decay));
    }
    MpcNDArray g = effective(weight, scratch.from(arrays.get(1)), gradient);
    MpcNDArray square = operators.unary(Unary.SQUARE, g);
    mean.replace(plus(times(mean, beta1), times(g, 1 - beta1)).value().retain());
    variance.replace(plus(times(variance, beta2), times(square, 1 - beta2)).value().retain());
    MpcNDArray deviation =
        operators.scalar(Binary.ADD, operators.unary(Unary.SQRT, variance), epsilon, false);
    subtract(weight, operators.binary(Binary.DIVIDE, times(mean, rate), deviation));
  }

  /** Zeros the gradient, as DJL expects of an update. */
  void forgetGradient(NDList weights) {
    NDArray weight = weights.singletonOrThrow();
    if (weight.hasGradient()) {
      MpcNDArray gradient = scratch.from(weight.getGradient());
      gradient.replace(scratch.zeros(gradient.getShape(), gradient.getDataType()).value());
    }
  }

  /**
   * What DJL's optimizers do to a gradient first.
   *
   * @param scale factor for the gradient
   * @param limit largest absolute value after scaling; none if negative
   * @param decay how much of the weight is added
   */
  record Gradient(double scale, double limit, double decay) {}

  private MpcNDArray effective(MpcNDArray weight, MpcNDArray gradient, Gradient rule) {
    MpcNDArray result = rule.scale() == 1 ? gradient : times(gradient, rule.scale());
    if (rule.limit() >= 0) {
      result = operators.clip(result, -rule.limit(), rule.limit());
    }
    return rule.decay() == 0 ? result : plus(result, times(weight, rule.decay()));
  }

  private MpcNDArray times(MpcNDArray x, double factor) {
    return operators.scalar(Binary.MULTIPLY, x, factor, false);
  }

  private MpcNDArray plus(MpcNDArray a, MpcNDArray b) {
    return operators.binary(Binary.ADD, a, b);
  }

  private void subtract(MpcNDArray weight, MpcNDArray step) {
    weight.replace(operators.binary(Binary.SUBTRACT, weight, step).value().retain());
  }

  @Override
  public void close() {
    scratch.close();
  }
}
