package org.djlmpc.layers.split.leakage;

import java.util.Arrays;
import org.djlmpc.layers.split.ServerObserver;
import org.djlmpc.layers.split.Step;

/**
 * Keeps what the server saw of each training row last: h1, hL which it sent to the label holder,
 * the gradient for hL that came back, and the gradient for h1 that the holders get. So it has all
 * that any party sees of others.
 *
 * <p>Keeps all rows up to a bound, and of those beyond it nothing.
 */
public final class ServerView implements ServerObserver {
  private final int rows;
  private float[] h1 = {};
  private float[] hidden = {};
  private float[] hiddenGradient = {};
  private float[] firstGradient = {};

  /** A view of rows 0 to {@code rows - 1}. */
  public ServerView(int rows) {
    this.rows = rows;
  }

  @Override
  public void forward(Step step, long[] numbers, float[] seen, boolean training) {
    if (training) {
      h1 = keep(h1, numbers, seen);
    }
  }

  @Override
  public void toLabelHolder(Step step, long[] numbers, float[] seen, boolean training) {
    if (training) {
      hidden = keep(hidden, numbers, seen);
    }
  }

  @Override
  public void backward(Step step, long[] numbers, float[] gradient) {
    hiddenGradient = keep(hiddenGradient, numbers, gradient);
  }

  @Override
  public void toHolders(Step step, long[] numbers, float[] gradient) {
    firstGradient = keep(firstGradient, numbers, gradient);
  }

  private float[] keep(float[] kept, long[] numbers, float[] seen) {
    int width = seen.length / Math.max(1, numbers.length);
    float[] all = kept.length == 0 ? new float[Math.multiplyExact(rows, width)] : kept;
    for (int i = 0; i < numbers.length; i++) {
      if (numbers[i] < rows) {
        System.arraycopy(seen, i * width, all, (int) numbers[i] * width, width);
      }
    }
    return all;
  }

  /** h1 of each row, when it was trained last. */
  public Rows h1() {
    return rows(h1);
  }

  /** hL of each row, which the label holder gets. */
  public Rows hidden() {
    return rows(hidden);
  }

  /** The gradient for hL of each row, after the label holder's defence. */
  public Rows hiddenGradient() {
    return rows(hiddenGradient);
  }

  /** The gradient for h1 of each row, which the holders get. */
  public Rows firstGradient() {
    return rows(firstGradient);
  }

  private Rows rows(float[] values) {
    return new Rows(Math.max(1, values.length / Math.max(1, rows)), values);
  }

  /** Erases everything. */
  public void erase() {
    Arrays.fill(h1, 0);
    Arrays.fill(hidden, 0);
    Arrays.fill(hiddenGradient, 0);
    Arrays.fill(firstGradient, 0);
  }
}
