package org.djlmpc.fss;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.types.Shape;
import java.util.Random;
import java.util.function.LongPredicate;
import org.djlmpc.crypto.FixedKeyHash;
import org.djlmpc.crypto.Prg;
import org.djlmpc.crypto.Seed;
import org.djlmpc.ring.BitTensor;
import org.djlmpc.ring.Ring;
import org.djlmpc.ring.RingTensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Gates on opened masked tensors. */
class GatesTest {
  private final Random random = new Random(2);
  private final FixedKeyHash hash = FixedKeyHash.random();

  private BitTensor sign(int k, RingTensor x, RingTensor r, BitTensor outputMask) {
    int n = x.size();
    byte[] roots0 = Keys.roots(n, random);
    byte[] roots1 = Keys.roots(n, random);
    byte[] corrections = new byte[DReluGate.correctionBytes(k, n)];
    BitTensor c = BitTensor.zeros(n);
    DReluGate.generate(k, r, 0, n, roots0, 0, roots1, 0, hash, corrections, 0, c, 0);
    BitTensor c0;
    try (Prg prg = new Prg(Seed.random())) {
      c0 = prg.bits(n);
    }
    BitTensor c1 = c0.xor(c).xor(outputMask);
    RingTensor xhat = x.add(r);
    BitTensor share0 = BitTensor.zeros(n);
    BitTensor share1 = BitTensor.zeros(n);
    DReluGate.evaluate(0, k, xhat, 0, n, roots0, 0, corrections, 0, hash, c0, 0, share0, 0);
    DReluGate.evaluate(1, k, xhat, 0, n, roots1, 0, corrections, 0, hash, c1, 0, share1, 0);
    return share0.xor(share1);
  }

  /** Every x in the range of k bits and every mask, on a ring wider than k. */
  @ParameterizedTest
  @ValueSource(ints = {2, 5, 8, 9})
  void signOfEveryValueUnderEveryMask(int k) {
    int points = 1 << k;
    Shape shape = new Shape(points, points);
    RingTensor x = RingTensor.tabulate(Ring.Z64, shape, i -> i / points - points / 2);
    RingTensor r = RingTensor.tabulate(Ring.Z64, shape, i -> i % points | random.nextLong() << k);
    BitTensor sign = sign(k, x, r, BitTensor.zeros(x.size()));
    for (int i = 0; i < x.size(); i++) {
      assertThat(sign.get(i)).as("x = %d, i = %d", x.getLong(i), i).isEqualTo(x.getLong(i) >= 0);
    }
  }

  /** The whole ring, its edges included, with an output mask. */
  @ParameterizedTest
  @EnumSource(Ring.class)
  void signOverTheWholeRing(Ring ring) {
    int n = 3001;
    int bits = ring.bits();
    long min = -1L << (bits - 1);
    long[] edges = {0, 1, -1, min, min + 1, ~min, ~min - 1};
    RingTensor x =
        RingTensor.tabulate(
            ring,
            new Shape(n),
            i -> i < 700 ? edges[i % edges.length] : random.nextLong() >> random.nextInt(bits));
    RingTensor r =
        RingTensor.tabulate(
            ring, new Shape(n), i -> i < 49 ? edges[i / edges.length] : random.nextLong());
    try (Prg prg = new Prg(Seed.random())) {
      BitTensor rho = prg.bits(n);
      BitTensor sign = sign(bits, x, r, rho).xor(rho);
      for (int i = 0; i < n; i++) {
        assertThat(sign.get(i)).as("x = %d", x.getLong(i)).isEqualTo(x.getLong(i) >= 0);
      }
    }
  }

  private interface Generator {
    void run(RingTensor r, byte[] roots0, byte[] roots1, byte[] corrections);
  }

  private interface Evaluator {
    void run(int party, RingTensor xhat, byte[] roots, byte[] corrections, BitTensor share);
  }

  private BitTensor run(
      RingTensor x, RingTensor r, int bytes, Generator generator, Evaluator evaluator) {
    byte[] roots0 = Keys.roots(x.size(), random);
    byte[] roots1 = Keys.roots(x.size(), random);
    byte[] corrections = new byte[bytes];
    generator.run(r, roots0, roots1, corrections);
    BitTensor share0 = BitTensor.zeros(x.size());
    BitTensor share1 = BitTensor.zeros(x.size());
    evaluator.run(0, x.add(r), roots0, corrections, share0);
    evaluator.run(1, x.add(r), roots1, corrections, share1);
    return share0.xor(share1);
  }

