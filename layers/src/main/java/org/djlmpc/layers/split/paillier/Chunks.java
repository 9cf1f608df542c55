package org.djlmpc.layers.split.paillier;

/**
 * How the values of a batch are divided into frames.
 *
 * @param packing how values share ciphertexts
 * @param total all values of the batch
 */
record Chunks(Packing packing, int total) {
  /** Ciphertexts of a frame: enough for every core, few enough that no party waits for long. */
  private static final int CIPHERTEXTS = 64;

  /** Number of frames. */
  int count() {
    return (total + full() - 1) / full();
  }

  /** The first value of a frame. */
  int from(int chunk) {
    return chunk * full();
  }

  /** Values in a frame. */
  int values(int chunk) {
    return Math.min(full(), total - from(chunk));
  }

  private int full() {
    return CIPHERTEXTS * packing.slots();
  }
}
