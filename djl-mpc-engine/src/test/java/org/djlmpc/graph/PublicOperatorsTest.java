package org.djlmpc.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.djlmpc.graph.Oracle.check;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;
import org.djlmpc.ring.ConvolutionSpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Plain Java against PyTorch: values, shapes and data types, and the shapes that are inferred. */
final class PublicOperatorsTest {
  private static final DataType F = DataType.FLOAT32;
  private static final DataType D = DataType.FLOAT64;
  private static final DataType I = DataType.INT32;
  private static final DataType L = DataType.INT64;
  private static final DataType B = DataType.BOOLEAN;
  private static final DataType U = DataType.UINT8;

  private final Random random = new Random(1);

  private PublicTensor of(DataType type, long... shape) {
    return Oracle.random(random, type, shape);
  }

  @ParameterizedTest
  @EnumSource
  void unary(Operators.Unary function) {
    boolean positive =
        EnumSet.of(Operators.Unary.LOG, Operators.Unary.SQRT, Operators.Unary.RECIPROCAL_SQRT)
            .contains(function);
    PublicTensor x = positive ? Oracle.positive(random, 3, 5) : of(F, 3, 5);
    Op op = new Op.Unary(function);
    check(op, x);
    check(op, x.cast(D));
    check(op, positive ? x : of(I, 7));
    check(
        op,
        positive ? x : PublicTensor.of(new float[] {-2.5f, -0.5f, 0, 0.5f, 1.5f}, new Shape(5)));
    check(op, x.rearrange(Layout.slice(x.shape(), 0, 0, 0).indexMap(x.shape())));
    if (function == Operators.Unary.LOGICAL_NOT) {
      check(op, of(B, 9));
    }
  }

  @ParameterizedTest
  @EnumSource
  void binary(Operators.Binary function) {
    Op op = new Op.Binary(function);
    PublicTensor a = Oracle.positive(random, 2, 1, 5);
    PublicTensor b = of(F, 3, 1);
    check(op, a, b);
    check(op, a.cast(D), b);
    check(op, a, PublicTensor.scalar(1.5, D));
    PublicTensor i = of(I, 4, 3);
    PublicTensor small = PublicTensor.of(new long[] {1, 2, 3}, new Shape(3));
    check(op, i, small);
    check(op, i, Oracle.positive(random, 4, 3));
    check(op, of(U, 4), PublicTensor.of(new int[] {1, 2, 3, 4}, new Shape(4)));
    if (EnumSet.range(Operators.Binary.EQUAL, Operators.Binary.XOR).contains(function)) {
      check(op, i, i.rearrange(Layout.flip(0).indexMap(i.shape())));
      check(op, of(B, 2, 3), of(B, 3));
    }
    for (boolean first : new boolean[] {false, true}) {
      check(new Op.Scalar(function, 2, first), a);
      check(new Op.Scalar(function, 0.3, first), a);
      check(new Op.Scalar(function, 0.3, first), a.cast(D));
      check(new Op.Scalar(function, 3, first), small);
      check(new Op.Scalar(function, 1.5, first), small);
    }
  }

  @Test
  void integersKeepEveryBit() {
    PublicTensor big = PublicTensor.of(new long[] {(1L << 62) + 1, -(1L << 62) - 1}, new Shape(2));
    check(new Op.Scalar(Operators.Binary.ADD, 1, false), big);
    check(new Op.Scalar(Operators.Binary.MULTIPLY, 3, false), big);
    check(new Op.Binary(Operators.Binary.LESS), big, big);
    check(new Op.Reduce(Operators.Reduction.MAX, List.of(0), false), big);
    check(new Op.Matmul(), big, PublicTensor.of(new long[] {5, 7}, new Shape(2)));
    check(new Op.Cast(I), big);
    check(new Op.Scalar(Operators.Binary.ADD, 100, false), of(U, 50));
  }

  @Test
  void casts() {
    PublicTensor x = PublicTensor.of(new float[] {-2.7f, -0.2f, 0, 0.9f, 100.5f}, new Shape(5));
    for (DataType type : List.of(F, D, I, L, B, DataType.INT8)) {
      check(new Op.Cast(type), x);
      check(new Op.Cast(type), of(I, 6));
      check(new Op.Cast(type), of(B, 6));
    }
  }

  @Test
  void whereClipAndSlopes() {
    check(new Op.Where(), of(B, 2, 1, 3), of(F, 4, 1), of(F, 3));
    check(new Op.Where(), of(B, 3), of(I, 3), of(L, 2, 3));
    check(new Op.Where(), of(F, 3), of(F, 3), PublicTensor.scalar(0, F));
    check(new Op.Clip(-0.5, Double.POSITIVE_INFINITY), of(F, 4, 5));
    check(new Op.Clip(-3, 7), of(I, 40));
    check(new Op.Clip(-2.5, 7), of(I, 40));
    check(new Op.LeakyRelu(0.25), of(F, 4, 5));
    check(new Op.Prelu(), of(F, 2, 3, 4, 1), of(F, 3));
    check(new Op.Prelu(), of(F, 2, 3), of(F, 1));
  }

