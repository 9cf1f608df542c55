package org.djlmpc.layers.split;

/**
 * What the label holder makes of the epochs so far, for early stopping.
 *
 * @param stop whether there is to be no further epoch
 * @param best the epoch with the smallest validation loss; 0 if nobody wants to go back to it
 */
record Verdict(boolean stop, int best) {
  /** Of parties without labels, and without early stopping. */
  static final Verdict NONE = new Verdict(false, 0);
}
