package org.djlmpc.cli;

import java.io.PrintStream;
import java.util.function.LongSupplier;

/**
 * Shows on standard error how far a long computation is: steps done, bytes, time left.
 *
 * <p>On a terminal one line is rewritten in place, at most ten times a second. Elsewhere, as in a
 * log, a line is printed about every ten percent. Standard output stays free for results. Any
 * thread may report progress.
 */
final class ProgressBar implements AutoCloseable {

  private static final int WIDTH = 24;
  private static final long REDRAW_NANOS = 100_000_000;

  private final PrintStream out;
  private final boolean terminal;
  private final LongSupplier nanoTime;
  private final String task;
  private final String unit;
  private final long total;
  private final long start;

  private long done;
  private long bytes;
  private long lastDrawn;
  private int lastLength;
  private long nextTenth;
  private boolean closed;

  /**
   * Starts a bar on standard error.
   *
   * @param task what is going on, such as {@code online}
   * @param unit what is counted, in the plural, such as {@code layers}
   * @param total how many there will be, at least one
   */
  static ProgressBar start(String task, String unit, long total) {
    return new ProgressBar(
        System.err, Terminal.isStandardError(), System::nanoTime, task, unit, total);
  }

  ProgressBar(
      PrintStream out,
      boolean terminal,
      LongSupplier nanoTime,
      String task,
      String unit,
      long total) {
    this.out = out;
    this.terminal = terminal;
    this.nanoTime = nanoTime;
    this.task = task;
    this.unit = unit;
    this.total = Math.max(1, total);
    this.start = nanoTime.getAsLong();
    this.lastDrawn = start - REDRAW_NANOS;
    this.nextTenth = 1;
    if (terminal) {
      draw();
    }
  }

  /** One more step is done, which moved this many bytes. */
  synchronized void step(long moreBytes) {
    update(done + 1, bytes + moreBytes);
  }

  /**
   * Sets how far the computation is.
   *
   * @param done steps done so far
   * @param bytes bytes moved so far; none are shown while there are none
   */
  synchronized void update(long done, long bytes) {
    if (closed) {
      return;
    }
    this.done = Math.min(Math.max(done, 0), total);
    this.bytes = bytes;
    if (terminal) {
      if (nanoTime.getAsLong() - lastDrawn >= REDRAW_NANOS) {
        draw();
      }
    } else if (this.done * 10 >= nextTenth * total) {
      out.println(line());
      nextTenth = this.done * 10 / total + 1;
    }
  }

  /** Ends the bar where it is: a computation that failed half-way shows half a bar. */
  @Override
  public synchronized void close() {
    if (!closed && terminal) {
      draw();
      out.println();
    }
    closed = true;
  }

  private void draw() {
    String line = bar() + line();
    // Blanks over the rest of a longer line before.
    out.print("\r" + line + " ".repeat(Math.max(0, lastLength - line.length())));
    out.flush();
    lastLength = line.length();
    lastDrawn = nanoTime.getAsLong();
  }

  private String bar() {
    int filled = (int) (done * WIDTH / total);
    return "[" + "#".repeat(filled) + ".".repeat(WIDTH - filled) + "] ";
  }

  private String line() {
    StringBuilder line = new StringBuilder(80);
    line.append(task).append(": ").append(done).append('/').append(total).append(' ').append(unit);
    line.append(", ").append(done * 100 / total).append(" %");
    if (bytes > 0) {
      line.append(", ").append(Quantities.bytes(bytes));
    }
    double elapsed = (nanoTime.getAsLong() - start) * 1e-9;
    if (done == total) {
      line.append(", ").append(Quantities.seconds(elapsed));
    } else if (done > 0) {
      double left = elapsed * (total - done) / done;
      line.append(", ").append(Quantities.seconds(left)).append(" left");
    }
    return line.toString();
  }
}
