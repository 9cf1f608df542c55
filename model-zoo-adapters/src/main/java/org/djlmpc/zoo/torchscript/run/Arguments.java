package org.djlmpc.zoo.torchscript.run;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.djlmpc.error.MpcException;
import org.djlmpc.zoo.ModelErrors;
import org.djlmpc.zoo.Partial;
import org.djlmpc.zoo.PartialOperators;
import org.jspecify.annotations.Nullable;

/** The arguments of an operator, by position or by name, checked as they are taken. */
public final class Arguments {
  private final String operator;
  private final List<Value> positional;
  private final Map<String, Value> named;
  private final PartialOperators operators;
  private final Budget budget;

  Arguments(
      String operator,
      List<Value> positional,
      Map<String, Value> named,
      PartialOperators operators,
      Budget budget) {
    this.operator = operator;
    this.positional = positional;
    this.named = named;
    this.operators = operators;
    this.budget = budget;
  }

  /** The operator's name. */
  public String operator() {
    return operator;
  }

  /** What computes or records. */
  public PartialOperators operators() {
    return operators;
  }

  /** Takes steps for something large. */
  public void charge(long steps) {
    budget.charge(steps);
  }

  /** How many arguments have no name. */
  public int count() {
    return positional.size();
  }

  /** The same arguments for another operator. */
  public Arguments as(String other) {
    return new Arguments(other, positional, named, operators, budget);
  }

  /** An argument; {@code None} if it is not given. */
  public Value value(int position, String name) {
    if (position < positional.size()) {
      return positional.get(position);
    }
    return named.getOrDefault(name, Value.Single.NONE);
  }

  /** Whether an argument is given and not {@code None}. */
  public boolean has(int position, String name) {
    return value(position, name) != Value.Single.NONE;
  }

  /** Whether an argument is a tensor. */
  public boolean isTensor(int position) {
    return position < positional.size() && positional.get(position) instanceof TensorValue;
  }

  /** Whether an argument is a list or a tuple. */
  public boolean isSequence(int position) {
    return position < positional.size() && items(positional.get(position)).isPresent();
  }

  /** Whether an argument is an integer. */
  public boolean isInteger(int position) {
    return position < positional.size() && positional.get(position) instanceof Value.Int;
  }

  /** Whether an argument is a string. */
  public boolean isText(int position) {
    return position < positional.size() && positional.get(position) instanceof Value.Text;
  }

  /** The cell of a tensor. */
  public TensorValue cell(int position) {
    if (value(position, "") instanceof TensorValue tensor) {
      return tensor;
    }
    throw wrong(position, "no tensor");
  }

  /** A tensor; a number becomes one. */
  public Partial tensor(int position, String name) {
    return tensor(value(position, name), position);
  }

  /** A tensor, or null if it is not given. */
  public @Nullable Partial optionalTensor(int position, String name) {
    return has(position, name) ? tensor(position, name) : null;
  }

  /** The tensors of a list. */
  public List<Partial> tensors(int position, String name) {
    List<Value> items =
        items(value(position, name)).orElseThrow(() -> wrong(position, "no list of tensors"));
    charge(items.size());
    List<Partial> tensors = new ArrayList<>();
    for (Value item : items) {
      tensors.add(tensor(item, position));
    }
    return tensors;
  }

  private Partial tensor(Value value, int position) {
    if (value instanceof TensorValue tensor) {
      return tensor.read(operators);
    }
    return Numbers.tensor(value).orElseThrow(() -> wrong(position, "no tensor"));
  }

  /** An integer. */
  public long integer(int position, String name) {
    return integer(value(position, name), position);
  }

  /** An integer, or what it is where it is not given. */
  public long integer(int position, String name, long otherwise) {
    return has(position, name) ? integer(position, name) : otherwise;
  }

  /** An integer that fits the lengths of Java. */
  public int small(int position, String name) {
    return small(integer(position, name), position);
  }

