package org.djlmpc.engine;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import org.djlmpc.graph.Operators.Binary;
import org.djlmpc.graph.Operators.Unary;

/** Elementwise operators: arithmetic, comparisons, logic and functions of one argument. */
abstract class ElementwiseArray extends ArrayCell {
  ElementwiseArray(MpcNDManager manager, Value value) {
    super(manager, value);
  }

  final NDArray unary(Unary function) {
    return operators().unary(function, self());
  }

  final MpcNDArray binary(Binary function, NDArray other) {
    return operators().binary(function, self(), getManager().from(other));
  }

  final MpcNDArray scalar(Binary function, Number number) {
    return operators().scalar(function, self(), number, false);
  }

  // ---- arithmetic and comparisons

  @Override
  public final NDArray add(Number n) {
    return scalar(Binary.ADD, n);
  }

  @Override
  public final NDArray add(NDArray other) {
    return binary(Binary.ADD, other);
  }

  @Override
  public final NDArray sub(Number n) {
    return scalar(Binary.SUBTRACT, n);
  }

  @Override
  public final NDArray sub(NDArray other) {
    return binary(Binary.SUBTRACT, other);
  }

  @Override
  public final NDArray mul(Number n) {
    return scalar(Binary.MULTIPLY, n);
  }

  @Override
  public final NDArray mul(NDArray other) {
    return binary(Binary.MULTIPLY, other);
  }

  @Override
  public final NDArray div(Number n) {
    return scalar(Binary.DIVIDE, n);
  }

  @Override
  public final NDArray div(NDArray other) {
    return binary(Binary.DIVIDE, other);
  }

  @Override
  public final NDArray mod(Number n) {
    return scalar(Binary.REMAINDER, n);
  }

  @Override
  public final NDArray mod(NDArray other) {
    return binary(Binary.REMAINDER, other);
  }

  @Override
  public final NDArray pow(Number n) {
    return scalar(Binary.POWER, n);
  }

  @Override
  public final NDArray pow(NDArray other) {
    return binary(Binary.POWER, other);
  }

  @Override
  public final NDArray maximum(Number n) {
    return scalar(Binary.MAXIMUM, n);
  }

  @Override
  public final NDArray maximum(NDArray other) {
    return binary(Binary.MAXIMUM, other);
  }

  @Override
  public final NDArray minimum(Number n) {
    return scalar(Binary.MINIMUM, n);
  }

  @Override
  public final NDArray minimum(NDArray other) {
    return binary(Binary.MINIMUM, other);
  }

  @Override
  public final NDArray eq(Number n) {
    return scalar(Binary.EQUAL, n);
  }

  @Override
  public final NDArray eq(NDArray other) {
    return binary(Binary.EQUAL, other);
  }

  @Override
  public final NDArray neq(Number n) {
    return scalar(Binary.NOT_EQUAL, n);
  }

  @Override
  public final NDArray neq(NDArray other) {
    return binary(Binary.NOT_EQUAL, other);
  }

  @Override
  public final NDArray gt(Number n) {
    return scalar(Binary.GREATER, n);
  }

  @Override
  public final NDArray gt(NDArray other) {
    return binary(Binary.GREATER, other);
  }

  @Override
  public final NDArray gte(Number n) {
    return scalar(Binary.GREATER_OR_EQUAL, n);
  }

  @Override
  public final NDArray gte(NDArray other) {
    return binary(Binary.GREATER_OR_EQUAL, other);
  }

  @Override
  public final NDArray lt(Number n) {
    return scalar(Binary.LESS, n);
  }

  @Override
  public final NDArray lt(NDArray other) {
    return binary(Binary.LESS, other);
  }

  @Override
  public final NDArray lte(Number n) {
    return scalar(Binary.LESS_OR_EQUAL, n);
  }

  @Override
  public final NDArray lte(NDArray other) {
    return binary(Binary.LESS_OR_EQUAL, other);
  }

  @Override
  public final NDArray addi(Number n) {
    return assign(scalar(Binary.ADD, n));
  }

  @Override
  public final NDArray addi(NDArray other) {
    return assign(binary(Binary.ADD, other));
  }

  @Override
  public final NDArray subi(Number n) {
    return assign(scalar(Binary.SUBTRACT, n));
  }

  @Override
  public final NDArray subi(NDArray other) {
    return assign(binary(Binary.SUBTRACT, other));
  }

  @Override
  public final NDArray muli(Number n) {
    return assign(scalar(Binary.MULTIPLY, n));
  }

  @Override
  public final NDArray muli(NDArray other) {
    return assign(binary(Binary.MULTIPLY, other));
  }

