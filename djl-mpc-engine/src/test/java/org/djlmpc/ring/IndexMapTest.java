package org.djlmpc.ring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.types.Shape;
import java.util.function.ToIntFunction;
import java.util.stream.IntStream;
import org.djlmpc.error.MpcException;
import org.junit.jupiter.api.Test;

class IndexMapTest {

  private static final Shape SHAPE = new Shape(3, 4, 5);

  @Test
  void permutations() {
    int[][] orders = {{0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};
    for (int[] o : orders) {
      check(
          IndexMap.permute(SHAPE, o),
          new Shape(SHAPE.get(o[0]), SHAPE.get(o[1]), SHAPE.get(o[2])),
          at -> {
            int[] in = new int[3];
            for (int d = 0; d < 3; d++) {
              in[o[d]] = at[d];
            }
            return in(in[0], in[1], in[2]);
          });
    }
    assertThat(IndexMap.permute(SHAPE, 0, 1, 2).isIdentity()).isTrue();
    assertThat(IndexMap.permute(new Shape(3, 1, 5), 1, 0, 2).isIdentity()).isTrue();
    assertThat(IndexMap.permute(new Shape(3, 3), 1, 0).isIdentity()).isFalse();
  }

  @Test
  void slicesForwardAndBackward() {
    check(
        IndexMap.slice(SHAPE, longs(1, 3, 4), longs(3, -1, -1), longs(1, -1, -2)),
        new Shape(2, 4, 3),
        at -> in(1 + at[0], 3 - at[1], 4 - 2 * at[2]));
    check(
        IndexMap.slice(SHAPE, longs(0, 1, 0), longs(3, 4, 5), longs(2, 2, 3)),
        new Shape(2, 2, 2),
        at -> in(2 * at[0], 1 + 2 * at[1], 3 * at[2]));
    assertThat(IndexMap.slice(SHAPE, longs(0, 2, 0), longs(3, 2, 5), longs(1, 1, 1)).outputShape())
        .isEqualTo(new Shape(3, 0, 5));
    assertThat(IndexMap.slice(SHAPE, longs(0, 0, 0), longs(2, 4, 5), longs(1, 1, 1)).isIdentity())
        .isFalse();
    assertThatThrownBy(() -> IndexMap.slice(SHAPE, longs(0, 0, 0), longs(4, 4, 5), longs(1, 1, 1)))
        .isInstanceOf(MpcException.class);
    assertThatThrownBy(
            () -> IndexMap.slice(SHAPE, longs(2, 0, 0), longs(-2, 4, 5), longs(-1, 1, 1)))
        .isInstanceOf(MpcException.class);
  }

  @Test
  void broadcasting() {
    check(IndexMap.broadcast(new Shape(4, 1), SHAPE), SHAPE, at -> at[1]);
    check(IndexMap.broadcast(new Shape(3, 1, 5), SHAPE), SHAPE, at -> at[0] * 5 + at[2]);
    check(IndexMap.broadcast(new Shape(), SHAPE), SHAPE, at -> 0);
    assertThat(IndexMap.broadcast(SHAPE, SHAPE).isIdentity()).isTrue();
    assertThatThrownBy(() -> IndexMap.broadcast(new Shape(3), SHAPE))
        .isInstanceOf(MpcException.class);
    assertThatThrownBy(() -> IndexMap.broadcast(SHAPE, new Shape(4, 5)))
        .isInstanceOf(MpcException.class);
  }

  @Test
  void paddingFlippingRepeatingTilingGathering() {
    check(
        IndexMap.pad(SHAPE, longs(1, 0, 2), longs(0, 3, 1)),
        new Shape(4, 7, 8),
        at ->
            at[0] < 1 || at[1] > 3 || at[2] < 2 || at[2] > 6
                ? -1
                : in(at[0] - 1, at[1], at[2] - 2));
    check(IndexMap.flip(SHAPE, 0, -1), SHAPE, at -> in(2 - at[0], at[1], 4 - at[2]));
    check(IndexMap.flip(SHAPE, 0, 1, 2), SHAPE, at -> in(2 - at[0], 3 - at[1], 4 - at[2]));
    check(IndexMap.repeat(SHAPE, 1, 3), new Shape(3, 12, 5), at -> in(at[0], at[1] / 3, at[2]));
    check(
        IndexMap.tile(SHAPE, longs(2, 1, 3)),
        new Shape(6, 4, 15),
        at -> in(at[0] % 3, at[1], at[2] % 5));
    int[] picked = {4, 0, 0, 2};
    check(
        IndexMap.gather(SHAPE, 2, longs(4, 0, 0, 2)),
        new Shape(3, 4, 4),
        at -> in(at[0], at[1], picked[at[2]]));
    check(
        IndexMap.gather(SHAPE, 0, longs(2, 2, 1)),
        new Shape(3, 4, 5),
        at -> in(at[0] < 2 ? 2 : 1, at[1], at[2]));
    check(IndexMap.reshape(SHAPE, new Shape(6, 10)), new Shape(6, 10), at -> at[0] * 10 + at[1]);
    assertThatThrownBy(() -> IndexMap.gather(SHAPE, 0, longs(3))).isInstanceOf(MpcException.class);
  }

  @Test
  void poolingWindows() {
    int[][] geometries = {
      {2, 2, 2, 2, 0, 0, 3, 3},
      {3, 3, 2, 2, 1, 1, 3, 3},
      {3, 2, 1, 3, 2, 1, 8, 3},
      {7, 6, 1, 1, 0, 0, 1, 1}
    };
    Shape nchw = new Shape(2, 3, 7, 6);
    for (int[] g : geometries) {
      check(
          IndexMap.windows(nchw, g[0], g[1], g[2], g[3], g[4], g[5], g[6], g[7]),
          new Shape((long) g[0] * g[1], 2, 3, g[6], g[7]),
          at -> {
            int y = at[3] * g[2] - g[4] + at[0] / g[1];
            int x = at[4] * g[3] - g[5] + at[0] % g[1];
            return y < 0 || y > 6 || x < 0 || x > 5 ? -1 : ((at[1] * 3 + at[2]) * 7 + y) * 6 + x;
          });
    }
  }

  @Test
  void emptyTensors() {
    IndexMap map = IndexMap.permute(new Shape(0, 4), 1, 0);
    assertThat(map.outputShape()).isEqualTo(new Shape(4, 0));
    map.apply(new long[0], new long[0], 0);
    check(IndexMap.pad(new Shape(0, 2), longs(1, 0), longs(1, 0)), new Shape(2, 2), at -> -1);
    assertThat(IndexMap.tile(SHAPE, longs(0, 1, 1)).outputShape()).isEqualTo(new Shape(0, 4, 5));
  }

  private static void check(IndexMap map, Shape output, ToIntFunction<int[]> expected) {
    assertThat(map.outputShape()).isEqualTo(output);
    int in = (int) map.inputShape().size();
    int out = (int) output.size();
    float[] floats = new float[in];
    double[] doubles = new double[in];
    long[] longs = new long[in];
    int[] ints = new int[in];
    byte[] bytes = new byte[in];
    for (int i = 0; i < in; i++) {
      bytes[i] = (byte) i;
      ints[i] = bytes[i];
      longs[i] = bytes[i];
      doubles[i] = bytes[i];
      floats[i] = bytes[i];
    }
    float[] floatsOut = new float[out];
    double[] doublesOut = new double[out];
    long[] longsOut = new long[out];
    int[] intsOut = new int[out];
    byte[] bytesOut = new byte[out];
    map.apply(floats, floatsOut, -7);
    map.apply(doubles, doublesOut, -7);
    map.apply(longs, longsOut, -7);
    map.apply(ints, intsOut, -7);
    map.apply(bytes, bytesOut, (byte) -7);
    int[] sources = map.sources();
    assertThat(map.isFilled()).isEqualTo(IntStream.of(sources).anyMatch(source -> source < 0));
    RingTensor outside64 = RingTensor.outside(Ring.Z64, map, -7);
    RingTensor outside32 = RingTensor.outside(Ring.Z32, map, -7);
    int[] at = new int[output.dimension()];
    for (int i = 0; i < out; i++) {
      int rest = i;
      for (int d = at.length - 1; d >= 0; d--) {
        at[d] = rest % (int) output.get(d);
        rest /= (int) output.get(d);
      }
      int source = expected.applyAsInt(at);
      assertThat(map.source(i)).isEqualTo(source);
      assertThat(sources[i]).isEqualTo(source);
      assertThat(outside64.getLong(i)).isEqualTo(source < 0 ? -7 : 0);
      assertThat(outside32.getLong(i)).isEqualTo(source < 0 ? -7 : 0);
      byte value = source < 0 ? -7 : (byte) source;
      assertThat(floatsOut[i]).isEqualTo(value);
      assertThat(doublesOut[i]).isEqualTo(value);
      assertThat(longsOut[i]).isEqualTo(value);
      assertThat(intsOut[i]).isEqualTo(value);
      assertThat(bytesOut[i]).isEqualTo(value);
    }
  }

  private static int in(int a, int b, int c) {
    return (a * 4 + b) * 5 + c;
  }

  private static long[] longs(long... values) {
    return values;
  }
}
