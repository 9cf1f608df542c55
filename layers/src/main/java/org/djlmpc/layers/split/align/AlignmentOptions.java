package org.djlmpc.layers.split.align;

import java.util.function.DoubleConsumer;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;
import org.djlmpc.session.DisclosureLog;

/**
 * What a holder chooses for itself in an alignment.
 *
 * @param padTo this holder's number of rows is rounded up to a multiple of this before a peer
 *     learns it; the rows added match nothing
 * @param progress hears which part of the work is done, from 0 to 1, on the thread that aligns
 * @param log gets an entry for everything that this holder lets others learn
 */
public record AlignmentOptions(int padTo, DoubleConsumer progress, DisclosureLog log) {
  /** Checks the numbers. */
  public AlignmentOptions {
    if (padTo < 1) {
      throw new MpcException(
          ErrorCode.ARGUMENT,
          "Numbers of rows cannot be rounded to multiples of " + padTo + ".",
          "Give at least 1, which means: not at all.");
    }
  }

  /** The exact number of rows is told, nobody listens, and a log of its own is kept. */
  public static AlignmentOptions standard() {
    return new AlignmentOptions(1, part -> {}, new DisclosureLog());
  }

  /** The same with another rounding of the number of rows. */
  public AlignmentOptions withPadTo(int multiple) {
    return new AlignmentOptions(multiple, progress, log);
  }

  /** The same with another listener. */
  public AlignmentOptions withProgress(DoubleConsumer listener) {
    return new AlignmentOptions(padTo, listener, log);
  }

  /** The same with another log. */
  public AlignmentOptions withLog(DisclosureLog other) {
    return new AlignmentOptions(padTo, progress, other);
  }

  int padded(int rows) {
    return (int) Math.min(Identifiers.MAX, ((long) rows + padTo - 1) / padTo * padTo);
  }
}