  private void check(RingTensor x, BitTensor result, LongPredicate expected) {
    for (int i = 0; i < x.size(); i++) {
      long value = x.getLong(i);
      assertThat(result.get(i)).as("x = %d", value).isEqualTo(expected.test(value));
    }
  }

  @Test
  void equalityWithZero() {
    RingTensor x =
        RingTensor.tabulate(
            Ring.Z32, new Shape(2000), i -> i % 3 == 0 ? 0 : 1L << random.nextInt(32));
    RingTensor r = RingTensor.tabulate(Ring.Z32, new Shape(2000), i -> random.nextInt());
    for (int k : new int[] {32, 9, 3}) {
      BitTensor zero =
          run(
              x,
              r,
              EqualityGate.correctionBytes(k, 2000),
              (m, roots0, roots1, cw) ->
                  EqualityGate.generate(k, m, 0, 2000, roots0, 0, roots1, 0, hash, cw, 0),
              (party, xhat, roots, cw, share) ->
                  EqualityGate.evaluate(party, k, xhat, 0, 2000, roots, 0, cw, 0, hash, share, 0));
      check(x, zero, v -> (v & ((1L << k) - 1)) == 0);
    }
  }

  /**
   * For every x, the paper's comparison errs for exactly |x| of the 2^n masks: the wrapping ones.
   */
  @Test
  void paperComparisonErrsExactlyWhereTheMaskWraps() {
    int k = 8;
    Shape shape = new Shape(256, 256);
    RingTensor x = RingTensor.tabulate(Ring.Z32, shape, i -> i / 256 - 128);
    RingTensor r = RingTensor.tabulate(Ring.Z32, shape, i -> i % 256);
    int n = x.size();
    BitTensor sign =
        run(
            x,
            r,
            PaperComparison.correctionBytes(k, n),
            (m, roots0, roots1, cw) ->
                PaperComparison.generate(k, m, 0, n, roots0, 0, roots1, 0, hash, cw, 0),
            (party, xhat, roots, cw, share) ->
                PaperComparison.evaluate(party, k, xhat, 0, n, roots, 0, cw, 0, hash, share, 0));
    for (int i = 0; i < n; i++) {
      long v = -x.getLong(i);
      long m = -r.getLong(i) & 255;
      boolean wraps = v + m < 0 || v + m >= 256;
      assertThat(sign.get(i) == x.getLong(i) >= 0).as("x = %d, m = %d", -v, m).isEqualTo(!wraps);
    }
    for (int row = 0; row < 256; row++) {
      int errors = 0;
      for (int i = 0; i < 256; i++) {
        errors += sign.get(256 * row + i) == row >= 128 ? 0 : 1;
      }
      assertThat(errors).isEqualTo(Math.abs(row - 128));
    }
  }

  /** Gates of a part of a tensor, with bits in their own positions. */
  @Test
  void parts() {
    int k = 32;
    RingTensor x = RingTensor.tabulate(Ring.Z64, new Shape(300), i -> i % 2 == 0 ? i : -i);
    RingTensor r = RingTensor.tabulate(Ring.Z64, new Shape(300), i -> random.nextLong());
    byte[] roots0 = Keys.roots(100, random);
    byte[] roots1 = Keys.roots(100, random);
    byte[] cw = new byte[DReluGate.correctionBytes(k, 100)];
    BitTensor c = BitTensor.zeros(100);
    DReluGate.generate(k, r, 101, 100, roots0, 0, roots1, 0, hash, cw, 0, c, 0);
    BitTensor share0 = BitTensor.zeros(300).not();
    BitTensor share1 = BitTensor.zeros(300).not();
    BitTensor none = BitTensor.zeros(100);
    RingTensor xhat = x.add(r);
    DReluGate.evaluate(0, k, xhat, 101, 100, roots0, 0, cw, 0, hash, c, 0, share0, 128);
    DReluGate.evaluate(1, k, xhat, 101, 100, roots1, 0, cw, 0, hash, none, 0, share1, 128);
    for (int i = 0; i < 300; i++) {
      boolean gate = i >= 128 && i < 228;
      assertThat(share0.get(i) ^ share1.get(i)).isEqualTo(gate && (101 + i - 128) % 2 == 0);
      assertThat(gate || share0.get(i)).isTrue();
    }
  }
}