  @Test
  void products() {
    check(new Op.Matmul(), of(F, 4, 3), of(F, 3, 5));
    check(new Op.Matmul(), of(F, 3), of(F, 3));
    check(new Op.Matmul(), of(F, 3), of(F, 2, 3, 5));
    check(new Op.Matmul(), of(F, 2, 4, 3), of(F, 3));
    check(new Op.Matmul(), of(F, 2, 1, 4, 3), of(F, 5, 3, 2));
    check(new Op.Matmul(), of(D, 4, 3), of(D, 3, 5));
    check(new Op.Matmul(), of(I, 4, 3), of(I, 3, 5));
    check(new Op.Matmul(), of(F, 0, 3), of(F, 3, 5));
    check(new Op.Matmul(), of(F, 2, 300), of(F, 300, 1100));
    check(new Op.Linear(), of(F, 7, 3), of(F, 5, 3), of(F, 5));
    check(new Op.Linear(), of(F, 2, 7, 3), of(F, 5, 3));
    check(new Op.Linear(), of(F, 3), of(F, 5, 3), of(F, 5));
  }

  @Test
  void convolutions() {
    ConvolutionSpec plain = new ConvolutionSpec(1, 1, 0, 0, 1, 1, 1);
    check(new Op.Convolution(plain), of(F, 2, 3, 8, 9), of(F, 4, 3, 3, 2), of(F, 4));
    check(new Op.Convolution(plain), of(D, 1, 2, 5, 5), of(D, 3, 2, 1, 1));
    check(
        new Op.Convolution(new ConvolutionSpec(2, 3, 1, 2, 1, 1, 1)),
        of(F, 2, 3, 8, 9),
        of(F, 4, 3, 3, 2),
        of(F, 4));
    check(
        new Op.Convolution(new ConvolutionSpec(2, 1, 3, 2, 2, 3, 2)),
        of(F, 1, 4, 9, 8),
        of(F, 6, 2, 3, 3));
    check(
        new Op.Convolution(new ConvolutionSpec(2, 2, 1, 1, 1, 1, 6)),
        of(F, 2, 6, 5, 5),
        of(F, 6, 1, 3, 3),
        of(F, 6));
    // a kernel wider than the image, and taps that see only padding
    check(
        new Op.Convolution(new ConvolutionSpec(1, 1, 4, 4, 1, 1, 1)),
        of(F, 1, 1, 2, 2),
        of(F, 1, 1, 5, 5));
  }

  @Test
  void pooling() {
    for (Pooling.Kind kind : Pooling.Kind.values()) {
      for (boolean ceil : new boolean[] {false, true}) {
        for (boolean padded : new boolean[] {false, true}) {
          check(new Op.Pool(new Pooling(kind, 2, 2, 2, 2, 0, 0, ceil, padded)), of(F, 2, 3, 5, 6));
          check(new Op.Pool(new Pooling(kind, 3, 2, 2, 3, 1, 1, ceil, padded)), of(F, 2, 3, 6, 7));
          check(new Op.Pool(new Pooling(kind, 3, 3, 2, 2, 1, 1, ceil, padded)), of(F, 1, 2, 8, 8));
        }
      }
      PublicTensor x = of(F, 2, 3, 5, 6);
      check(new Op.Pool(Pooling.global(kind, x.shape())), x);
    }
    PublicTensor negative = PublicTensor.full(new Shape(1, 1, 3, 3), F, -5);
    Pooling same = new Pooling(Pooling.Kind.MAX, 3, 3, 1, 1, 1, 1, false, true);
    assertThat(new PublicOperators().pool(negative, same))
        .as("padding never wins")
        .isEqualTo(negative);
    PublicTensor integers = negative.cast(I);
    assertThat(new PublicOperators().pool(integers, same)).isEqualTo(integers);
  }

  @Test
  void batchNorm() {
    PublicTensor x = of(F, 2, 3, 4, 5);
    for (int axis : new int[] {1, -1}) {
      long c = x.shape().get(axis < 0 ? 3 : axis);
      Op op = new Op.BatchNorm(axis, 1e-3, true, true);
      check(op, x, of(F, c), Oracle.positive(random, c), of(F, c), of(F, c));
    }
    check(
        new Op.BatchNorm(1, 1e-5, false, true), x, of(F, 3), Oracle.positive(random, 3), of(F, 3));
    check(
        new Op.BatchNorm(1, 1e-5, true, false), x, of(F, 3), Oracle.positive(random, 3), of(F, 3));
    check(new Op.BatchNorm(1, 1e-5, false, false), x, of(F, 3), Oracle.positive(random, 3));
  }

  @ParameterizedTest
  @EnumSource
  void reductions(Operators.Reduction reduction) {
    for (DataType type : List.of(F, D, I, B)) {
      boolean product = reduction == Operators.Reduction.PRODUCT;
      PublicTensor x = product && type == I ? of(type, 1, 2, 3) : of(type, 3, 4, 5);
      check(new Op.Reduce(reduction, List.of(), false), x);
      check(new Op.Reduce(reduction, List.of(1), true), x);
      check(new Op.Reduce(reduction, List.of(-1, 0), false), x);
    }
  }

