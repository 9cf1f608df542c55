package org.djlmpc.crypto;

import java.util.concurrent.TimeUnit;

/** How fast this machine encrypts: the figure that function secret sharing is compared with. */
public final class AesRate {
  private static final int PIECE = 1 << 14;
  private static final int BLOCKS = PIECE / FixedKeyHash.BLOCK;
  private static final long WINDOW_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
  private static final int SETTLED_WINDOWS = 20;
  private static final int MOST_WINDOWS = 300;

  private AesRate() {}

  /**
   * Blocks per second of AES-128/ECB under one key on one core, from one array to another.
   *
   * <p>The best of many windows of 10 ms, until 20 in a row are no better: at first the JDK's loop
   * is not compiled yet, and later other processes take their share. Takes about 0.3 s, at most 3.
   */
  public static double blocksPerSecond() {
    byte[] src = new byte[PIECE];
    byte[] dst = new byte[PIECE];
    double best = 0;
    int settled = 0;
    for (int i = 0; i < MOST_WINDOWS && settled < SETTLED_WINDOWS; i++) {
      double rate = window(src, dst);
      settled = rate > 1.05 * best ? 0 : settled + 1;
      best = Math.max(best, rate);
    }
    return best;
  }

  private static double window(byte[] src, byte[] dst) {
    FixedKeyHash hash = FixedKeyHash.random();
    long start = System.nanoTime();
    long blocks = 0;
    long elapsed;
    do {
      hash.permute(src, 0, dst, 0, BLOCKS);
      blocks += BLOCKS;
      elapsed = System.nanoTime() - start;
    } while (elapsed < WINDOW_NANOS);
    return blocks * 1e9 / elapsed;
  }
}