  @Override
  public final NDArray divi(Number n) {
    return assign(scalar(Binary.DIVIDE, n));
  }

  @Override
  public final NDArray divi(NDArray other) {
    return assign(binary(Binary.DIVIDE, other));
  }

  @Override
  public final NDArray modi(Number n) {
    return assign(scalar(Binary.REMAINDER, n));
  }

  @Override
  public final NDArray modi(NDArray other) {
    return assign(binary(Binary.REMAINDER, other));
  }

  @Override
  public final NDArray powi(Number n) {
    return assign(scalar(Binary.POWER, n));
  }

  @Override
  public final NDArray powi(NDArray other) {
    return assign(binary(Binary.POWER, other));
  }

  // ---- logic

  @Override
  public final NDArray logicalAnd(NDArray other) {
    return binary(Binary.AND, other);
  }

  @Override
  public final NDArray logicalOr(NDArray other) {
    return binary(Binary.OR, other);
  }

  @Override
  public final NDArray logicalXor(NDArray other) {
    return binary(Binary.XOR, other);
  }

  // ---- functions of one argument

  @Override
  public final NDArray neg() {
    return unary(Unary.NEGATE);
  }

  @Override
  public final NDArray abs() {
    return unary(Unary.ABS);
  }

  @Override
  public final NDArray sign() {
    return unary(Unary.SIGN);
  }

  @Override
  public final NDArray square() {
    return unary(Unary.SQUARE);
  }

  @Override
  public final NDArray sqrt() {
    return unary(Unary.SQRT);
  }

  @Override
  public final NDArray exp() {
    return unary(Unary.EXP);
  }

  @Override
  public final NDArray log() {
    return unary(Unary.LOG);
  }

  @Override
  public final NDArray sin() {
    return unary(Unary.SIN);
  }

  @Override
  public final NDArray cos() {
    return unary(Unary.COS);
  }

  @Override
  public final NDArray tanh() {
    return unary(Unary.TANH);
  }

  @Override
  public final NDArray floor() {
    return unary(Unary.FLOOR);
  }

  @Override
  public final NDArray ceil() {
    return unary(Unary.CEIL);
  }

  @Override
  public final NDArray round() {
    return unary(Unary.ROUND);
  }

  @Override
  public final NDArray erf() {
    return unary(Unary.ERF);
  }

  @Override
  public final NDArray logicalNot() {
    return unary(Unary.LOGICAL_NOT);
  }

  @Override
  public final NDArray negi() {
    return assign((MpcNDArray) neg());
  }

  @Override
  public final NDArray signi() {
    return assign((MpcNDArray) sign());
  }

  @Override
  public final NDArray clip(Number min, Number max) {
    return operators().clip(self(), min.doubleValue(), max.doubleValue());
  }

  // ---- what follows from the above

  @Override
  public final NDArray cbrt() {
    return pow(1.0 / 3);
  }

  @Override
  public final NDArray trunc() {
    return abs().floor().mul(sign());
  }

  @Override
  public final NDArray log2() {
    return log().mul(1 / Math.log(2));
  }

  @Override
  public final NDArray log10() {
    return log().mul(1 / Math.log(10));
  }

  @Override
  public final NDArray tan() {
    return sin().div(cos());
  }

  @Override
  public final NDArray sinh() {
    return exp().sub(neg().exp()).mul(0.5);
  }

  @Override
  public final NDArray cosh() {
    return exp().add(neg().exp()).mul(0.5);
  }

  @Override
  public final NDArray toDegrees() {
    return mul(180 / Math.PI);
  }

  @Override
  public final NDArray toRadians() {
    return mul(Math.PI / 180);
  }

  /** {@inheritDoc} Zero where this array is zero, whatever the other's logarithm is. */
  @Override
  public final NDArray xlogy(NDArray other) {
    return operators()
        .where(
            getManager().from(eq(0)),
            getManager().zeros(getShape(), DataType.FLOAT32),
            getManager().from(mul(getManager().from(other).log())));
  }

  /** {@inheritDoc} A secret never is: sharing refuses such values. */
  @Override
  public final NDArray isNaN() {
    return isSecret() ? nowhere() : neq(self());
  }

  /** {@inheritDoc} A secret never is: sharing refuses such values. */
  @Override
  public final NDArray isInfinite() {
    return isSecret() ? nowhere() : abs().eq(Double.POSITIVE_INFINITY);
  }

  private NDArray nowhere() {
    return getManager().zeros(getShape(), DataType.BOOLEAN);
  }
}
