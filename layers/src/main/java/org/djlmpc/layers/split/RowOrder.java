package org.djlmpc.layers.split;

import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.SplittableRandom;

/**
 * In which order the rows of an epoch are used: public, the same at all parties, made from a seed
 * that the coordinator announces.
 *
 * <p>The rows are cut into windows of consecutive rows; the windows are shuffled, and the rows
 * within each. With one window that is a shuffle of all rows. Memory is that of one window and one
 * number per window.
 */
public final class RowOrder implements Iterator<long[]> {
  private final long rows;
  private final int window;
  private final int batch;
  private final SplittableRandom random;
  private final boolean shuffled;
  private final int[] windows;
  private int[] current = new int[0];
  private long first;
  private int nextWindow;
  private int used;
  private long delivered;

  private RowOrder(long rows, int window, int batch, long seed, boolean shuffled) {
    this.rows = rows;
    this.window = window;
    this.batch = batch;
    this.shuffled = shuffled;
    random = new SplittableRandom(seed);
    windows = permutation(Math.toIntExact((rows + window - 1) / window));
  }

  /**
   * The order of an epoch.
   *
   * @param rows how many there are
   * @param window consecutive rows that are shuffled together
   * @param batch rows of a batch; the last one may have fewer
   * @param seed public
   */
  public static RowOrder shuffled(long rows, int window, int batch, long seed) {
    return new RowOrder(rows, window, batch, seed, true);
  }

  /** All rows as they come. */
  public static RowOrder sequential(long rows, int batch) {
    return new RowOrder(rows, 1 << 16, batch, 0, false);
  }

  /** How many batches there are. */
  public static int batches(long rows, int batch) {
    return Math.toIntExact((rows + batch - 1) / batch);
  }

  @Override
  public boolean hasNext() {
    return delivered < rows;
  }

  /** How many rows the next batch has. */
  int nextSize() {
    return (int) Math.min(batch, rows - delivered);
  }

  /** The numbers of the next batch's rows. */
  @Override
  public long[] next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    long[] numbers = new long[nextSize()];
    for (int i = 0; i < numbers.length; i++) {
      if (used == current.length) {
        advance();
      }
      numbers[i] = first + current[used++];
    }
    delivered += numbers.length;
    return numbers;
  }

  private void advance() {
    first = (long) windows[nextWindow++] * window;
    current = permutation((int) Math.min(window, rows - first));
    used = 0;
  }

  /** Fisher and Yates's shuffle, or no shuffle. */
  private int[] permutation(int size) {
    int[] numbers = new int[size];
    for (int i = 0; i < size; i++) {
      int j = shuffled ? random.nextInt(i + 1) : i;
      numbers[i] = numbers[j];
      numbers[j] = i;
    }
    return numbers;
  }
}
