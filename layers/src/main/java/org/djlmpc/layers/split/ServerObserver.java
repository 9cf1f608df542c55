package org.djlmpc.layers.split;

/**
 * Told everything that the server sees in plaintext, to measure what it gives away. Runs on the
 * server's thread; arrays are valid during the call.
 */
public interface ServerObserver {
  /** Looks away. */
  ServerObserver NOBODY = new ServerObserver() {};

  /**
   * h1 of a batch.
   *
   * @param step which batch
   * @param rows numbers of its rows, which are public
   * @param h1 (rows, width)
   * @param training whether a gradient follows
   */
  default void forward(Step step, long[] rows, float[] h1, boolean training) {}

  /**
   * hL of a batch, which the server sends to the label holder.
   *
   * @param step which batch
   * @param rows numbers of its rows
   * @param hidden hL, (rows, hidden width)
   * @param training whether a gradient follows
   */
  default void toLabelHolder(Step step, long[] rows, float[] hidden, boolean training) {}

  /**
   * The gradient that the label holder sent, after its defence.
   *
   * @param step which batch
   * @param rows numbers of its rows
   * @param gradient for hL, (rows, hidden width)
   */
  default void backward(Step step, long[] rows, float[] gradient) {}

  /**
   * The gradient that the server sends to the holders.
   *
   * @param step which batch
   * @param rows numbers of its rows
   * @param gradient for h1, (rows, width)
   */
  default void toHolders(Step step, long[] rows, float[] gradient) {}
}