  @Test
  void alongAxes() {
    for (int axis : new int[] {0, 1, -1}) {
      for (boolean flag : new boolean[] {false, true}) {
        check(new Op.ArgMax(axis, flag), of(F, 3, 4, 5));
        check(new Op.ArgMax(axis, flag), of(L, 3, 4, 5));
        check(new Op.Softmax(axis, flag), of(F, 3, 4, 5));
        check(new Op.Softmax(axis, flag), of(D, 3, 4, 5));
      }
      check(new Op.CumSum(axis), of(F, 3, 4, 5));
      check(new Op.CumSum(axis), of(I, 3, 4, 5));
    }
    PublicTensor ties = PublicTensor.of(new float[] {1, 3, 3, Float.NaN, Float.NaN}, new Shape(5));
    assertThat(new PublicOperators().argMax(ties, 0, false).getLong(0)).isEqualTo(3);
    check(new Op.Softmax(0, false), PublicTensor.of(new float[] {1000, 999, -1000}, new Shape(3)));
  }

  @Test
  void layouts() {
    List<Layout> layouts =
        List.of(
            Layout.reshape(4, -1),
            Layout.permute(2, 0, -2),
            Layout.slice(new long[] {1, -3, 0}, new long[] {3, 100, -1}, new long[] {1, 2, 3}),
            Layout.broadcast(new Shape(2, 3, 4, 5)),
            Layout.pad(new long[] {1, 0, 2}, new long[] {0, 3, 1}, -1.5),
            Layout.flip(0, -1),
            Layout.repeat(-2, 3),
            Layout.tile(2, 1, 3),
            Layout.tile(2, 1, 1, 2),
            Layout.gather(1, PublicTensor.of(new long[] {3, 0, -1, 0}, new Shape(2, 2))),
            Layout.gather(-1, PublicTensor.scalar(2, L)),
            Layout.take(PublicTensor.of(new int[] {59, 0, -2, 7, 7, 1}, new Shape(2, 3))),
            Layout.expandDims(new Shape(3, 4, 5), -1),
            Layout.squeeze(new Shape(3, 4, 5)));
    for (Layout layout : layouts) {
      check(new Op.Rearrange(layout), of(F, 3, 4, 5));
      check(new Op.Rearrange(layout), of(D, 3, 4, 5));
      check(new Op.Rearrange(layout), of(L, 3, 4, 5));
    }
    check(new Op.Rearrange(Layout.flip()), of(B, 3, 2));
    check(new Op.Rearrange(Layout.broadcast(new Shape(2, 3))), PublicTensor.scalar(4, F));
    check(new Op.Concat(1), of(F, 2, 3, 2), of(F, 2, 1, 2), of(F, 2, 4, 2));
    check(new Op.Concat(-1), of(F, 2, 3), of(D, 2, 1));
  }

  @Test
  void refusesWhatDoesNotFit() {
    PublicOperators o = new PublicOperators();
    refuses(ErrorCode.SHAPE, () -> o.binary(Operators.Binary.ADD, of(F, 3), of(F, 4)));
    refuses(ErrorCode.SHAPE, () -> o.matmul(of(F, 3, 2), of(F, 3, 2)));
    refuses(ErrorCode.SHAPE, () -> o.linear(of(F, 3, 2), of(F, 3, 2), of(F, 2)));
    refuses(ErrorCode.SHAPE, () -> o.concat(List.of(of(F, 3, 2), of(F, 3, 3)), 0));
    refuses(ErrorCode.SHAPE, () -> o.layout(Layout.reshape(4, -1), of(F, 3, 2)));
    refuses(ErrorCode.SHAPE, () -> o.layout(Layout.broadcast(new Shape(2, 4)), of(F, 3)));
    refuses(
        ErrorCode.SHAPE,
        () -> o.layout(Layout.broadcast(new Shape(1 << 16, 1 << 16)), PublicTensor.scalar(1, F)));
    refuses(ErrorCode.ARGUMENT, () -> o.softmax(of(F, 3), 1, false));
    refuses(ErrorCode.ARGUMENT, () -> o.layout(Layout.permute(0, 0), of(F, 3, 3)));
    PublicTensor far = PublicTensor.of(new long[] {3}, new Shape(1));
    refuses(ErrorCode.ARGUMENT, () -> o.layout(Layout.gather(0, far), of(F, 3)));
    refuses(ErrorCode.ARGUMENT, () -> o.scalar(Operators.Binary.REMAINDER, of(I, 3), 0, false));
    refuses(ErrorCode.DATA_TYPE, () -> o.unary(Operators.Unary.NEGATE, of(B, 3)));
    refuses(ErrorCode.DATA_TYPE, () -> o.cast(of(F, 3), DataType.STRING));
  }

  private static void refuses(ErrorCode code, Runnable call) {
    assertThatThrownBy(call::run)
        .isInstanceOfSatisfying(MpcException.class, e -> assertThat(e.code()).isEqualTo(code));
  }
}