  /** An integer that fits the lengths of Java, or what it is where it is not given. */
  public int small(int position, String name, int otherwise) {
    return has(position, name) ? small(position, name) : otherwise;
  }

  private int small(long value, int position) {
    if (value != (int) value) {
      throw wrong(position, "the number " + value);
    }
    return (int) value;
  }

  private long integer(Value value, int position) {
    return Numbers.number(value, operators)
        .filter(number -> number instanceof Long)
        .orElseThrow(() -> wrong(position, "no integer"))
        .longValue();
  }

  /** A real number; an integer becomes one. */
  public double real(int position, String name) {
    return Numbers.number(value(position, name), operators)
        .orElseThrow(() -> wrong(position, "no number"))
        .doubleValue();
  }

  /** A real number, or what it is where it is not given. */
  public double real(int position, String name, double otherwise) {
    return has(position, name) ? real(position, name) : otherwise;
  }

  /** A truth value, or what it is where it is not given. */
  public boolean flag(int position, String name, boolean otherwise) {
    if (!has(position, name)) {
      return otherwise;
    }
    return Numbers.number(value(position, name), operators)
            .orElseThrow(() -> wrong(position, "no truth value"))
            .doubleValue()
        != 0;
  }

  /** A string, or what it is where it is not given. */
  public String text(int position, String name, String otherwise) {
    Value value = value(position, name);
    if (value == Value.Single.NONE) {
      return otherwise;
    }
    if (value instanceof Value.Text text) {
      return text.value();
    }
    throw wrong(position, "no string");
  }

  /** The integers of a list; a single integer is a list of one. */
  public long[] integers(int position, String name) {
    Value value = value(position, name);
    Optional<List<Value>> items = items(value);
    if (items.isEmpty()) {
      return new long[] {integer(value, position)};
    }
    charge(items.get().size());
    return items.get().stream().mapToLong(item -> integer(item, position)).toArray();
  }

  /**
   * The integers of a list of {@code length}; a single one counts for all, an empty or missing list
   * gives {@code otherwise}.
   */
  public int[] lengths(int position, String name, int length, int... otherwise) {
    if (!has(position, name)) {
      return otherwise;
    }
    long[] given = integers(position, name);
    if (given.length == 0) {
      return otherwise;
    }
    if (given.length != length && given.length != 1) {
      throw wrong(position, "a list of " + given.length + " numbers in place of " + length);
    }
    int[] lengths = new int[length];
    for (int i = 0; i < length; i++) {
      lengths[i] = small(given[given.length == 1 ? 0 : i], position);
    }
    return lengths;
  }

  /** The real numbers of a list. */
  public double[] reals(int position, String name) {
    Value value = value(position, name);
    List<Value> items = items(value).orElse(List.of(value));
    charge(items.size());
    return items.stream()
        .mapToDouble(
            item ->
                Numbers.number(item, operators)
                    .orElseThrow(() -> wrong(position, "no number"))
                    .doubleValue())
        .toArray();
  }

  /** All values of a list or tuple. */
  public static Optional<List<Value>> items(Value value) {
    if (value instanceof Value.ListValue list) {
      return Optional.of(list.items());
    }
    return value instanceof Value.TupleValue tuple ? Optional.of(tuple.items()) : Optional.empty();
  }

  /** Whether something is unknown, at any depth that matters. */
  boolean hasUnknown() {
    return positional.stream().anyMatch(this::isUnknown)
        || named.values().stream().anyMatch(this::isUnknown);
  }

  private boolean isUnknown(Value value) {
    List<Value> items = items(value).orElse(List.of());
    charge(items.size() / 8);
    return value == Value.Single.UNKNOWN || items.contains(Value.Single.UNKNOWN);
  }

  /** The error for an argument of the wrong kind. */
  public MpcException wrong(int position, String what) {
    return ModelErrors.malformed(
        "Argument " + (position + 1) + " of " + operator + " is " + what + ".");
  }
}
