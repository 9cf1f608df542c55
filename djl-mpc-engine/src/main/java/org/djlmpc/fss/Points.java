package org.djlmpc.fss;

/** Where a chunk's points come from. */
@FunctionalInterface
interface Points {
  /** Writes the points of gates {@code from} to {@code from + gates} to the beginning of dst. */
  void read(int from, int gates, long[] dst);
}
