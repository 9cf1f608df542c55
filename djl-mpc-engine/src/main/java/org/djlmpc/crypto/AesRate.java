package org.djlmpc.crypto;

import java.util.concurrent.TimeUnit;

/**
 * How fast this machine encrypts: the figure that the speed of function secret sharing is compared
 * with.
 */
public final class AesRate {
  private static final int PIECE = 1 << 14;

  private AesRate() {}

  /**
   * Blocks per second of AES-128/ECB under one key on one core, from one array to another; takes
   * about 0.3 s.
   */
  public static double blocksPerSecond() {
    FixedKeyHash warmUp = FixedKeyHash.random();
    byte[] src = new byte[PIECE];
    byte[] dst = new byte[PIECE];
    measure(warmUp, src, dst, TimeUnit.MILLISECONDS.toNanos(100));
    return measure(FixedKeyHash.random(), src, dst, TimeUnit.MILLISECONDS.toNanos(200));
  }

  private static double measure(FixedKeyHash hash, byte[] src, byte[] dst, long nanos) {
    int perCall = PIECE / FixedKeyHash.BLOCK;
    long start = System.nanoTime();
    long blocks = 0;
    long elapsed;
    do {
      hash.permute(src, 0, dst, 0, perCall);
      blocks += perCall;
      elapsed = System.nanoTime() - start;
    } while (elapsed < nanos && blocks + perCall <= FixedKeyHash.MAX_BLOCKS);
    return blocks * 1e9 / elapsed;
  }
}
