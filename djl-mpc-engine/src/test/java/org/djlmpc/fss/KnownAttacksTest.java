package org.djlmpc.fss;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.OptionalLong;
import java.util.Random;
import org.djlmpc.crypto.FixedKeyHash;
import org.junit.jupiter.api.Test;

/**
 * What one party learns about alpha from its own key: everything, or parts, in three constructions
 * that look right (each is written out here), and nothing in ours, under the same attacks.
 */
class KnownAttacksTest {
  private static final int TRIALS = 300;
  private static final int LEVELS = 24;

  private final Random random = new Random(4);
  private final FixedKeyHash hash = FixedKeyHash.random();

  /** A seed and its control bit, or what corrects both. */
  private record State(long lo, long hi, long t) {
    State xor(State other) {
      return new State(lo ^ other.lo, hi ^ other.hi, t ^ other.t);
    }

    /** Corrected if the control bit of the parent is 1. */
    State corrected(State correction, long parent) {
      return parent == 0 ? this : xor(correction);
    }

    boolean isZero() {
      return (lo | hi | t) == 0;
    }
  }

  /** How much of a block's high half is the seed. */
  private final class Tree {
    private final long seedMask;

    Tree(long seedMask) {
      this.seedMask = seedMask;
    }

    State root(int party) {
      return new State(random.nextLong(), random.nextLong() & seedMask, party);
    }

    /** G: the left (0) or right (1) child, with the control bit in bit 127 or 126. */
    State child(State parent, int side) {
      byte[] seed = new byte[16];
      Blocks.set(seed, 0, parent.lo);
      Blocks.set(seed, 8, parent.hi);
      byte[] block = new byte[16];
      hash.hash(seed, 0, side, block, 0, 1);
      long hi = Blocks.get(block, 8);
      return new State(Blocks.get(block, 0), hi & seedMask, control(hi, side));
    }
  }

  private static long control(long hi, int side) {
    return hi >>> (63 - side) & 1;
  }

  private static int bit(long alpha, int level) {
    return (int) (alpha >>> (LEVELS - 1 - level)) & 1;
  }

  /**
   * AriaNN, algorithm 1, literally: cw = (s0^lose xor s1^lose || 1) on the side of alpha and 0 on
   * the other; CW = cw xor G(s0) xor G(s1).
   */
  private State[][] literalAriann(Tree tree, long alpha, State s0, State s1) {
    State[][] cw = new State[LEVELS][2];
    for (int i = 0; i < LEVELS; i++) {
      int keep = bit(alpha, i);
      State lose = tree.child(s0, 1 - keep).xor(tree.child(s1, 1 - keep));
      cw[i][1 - keep] = lose;
      State chosen = new State(lose.lo, lose.hi, 1);
      cw[i][keep] = chosen.xor(tree.child(s0, keep)).xor(tree.child(s1, keep));
      State next0 = tree.child(s0, keep).corrected(cw[i][keep], s0.t);
      s1 = tree.child(s1, keep).corrected(cw[i][keep], s1.t);
      s0 = next0;
    }
    return cw;
  }

  /**
   * Guesses the first bit; then the other party's state would be this party's, corrected by the
   * losing side's correction, and the guess is right if each further level shows one losing side.
   */
  private OptionalLong alphaFromOneKey(Tree tree, State root, State[][] cw) {
    for (int guess = 0; guess < 2; guess++) {
      State mine = tree.child(root, guess).corrected(cw[0][guess], root.t);
      State lose = cw[0][1 - guess];
      State other = mine.xor(new State(lose.lo, lose.hi, 1));
      long alpha = guess;
      boolean consistent = true;
      for (int i = 1; i < LEVELS && consistent; i++) {
        boolean leftLoses = tree.child(mine, 0).xor(tree.child(other, 0)).xor(cw[i][0]).isZero();
        boolean rightLoses = tree.child(mine, 1).xor(tree.child(other, 1)).xor(cw[i][1]).isZero();
        consistent = leftLoses != rightLoses;
        int keep = leftLoses ? 1 : 0;
        alpha = alpha << 1 | keep;
        State nextMine = tree.child(mine, keep).corrected(cw[i][keep], mine.t);
        other = tree.child(other, keep).corrected(cw[i][keep], other.t);
        mine = nextMine;
      }
      if (consistent) {
        return OptionalLong.of(alpha);
      }
    }
    return OptionalLong.empty();
  }

  /** Our key for one point, its correction words in the form that the attacks take. */
  private final class OurKey {
    final State[] roots;
    final State[][] cw = new State[LEVELS][2];
    final long leafHigh;

    OurKey(long alpha) {
      byte[][] bytes = {Keys.roots(1, random), Keys.roots(1, random)};
      roots = new State[] {root(bytes[0], 0), root(bytes[1], 1)};
      byte[] corrections = new byte[Dpf.correctionBytes(LEVELS + 7, 1)];
      long[] point = {alpha};
      Dpf.generate(LEVELS + 7, point, 0, 1, bytes[0], 0, bytes[1], 0, hash, corrections, 0);
      for (int i = 0; i < LEVELS; i++) {
        long lo = Blocks.get(corrections, 16 * i);
        long hi = Blocks.get(corrections, 16 * i + 8);
        for (int side = 0; side < 2; side++) {
          cw[i][side] = new State(lo, hi & Blocks.SEED, control(hi, side));
        }
      }
      leafHigh = Blocks.get(corrections, 16 * LEVELS + 8);
    }

    private State root(byte[] bytes, int party) {
      return new State(Blocks.get(bytes, 0), Blocks.get(bytes, 8) & Blocks.SEED, party);
    }
  }

