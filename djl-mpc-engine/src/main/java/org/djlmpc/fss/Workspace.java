package org.djlmpc.fss;

import static org.djlmpc.fss.Blocks.BLOCK;

import java.util.Arrays;

/**
 * What a thread needs to walk a chunk of trees; small enough to stay in the processor's cache.
 *
 * <p>Kept per thread, since chunks are many, and wiped after each call, since seeds pass through.
 */
final class Workspace {
  /**
   * Trees walked at once: a multiple of 64, so that packed bits of a chunk are whole words; no
   * multiple of 256, so that the runs of blocks do not fall on the same lines of the cache.
   */
  static final int GATES = 384;

  private static final int MAX_RUNS = 8;
  private static final ThreadLocal<Workspace> PER_THREAD = ThreadLocal.withInitial(Workspace::new);

  /** AES inputs and outputs: up to eight runs of one block per gate. */
  final byte[] in = new byte[MAX_RUNS * GATES * BLOCK];

  final byte[] out = new byte[MAX_RUNS * GATES * BLOCK];

  /** The points of the gates. */
  final long[] points = new long[GATES];

  /**
   * Point functions: two words a gate as {@link TreePasses} wants them, in generation first party
   * 0's, then party 1's. Comparison functions: a gate's control bit as a mask.
   */
  final long[] state = new long[4 * GATES + 1];

  /** Sums of payloads, two words a gate. */
  final long[] sums = new long[2 * GATES];

  /** Results, packed. */
  final long[] bits = new long[GATES / 64];

  static Workspace ofThread() {
    return PER_THREAD.get();
  }

  /** Takes points, modulo 2^domainBits. */
  void takePoints(long[] from, int offset, int domainBits, int gates) {
    long mask = -1L >>> (64 - domainBits);
    for (int g = 0; g < gates; g++) {
      points[g] = from[offset + g] & mask;
    }
  }

  /** Whether another holds the same AES inputs and state: for self-tests. */
  boolean sameAs(Workspace other) {
    return Arrays.equals(in, other.in) && Arrays.equals(state, other.state);
  }

  /** Erases what a call with that many gates may have left. */
  void wipe(int gates) {
    int used = Math.min(gates, GATES);
    Arrays.fill(in, 0, MAX_RUNS * used * BLOCK, (byte) 0);
    Arrays.fill(out, 0, MAX_RUNS * used * BLOCK, (byte) 0);
    Arrays.fill(points, 0, used, 0);
    Arrays.fill(state, 0, 4 * used, 0);
    Arrays.fill(sums, 0, 2 * used, 0);
    Arrays.fill(bits, 0);
  }
}
