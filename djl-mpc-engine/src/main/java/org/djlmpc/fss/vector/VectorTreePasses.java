package org.djlmpc.fss.vector;

import static jdk.incubator.vector.VectorOperators.ADD;
import static jdk.incubator.vector.VectorOperators.AND;
import static jdk.incubator.vector.VectorOperators.ASHR;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LSHR;
import static jdk.incubator.vector.VectorOperators.OR;
import static jdk.incubator.vector.VectorOperators.ROR;
import static jdk.incubator.vector.VectorOperators.XOR;

import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;
import org.djlmpc.fss.ScalarTreePasses;
import org.djlmpc.fss.TreePasses;

/**
 * The passes on vectors of whole blocks, each block in two neighbouring lanes: lo, hi.
 *
 * <p>The lines are those of {@link ScalarTreePasses}, which also does the gates that fill no
 * vector.
 */
public final class VectorTreePasses implements TreePasses {
  private static final VectorSpecies<Long> LONGS = LongVector.SPECIES_PREFERRED;
  private static final VectorSpecies<Byte> BYTES =
      VectorSpecies.of(byte.class, LONGS.vectorShape());
  private static final int LANES = LONGS.length();
  private static final int BYTES_PER_VECTOR = 8 * LANES;
  private static final int GATES_PER_VECTOR = LANES / 2;

  private static final LongVector ONE = inLow(1);
  private static final LongVector TWO = inLow(2);
  private static final LongVector CONTROL = inLow(3);
  private static final LongVector FIRST = inLow(-1);
  private static final LongVector SEED = CONTROL.not();
  private static final LongVector SIXTY_THREE = LongVector.broadcast(LONGS, 63);
  private static final LongVector HIGH = LongVector.broadcast(LONGS, 0xffff_ffff_0000_0000L);
  private static final VectorShuffle<Long> LOW = VectorShuffle.fromOp(LONGS, i -> i & -2);

  /** Made by name. */
  public VectorTreePasses() {}

  private static LongVector inLow(long value) {
    long[] lanes = new long[LANES];
    for (int i = 0; i < LANES; i += 2) {
      lanes[i] = value;
    }
    return LongVector.fromArray(LONGS, lanes, 0);
  }

  @Override
  public String name() {
    return "vector, " + LONGS.vectorBitSize() + " bits";
  }

  @Override
  public void descend(
      byte[] in,
      byte[] out,
      byte[] cw,
      int cwOff,
      long[] y,
      long[] t,
      int gates,
      int bit,
      long tweak) {
    int whole = gates / GATES_PER_VECTOR * GATES_PER_VECTOR;
    descendWhole(in, out, cw, cwOff, y, t, whole, bit, tweak);
    if (whole < gates) {
      ScalarTreePasses.descend(in, out, cw, cwOff, y, t, whole, gates, bit, tweak);
    }
  }

  private static void descendWhole(
      byte[] in,
      byte[] out,
      byte[] cw,
      int cwOff,
      long[] y,
      long[] t,
      int gates,
      int bit,
      long tweak) {
    int shift = 63 - bit;
    int nextShift = bit - 1 - Long.numberOfTrailingZeros(tweak);
    LongVector tweaks = CONTROL.lanewise(AND, tweak);
    for (int q = 0, b = 0; q < 2 * gates; q += LANES, b += BYTES_PER_VECTOR) {
      LongVector point = LongVector.fromArray(LONGS, y, q);
      LongVector bits = point.lanewise(LSHL, shift).lanewise(ASHR, 63);
      LongVector state = LongVector.fromArray(LONGS, t, q);
      LongVector parent = state.rearrange(LOW);
      LongVector correction = load(cw, cwOff + b).lanewise(AND, parent);
      LongVector child = load(in, b).lanewise(XOR, load(out, b)).lanewise(XOR, correction);
      LongVector control = control(child, bits);
      LongVector turned = state.lanewise(XOR, parent.lanewise(AND, bits));
      turned.lanewise(XOR, turned.lanewise(XOR, control).lanewise(AND, FIRST)).intoArray(t, q);
      LongVector next = point.lanewise(LSHR, nextShift).lanewise(AND, tweaks);
      store(sigma(child).lanewise(XOR, next), in, b);
    }
  }