  @Test
  void literalAriannKeysRevealAlphaAndOursDoNot() {
    Tree tree = new Tree(Blocks.SEED);
    int revealed = 0;
    int ours = 0;
    for (int trial = 0; trial < TRIALS; trial++) {
      int party = trial & 1;
      long alpha = random.nextLong() >>> (64 - LEVELS);
      State[] roots = {tree.root(0), tree.root(1)};
      State[][] literal = literalAriann(tree, alpha, roots[0], roots[1]);
      OptionalLong found = alphaFromOneKey(tree, roots[party], literal);
      revealed += found.isPresent() && found.getAsLong() == alpha ? 1 : 0;
      OurKey key = new OurKey(alpha << 7);
      ours += alphaFromOneKey(tree, key.roots[party], key.cw).isPresent() ? 1 : 0;
    }
    assertThat(revealed).isEqualTo(TRIALS);
    assertThat(ours).isZero();
  }

  /** The attack's test of a level is sound for our keys: with both keys it does find alpha. */
  @Test
  void bothKeysTogetherRevealAlpha() {
    Tree tree = new Tree(Blocks.SEED);
    long alpha = random.nextLong() >>> (64 - LEVELS);
    OurKey key = new OurKey(alpha << 7);
    State s0 = key.roots[0];
    State s1 = key.roots[1];
    for (int i = 0; i < LEVELS; i++) {
      int keep = bit(alpha, i);
      State lose = key.cw[i][1 - keep];
      assertThat(tree.child(s0, 1 - keep).xor(tree.child(s1, 1 - keep)).xor(lose).isZero())
          .isTrue();
      State next = tree.child(s0, keep).corrected(key.cw[i][keep], s0.t);
      s1 = tree.child(s1, keep).corrected(key.cw[i][keep], s1.t);
      s0 = next;
    }
  }

  /** Boyle, Gilboa, Ishai's corrections (2016), on seeds that keep what the tree's mask says. */
  private State[][] corrections(Tree tree, long alpha, State s0, State s1, State[] ends) {
    State[][] cw = new State[LEVELS][2];
    for (int i = 0; i < LEVELS; i++) {
      int keep = bit(alpha, i);
      State lose = tree.child(s0, 1 - keep).xor(tree.child(s1, 1 - keep));
      for (int side = 0; side < 2; side++) {
        long t = tree.child(s0, side).t ^ tree.child(s1, side).t ^ (side == keep ? 1 : 0);
        cw[i][side] = new State(lose.lo, lose.hi, t);
      }
      State next0 = tree.child(s0, keep).corrected(cw[i][keep], s0.t);
      s1 = tree.child(s1, keep).corrected(cw[i][keep], s1.t);
      s0 = next0;
    }
    ends[0] = s0;
    ends[1] = s1;
    return cw;
  }

  /**
   * Where a child's control bit stays in its seed, s_CW has t0^lose xor t1^lose in the losing
   * side's bit, and that is t_CW^lose: if just one side has its t_CW in its bit, that side loses.
   *
   * @return {levels that tell, levels that tell the truth}
   */
  private static int[] losingSides(State[][] cw, long alpha) {
    int told = 0;
    int right = 0;
    for (int i = 0; i < LEVELS; i++) {
      boolean left = control(cw[i][0].hi, 0) == cw[i][0].t;
      boolean both = left == (control(cw[i][1].hi, 1) == cw[i][1].t);
      told += both ? 0 : 1;
      right += !both && left == (bit(alpha, i) == 1) ? 1 : 0;
    }
    return new int[] {told, right};
  }

  @Test
  void controlBitsLeftInSeedsLeakBitsOfAlphaAndOursDoNot() {
    Tree uncleared = new Tree(-1);
    int[] weak = new int[2];
    int[] ours = new int[2];
    for (int trial = 0; trial < TRIALS; trial++) {
      long alpha = random.nextLong() >>> (64 - LEVELS);
      State s0 = uncleared.root(0);
      State s1 = uncleared.root(1);
      add(weak, losingSides(corrections(uncleared, alpha, s0, s1, new State[2]), alpha));
      add(ours, losingSides(new OurKey(alpha << 7).cw, alpha));
    }
    assertThat(weak[0]).isGreaterThan(TRIALS * LEVELS / 3);
    assertThat(weak[1]).isEqualTo(weak[0]);
    assertThat(ours[0]).isGreaterThan(TRIALS * LEVELS / 3);
    assertThat(deviations(ours[1], ours[0])).isLessThan(7);
  }

  /** Where the block of leaves is the stripped seed itself, its correction shows e_alpha there. */
  @Test
  void strippedSeedsAsLeavesLeakAlphaAndOursDoNot() {
    Tree tree = new Tree(Blocks.SEED);
    int right = 0;
    int oursRight = 0;
    for (int trial = 0; trial < TRIALS; trial++) {
      long prefix = random.nextLong() >>> (64 - LEVELS);
      int leaf = trial % 2 == 0 ? 127 : random.nextInt(127);
      State[] ends = new State[2];
      corrections(tree, prefix, tree.root(0), tree.root(1), ends);
      long weak = ends[0].hi ^ ends[1].hi ^ (leaf < 64 ? 0 : 1L << leaf);
      right += weak < 0 == (leaf == 127) ? 1 : 0;
      long ours = new OurKey(prefix << 7 | leaf).leafHigh;
      oursRight += ours < 0 == (leaf == 127) ? 1 : 0;
    }
    assertThat(right).isEqualTo(TRIALS);
    assertThat(deviations(oursRight, TRIALS)).isLessThan(7);
  }

  private static void add(int[] sums, int[] counts) {
    sums[0] += counts[0];
    sums[1] += counts[1];
  }

  private static double deviations(int ones, int count) {
    return Math.abs(ones - count / 2.0) / Math.sqrt(count / 4.0);
  }
}
