package org.djlmpc.fss.vector;

import static jdk.incubator.vector.VectorOperators.ADD;
import static jdk.incubator.vector.VectorOperators.AND;
import static jdk.incubator.vector.VectorOperators.ASHR;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LSHR;
import static jdk.incubator.vector.VectorOperators.OR;
import static jdk.incubator.vector.VectorOperators.XOR;

import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorSpecies;
import org.djlmpc.fss.TreePasses;

/**
 * The passes on vectors of whole blocks, each block in two neighbouring lanes: lo, hi.
 *
 * <p>The lines are those of the plain passes, which also do the gates that fill no vector. Their
 * form follows from how they are compiled: a constant is loaded from an array before the loop,
 * because a vector that is a constant would be loaded in each round; shifts by one are additions,
 * because there are more adders than shifters; lanes are never exchanged, a word is loaded again
 * from its neighbour's place; and a pass has few operations, because beyond 18000 nodes the JIT
 * inlines none.
 */
public final class VectorTreePasses implements TreePasses {
  private static final VectorSpecies<Long> LONGS = LongVector.SPECIES_PREFERRED;
  private static final VectorSpecies<Byte> BYTES =
      VectorSpecies.of(byte.class, LONGS.vectorShape());
  private static final int LANES = LONGS.length();

  private static final long[] NONE = lanes(0, 0);
  private static final long[] ONE = lanes(1, 0);
  private static final long[] TWO = lanes(2, 0);
  private static final long[] LOW = lanes(-1, 0);
  private static final long[] SIGN = lanes(0, Long.MIN_VALUE);
  private static final long[] SEED = lanes(-1, -1L >>> 2);
  private static final long[] UPPER = lanes(-1L << 32, -1L << 32);

  /** Made by name. */
  public VectorTreePasses() {}

  private static long[] lanes(long lo, long hi) {
    long[] lanes = new long[LANES];
    for (int i = 0; i < LANES; i += 2) {
      lanes[i] = lo;
      lanes[i + 1] = hi;
    }
    return lanes;
  }

  @Override
  public String name() {
    return "vector, " + LONGS.vectorBitSize() + " bits";
  }

  @Override
  public int gatesAtOnce() {
    return LANES / 2;
  }

  @Override
  public void descend(
      byte[] in, byte[] out, byte[] cw, int cwOff, long[] state, int first, int end, boolean last) {
    LongVector low = load(LOW, 0);
    LongVector sign = load(SIGN, 0);
    LongVector seeds = load(SEED, 0);
    LongVector upper = load(UPPER, 0);
    LongVector right = load(last ? NONE : ONE, 0);
    LongVector leaf = load(last ? TWO : NONE, 0);
    for (int q = 2 * first; q < 2 * end; q += LANES) {
      int b = 8 * q;
      LongVector words = load(state, q);
      LongVector parent = select(low, words, load(state, q + 1)).lanewise(ASHR, 63);
      LongVector child =
          load(in, b)
              .lanewise(XOR, load(out, b))
              .lanewise(XOR, load(cw, cwOff + b).lanewise(AND, parent));
      LongVector shifted = words.lanewise(ADD, words);
      LongVector control = select(shifted, child, child.lanewise(ADD, child));
      LongVector rotated = shifted.lanewise(OR, words.lanewise(LSHR, 63));
      select(sign, rotated, control).intoArray(state, q);
      LongVector next = rotated.lanewise(AND, right).lanewise(XOR, leaf);
      store(sigma(child.lanewise(AND, seeds), upper).lanewise(XOR, next), in, b);
    }
  }

  @Override
  public void correct(
      byte[] in, byte[] out, byte[] cw, int cwOff, long[] state, int gates, int first, int end) {
    int run = 16 * gates;
    LongVector sign = load(SIGN, 0);
    LongVector seeds = load(SEED, 0);
    for (int q = 2 * first; q < 2 * end; q += LANES) {
      int b = 8 * q;
      LongVector words = load(state, q);
      LongVector a = words.lanewise(ADD, words).lanewise(ASHR, 63);
      LongVector both = load(in, b).lanewise(XOR, load(in, b + 2 * run));
      LongVector lefts = both.lanewise(XOR, load(out, b)).lanewise(XOR, load(out, b + 2 * run));
      LongVector rights =
          both.lanewise(XOR, load(out, b + run)).lanewise(XOR, load(out, b + 3 * run));
      LongVector lose = select(a, rights, lefts);
      LongVector control = select(sign, rights, lefts).lanewise(XOR, a).lanewise(XOR, sign);
      store(select(seeds, control, lose), cw, cwOff + b);
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
      long[] state,
      int sOff,
      int gates,
      int first,
      int end,
      boolean last) {
    int fromRight = from + 16 * gates;
    LongVector low = load(LOW, 0);
    LongVector one = load(ONE, 0);
    LongVector sign = load(SIGN, 0);
    LongVector seeds = load(SEED, 0);
    LongVector upper = load(UPPER, 0);
    LongVector tweak = load(last ? TWO : NONE, 0);
    for (int q = 2 * first; q < 2 * end; q += LANES) {
      int b = 8 * q;
      LongVector words = load(state, sOff + q);
      LongVector parent = select(low, words, load(state, sOff + q + 1)).lanewise(ASHR, 63);
      LongVector shifted = words.lanewise(ADD, words);
      LongVector a = shifted.lanewise(ASHR, 63);
      LongVector child =
          select(a, load(out, from + b), load(out, fromRight + b).lanewise(XOR, one))
              .lanewise(XOR, load(in, from + b))
              .lanewise(XOR, load(cw, cwOff + b).lanewise(AND, parent));
      LongVector control = select(a, child, child.lanewise(ADD, child));
      select(sign, shifted, control).intoArray(state, sOff + q);
      LongVector next = sigma(child.lanewise(AND, seeds), upper);
      store(next.lanewise(XOR, tweak), in, left + b);
      store(next.lanewise(XOR, one), in, right + b);
    }
  }

  /** The second where the mask has ones, else the first. */
  private static LongVector select(LongVector mask, LongVector first, LongVector second) {
    return first.lanewise(XOR, first.lanewise(XOR, second).lanewise(AND, mask));
  }

  private static LongVector sigma(LongVector seed, LongVector upper) {
    return seed.lanewise(LSHR, 32)
        .lanewise(XOR, seed.lanewise(LSHL, 32).lanewise(XOR, seed.lanewise(AND, upper)));
  }

  private static LongVector load(long[] words, int position) {
    return LongVector.fromArray(LONGS, words, position);
  }

  private static LongVector load(byte[] bytes, int offset) {
    return ByteVector.fromArray(BYTES, bytes, offset).reinterpretAsLongs();
  }

  private static void store(LongVector vector, byte[] bytes, int offset) {
    vector.reinterpretAsBytes().intoArray(bytes, offset);
  }
}
