package org.djlmpc.zoo.torchscript.code;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** An expression. Types are expressions too. */
public sealed interface Expression {
  /** The line of its source file on which it begins. */
  int line();

  /**
   * A number, truth value, string or {@code None}.
   *
   * @param value a Long, Double, Boolean or String; null is {@code None}
   * @param line its line
   */
  record Literal(@Nullable Object value, int line) implements Expression {}

  /**
   * A variable.
   *
   * @param name its name
   * @param line its line
   */
  record Variable(String name, int line) implements Expression {}

  /**
   * A name that begins with {@code torch}, {@code ops}, {@code __torch__} or {@code CONSTANTS}.
   *
   * @param name all of it, such as {@code torch.conv2d}
   * @param line its line
   */
  record Qualified(String name, int line) implements Expression {}

  /**
   * {@code target.name}.
   *
   * @param target what has the attribute
   * @param name the attribute
   * @param line its line
   */
  record Attribute(Expression target, String name, int line) implements Expression {}

  /**
   * A call.
   *
   * @param function what is called
   * @param arguments the arguments without name
   * @param named the arguments with name
   * @param line its line
   */
  record Call(Expression function, List<Expression> arguments, List<Named> named, int line)
      implements Expression {}

  /**
   * An argument with its name.
   *
   * @param name its name
   * @param value its value
   */
  record Named(String name, Expression value) {}

  /**
   * {@code [a, b]}.
   *
   * @param items the items
   * @param line its line
   */
  record ListOf(List<Expression> items, int line) implements Expression {}

  /**
   * {@code (a, b)}.
   *
   * @param items the items
   * @param line its line
   */
  record TupleOf(List<Expression> items, int line) implements Expression {}

  /**
   * {@code {key: value}}.
   *
   * @param keys the keys
   * @param values their values
   * @param line its line
   */
  record DictionaryOf(List<Expression> keys, List<Expression> values, int line)
      implements Expression {}

  /**
   * {@code target[index]}.
   *
   * @param target what is indexed
   * @param index the index, a {@link Range} or several in a {@link TupleOf}
   * @param line its line
   */
  record Subscript(Expression target, Expression index, int line) implements Expression {}

  /**
   * {@code begin:end:step} between brackets.
   *
   * @param begin first index
   * @param end index after the last
   * @param step distance
   * @param line its line
   */
  record Range(
      @Nullable Expression begin, @Nullable Expression end, @Nullable Expression step, int line)
      implements Expression {}

  /**
   * An operator between or before operands.
   *
   * @param operator {@code not}, {@code and}, {@code or}, {@code is}, {@code is not}, {@code in},
   *     {@code not in}, a comparison or an arithmetic sign
   * @param operands one or two
   * @param line its line
   */
  record Operation(String operator, List<Expression> operands, int line) implements Expression {}

  /**
   * {@code a if condition else b}.
   *
   * @param condition the condition
   * @param whenTrue its value if true
   * @param whenFalse its value if false
   * @param line its line
   */
  record Choice(Expression condition, Expression whenTrue, Expression whenFalse, int line)
      implements Expression {}
}