  @Override
  public void correct(
      byte[] in, byte[] out, byte[] cw, int cwOff, long[] alpha, int gates, int bit) {
    int whole = gates / GATES_PER_VECTOR * GATES_PER_VECTOR;
    correctWhole(in, out, cw, cwOff, alpha, gates * 16, whole, bit);
    if (whole < gates) {
      ScalarTreePasses.correct(in, out, cw, cwOff, alpha, gates, whole, gates, bit);
    }
  }

  private static void correctWhole(
      byte[] in, byte[] out, byte[] cw, int cwOff, long[] alpha, int run, int gates, int bit) {
    int shift = 63 - bit;
    for (int q = 0, b = 0; q < 2 * gates; q += LANES, b += BYTES_PER_VECTOR) {
      LongVector a = LongVector.fromArray(LONGS, alpha, q).lanewise(LSHL, shift).lanewise(ASHR, 63);
      LongVector both = load(in, b).lanewise(XOR, load(in, b + 2 * run));
      LongVector lefts = both.lanewise(XOR, load(out, b)).lanewise(XOR, load(out, b + 2 * run));
      LongVector rights =
          both.lanewise(XOR, load(out, b + run)).lanewise(XOR, load(out, b + 3 * run));
      LongVector seed =
          rights.lanewise(XOR, lefts.lanewise(XOR, rights).lanewise(AND, a)).lanewise(AND, SEED);
      LongVector left = lefts.lanewise(XOR, a).lanewise(XOR, ONE).lanewise(AND, ONE);
      LongVector right = rights.lanewise(XOR, a).lanewise(AND, TWO);
      store(seed.lanewise(OR, left).lanewise(OR, right), cw, cwOff + b);
    }
  }

  @Override
  public void keep(
      byte[] in,
      byte[] out,
      int from,
      int left,
      int right,
      byte[] cw,
      int cwOff,
      long[] alpha,
      long[] t,
      int tOff,
      int gates,
      int bit,
      long tweak) {
    int whole = gates / GATES_PER_VECTOR * GATES_PER_VECTOR;
    int run = gates * 16;
    keepWhole(in, out, from, run, left, right, cw, cwOff, alpha, t, tOff, whole, bit, tweak);
    if (whole < gates) {
      ScalarTreePasses.keep(
          in, out, from, left, right, cw, cwOff, alpha, t, tOff, gates, whole, gates, bit, tweak);
    }
  }

  private static void keepWhole(
      byte[] in,
      byte[] out,
      int from,
      int run,
      int left,
      int right,
      byte[] cw,
      int cwOff,
      long[] alpha,
      long[] t,
      int tOff,
      int gates,
      int bit,
      long tweak) {
    int shift = 63 - bit;
    LongVector tweaks = CONTROL.lanewise(AND, tweak);
    for (int q = 0, b = 0; q < 2 * gates; q += LANES, b += BYTES_PER_VECTOR) {
      LongVector a = LongVector.fromArray(LONGS, alpha, q).lanewise(LSHL, shift).lanewise(ASHR, 63);
      LongVector correction =
          load(cw, cwOff + b).lanewise(AND, LongVector.fromArray(LONGS, t, tOff + q));
      LongVector lefts = load(out, from + b);
      LongVector rights = load(out, from + run + b);
      LongVector child =
          lefts
              .lanewise(XOR, lefts.lanewise(XOR, rights).lanewise(AND, a))
              .lanewise(XOR, load(in, from + b))
              .lanewise(XOR, a.lanewise(AND, ONE))
              .lanewise(XOR, correction);
      control(child, a).rearrange(LOW).intoArray(t, tOff + q);
      LongVector next = sigma(child);
      store(next.lanewise(XOR, tweaks), in, left + b);
      store(next.lanewise(XOR, ONE), in, right + b);
    }
  }

  /** The child's control bit, bit 0 or 1 by the direction, as a mask in the first lane. */
  private static LongVector control(LongVector child, LongVector direction) {
    return child.lanewise(LSHL, direction.lanewise(ADD, SIXTY_THREE)).lanewise(ASHR, 63);
  }

  /** sigma of the seed in a block. */
  private static LongVector sigma(LongVector child) {
    LongVector seed = child.lanewise(AND, SEED);
    return seed.lanewise(ROR, 32).lanewise(XOR, seed.lanewise(AND, HIGH));
  }

  private static LongVector load(byte[] bytes, int offset) {
    return ByteVector.fromArray(BYTES, bytes, offset).reinterpretAsLongs();
  }

  private static void store(LongVector vector, byte[] bytes, int offset) {
    vector.reinterpretAsBytes().intoArray(bytes, offset);
  }
}
