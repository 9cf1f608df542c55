package org.djlmpc.zoo;

import java.util.LinkedHashSet;
import java.util.Set;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;

/**
 * Every operator of a model that has no private form, collected so that a user learns of all of
 * them at once.
 */
public final class UnsupportedOperators {
  /** More lines than anybody reads. */
  private static final int MAX_SHOWN = 100;

  private final Set<String> lines = new LinkedHashSet<>();
  private final Set<String> possible = new LinkedHashSet<>();

  /**
   * Adds one.
   *
   * @param operator its name in the model
   * @param place where it is
   * @param instead the nearest supported operator, or what else to do
   */
  public void add(String operator, String place, String instead) {
    lines.add(operator + " at " + place + " (" + instead + ")");
  }

  /**
   * Adds one that may never run: which branch the model takes is unknown behind another operator
   * that is unsupported.
   *
   * @param operator its name in the model
   */
  public void addPossible(String operator) {
    possible.add(operator);
  }

  /** Whether there is none. */
  public boolean isEmpty() {
    return lines.isEmpty() && possible.isEmpty();
  }

  /** The error that names them all: UNSUPPORTED_OPERATOR. */
  public MpcException toException() {
    StringBuilder text = new StringBuilder("The model has operators that cannot run privately:");
    lines.stream().limit(MAX_SHOWN).forEach(line -> text.append("\n  ").append(line));
    if (lines.size() > MAX_SHOWN) {
      text.append("\n  and ").append(lines.size() - MAX_SHOWN).append(" more");
    }
    if (!possible.isEmpty()) {
      text.append("\n  and, where it is unknown which branch runs, perhaps ");
      text.append(String.join(", ", possible.stream().limit(MAX_SHOWN).toList()));
    }
    return new MpcException(
        ErrorCode.UNSUPPORTED_OPERATOR,
        text.toString(),
        "\nReplace them in the model and export it again.");
  }
}
