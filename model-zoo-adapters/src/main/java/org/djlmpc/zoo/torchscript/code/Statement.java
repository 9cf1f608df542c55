package org.djlmpc.zoo.torchscript.code;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A statement. */
public sealed interface Statement {
  /** The line of its source file on which it begins. */
  int line();

  /**
   * {@code a = b = value}.
   *
   * @param targets variables, attributes, subscripts, or tuples of them
   * @param value what they become
   * @param line its line
   */
  record Assign(List<Expression> targets, Expression value, int line) implements Statement {}

  /**
   * An expression whose value nobody needs.
   *
   * @param value the expression
   * @param line its line
   */
  record Evaluate(Expression value, int line) implements Statement {}

  /**
   * {@code if}.
   *
   * @param condition the condition
   * @param whenTrue what runs if it is true
   * @param whenFalse what runs if it is false
   * @param line its line
   */
  record If(Expression condition, List<Statement> whenTrue, List<Statement> whenFalse, int line)
      implements Statement {}

  /**
   * {@code for target in items}.
   *
   * @param target the variable
   * @param items what it runs over
   * @param body what is repeated
   * @param line its line
   */
  record For(Expression target, Expression items, List<Statement> body, int line)
      implements Statement {}

  /**
   * {@code while}.
   *
   * @param condition the condition
   * @param body what is repeated
   * @param line its line
   */
  record While(Expression condition, List<Statement> body, int line) implements Statement {}

  /**
   * {@code return}.
   *
   * @param value the value, or null for {@code None}
   * @param line its line
   */
  record Return(@Nullable Expression value, int line) implements Statement {}

  /**
   * {@code raise} and a failing {@code assert}.
   *
   * @param reason what it says, if anything
   * @param line its line
   */
  record Raise(@Nullable Expression reason, int line) implements Statement {}

  /**
   * {@code break} or {@code continue}.
   *
   * @param loopEnds whether the loop ends
   * @param line its line
   */
  record Leave(boolean loopEnds, int line) implements Statement {}
}
