package org.djlmpc.zoo.torchscript.run;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.djlmpc.zoo.torchscript.code.ClassCode;
import org.djlmpc.zoo.torchscript.code.FunctionCode;
import org.jspecify.annotations.Nullable;

/** A value of the running program. */
public sealed interface Value
    permits TensorValue,
        Value.Single,
        Value.Int,
        Value.Real,
        Value.Bool,
        Value.Text,
        Value.ListValue,
        Value.TupleValue,
        Value.DictionaryValue,
        Value.Instance,
        Value.Function,
        Value.TypeValue,
        Value.RangeValue {
  /** Values without content. */
  enum Single implements Value {
    /** {@code None}. */
    NONE,
    /**
     * What an unsupported operator would have given: everything computed from it is unknown too, so
     * that the rest of the model can be looked through for more of them.
     */
    UNKNOWN
  }

  /**
   * An integer.
   *
   * @param value its value
   */
  record Int(long value) implements Value {}

  /**
   * A real number.
   *
   * @param value its value
   */
  record Real(double value) implements Value {}

  /**
   * A truth value.
   *
   * @param value its value
   */
  record Bool(boolean value) implements Value {}

  /**
   * A string.
   *
   * @param value its characters
   */
  record Text(String value) implements Value {}

  /** A list, which the program may change. */
  final class ListValue implements Value {
    private final List<Value> items;

    /** A list of these items; the list is kept, not copied. */
    public ListValue(List<Value> items) {
      this.items = items;
    }

    /** A list of integers. */
    public static ListValue integers(long... values) {
      List<Value> items = new ArrayList<>();
      for (long value : values) {
        items.add(new Int(value));
      }
      return new ListValue(items);
    }

    /** The items themselves. */
    public List<Value> items() {
      return items;
    }
  }

  /**
   * A tuple, possibly with named items.
   *
   * @param items the items
   * @param names their names; empty if they have none
   */
  record TupleValue(List<Value> items, List<String> names) implements Value {
    /** Copies the lists. */
    public TupleValue {
      items = List.copyOf(items);
      names = List.copyOf(names);
    }

    /** A tuple without names. */
    public static TupleValue of(Value... items) {
      return new TupleValue(List.of(items), List.of());
    }
  }

  /** A dictionary, which the program may change. */
  final class DictionaryValue implements Value {
    private final Map<Value, Value> entries = new LinkedHashMap<>();

    /** The entries themselves; keys are numbers, truth values and strings. */
    public Map<Value, Value> entries() {
      return entries;
    }
  }

  /** An object of one of the archive's classes. */
  final class Instance implements Value {
    private final ClassCode type;
    private final String path;
    private final Map<String, Value> attributes = new LinkedHashMap<>();

    /**
     * An object without attributes.
     *
     * @param type its class
     * @param path where it is in the tree of modules, such as {@code layer1.0.conv1}
     */
    public Instance(ClassCode type, String path) {
      this.type = type;
      this.path = path;
    }

    /** Its class. */
    public ClassCode type() {
      return type;
    }

    /** Where it is in the tree of modules. */
    public String path() {
      return path;
    }

    /** The attributes themselves. */
    public Map<String, Value> attributes() {
      return attributes;
    }
  }

  /**
   * A function, or a method of an object.
   *
   * @param code its code
   * @param self the object, or null
   */
  record Function(FunctionCode code, @Nullable Instance self) implements Value {}

  /**
   * A class.
   *
   * @param code its code
   */
  record TypeValue(ClassCode code) implements Value {}

  /**
   * {@code range(begin, end, step)}.
   *
   * @param begin the first number
   * @param end the numbers stay below it, or above if the step is negative
   * @param step the distance, not zero
   */
  record RangeValue(long begin, long end, long step) implements Value {}
}
