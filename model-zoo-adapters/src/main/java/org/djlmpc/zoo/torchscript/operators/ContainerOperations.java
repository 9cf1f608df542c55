package org.djlmpc.zoo.torchscript.operators;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.djlmpc.graph.Layout;
import org.djlmpc.zoo.Partial;
import org.djlmpc.zoo.torchscript.run.Arguments;
import org.djlmpc.zoo.torchscript.run.Operation;
import org.djlmpc.zoo.torchscript.run.Value;
import org.jspecify.annotations.Nullable;

/** Operators on lists, tuples and dictionaries. */
final class ContainerOperations {
  private static final Value NONE = Value.Single.NONE;

  private ContainerOperations() {}

  static void addTo(Map<String, Operation> operations) {
    operations.put("append", a -> changed(a, () -> list(a).add(a.value(1, "el"))));
    operations.put("extend", a -> changed(a, () -> extend(a)));
    operations.put("insert", ContainerOperations::insert);
    operations.put("pop", ContainerOperations::pop);
    operations.put("clear", a -> changed(a, () -> list(a).clear()));
    operations.put("reverse", a -> changed(a, () -> Collections.reverse(list(a))));
    operations.put("copy", a -> a.isTensor(0) ? copied(a) : copyOf(a, items(a, 0)));
    operations.put("list", a -> copyOf(a, items(a, 0)));
    operations.put("__getitem__", ContainerOperations::get);
    operations.put("_set_item", ContainerOperations::set);
    operations.put("__contains__", ContainerOperations::contains);
    operations.put("dict", ContainerOperations::dictionary);
    operations.put("keys", a -> copyOf(a, List.copyOf(entries(a).keySet())));
    operations.put("values", a -> copyOf(a, List.copyOf(entries(a).values())));
    operations.put("items", ContainerOperations::pairs);
    operations.put("get", a -> entries(a).getOrDefault(a.value(1, "key"), a.value(2, "default")));
    operations.put("_unwrap_optional", a -> a.value(0, "optional"));
    operations.put("unchecked_unwrap_optional", a -> a.value(0, "optional"));
  }

  private static List<Value> list(Arguments a) {
    if (a.value(0, "self") instanceof Value.ListValue list) {
      return list.items();
    }
    throw a.wrong(0, "no list");
  }

  private static List<Value> items(Arguments a, int position) {
    return Arguments.items(a.value(position, "self"))
        .orElseThrow(() -> a.wrong(position, "no list"));
  }

  private static Map<Value, Value> entries(Arguments a) {
    if (a.value(0, "self") instanceof Value.DictionaryValue dictionary) {
      return dictionary.entries();
    }
    throw a.wrong(0, "no dictionary");
  }

  private static Value changed(Arguments a, Runnable change) {
    a.charge(items(a, 0).size() / 8 + 1);
    change.run();
    return a.value(0, "self");
  }

  private static void extend(Arguments a) {
    List<Value> more = List.copyOf(items(a, 1));
    a.charge(more.size());
    list(a).addAll(more);
  }

  /** What {@code copy_} gives a tensor: the other's elements in its own shape and type. */
  private static Value copied(Arguments a) {
    Partial x = a.tensor(0, "self");
    Partial other = a.operators().cast(a.tensor(1, "src"), x.dataType());
    return Results.tensor(a.operators().layout(Layout.broadcast(x.shape()), other));
  }

  private static Value copyOf(Arguments a, List<Value> items) {
    a.charge(items.size());
    return new Value.ListValue(new ArrayList<>(items));
  }

  private static int index(Arguments a, int position, int size) {
    long index = a.integer(position, "idx");
    long positive = index < 0 ? index + size : index;
    if (positive < 0 || positive >= size) {
      throw a.wrong(position, "index " + index + " of a list of " + size);
    }
    return (int) positive;
  }

  private static Value insert(Arguments a) {
    List<Value> list = list(a);
    long index = a.integer(1, "idx");
    long positive = Math.max(0, Math.min(list.size(), index < 0 ? index + list.size() : index));
    return changed(a, () -> list.add((int) positive, a.value(2, "el")));
  }

  private static Value pop(Arguments a) {
    List<Value> list = list(a);
    a.charge(list.size() / 8 + 1);
    return list.remove(a.count() > 1 ? index(a, 1, list.size()) : list.size() - 1);
  }

  private static Value get(Arguments a) {
    if (a.value(0, "self") instanceof Value.DictionaryValue dictionary) {
      Value value = dictionary.entries().get(a.value(1, "key"));
      if (value == null) {
        throw a.wrong(1, "a key that the dictionary lacks");
      }
      return value;
    }
    List<Value> items = items(a, 0);
    return items.get(index(a, 1, items.size()));
  }

  private static Value set(Arguments a) {
    if (a.value(0, "self") instanceof Value.DictionaryValue dictionary) {
      a.charge(1);
      dictionary.entries().put(key(a, a.value(1, "key")), a.value(2, "v"));
      return NONE;
    }
    List<Value> list = list(a);
    list.set(index(a, 1, list.size()), a.value(2, "el"));
    return a.value(0, "self");
  }

  private static Value contains(Arguments a) {
    if (a.value(0, "self") instanceof Value.DictionaryValue dictionary) {
      return NumberOperations.truth(dictionary.entries().containsKey(a.value(1, "key")));
    }
    if (a.value(0, "self") instanceof Value.Text text) {
      a.charge(text.value().length());
      return NumberOperations.truth(text.value().contains(a.text(1, "part", "")));
    }
    Value wanted = a.value(1, "item");
    a.charge(items(a, 0).size());
    return NumberOperations.truth(items(a, 0).stream().anyMatch(item -> equal(item, wanted, a)));
  }

  /** Of nothing, or of a list of pairs. */
  private static Value dictionary(Arguments a) {
    Value.DictionaryValue dictionary = new Value.DictionaryValue();
    for (Value pair : a.count() == 0 ? List.<Value>of() : items(a, 0)) {
      List<Value> parts = Arguments.items(pair).orElse(List.of());
      a.charge(1);
      if (parts.size() != 2) {
        throw a.wrong(0, "no list of pairs");
      }
      dictionary.entries().put(key(a, parts.get(0)), parts.get(1));
    }
    return dictionary;
  }

  private static Value key(Arguments a, Value key) {
    if (key instanceof Value.Text || key instanceof Value.Int || key instanceof Value.Bool) {
      return key;
    }
    throw a.wrong(1, "no key");
  }

  private static Value pairs(Arguments a) {
    List<Value> pairs = new ArrayList<>();
    entries(a).forEach((key, value) -> pairs.add(Value.TupleValue.of(key, value)));
    a.charge(2L * pairs.size());
    return new Value.ListValue(pairs);
  }

  /** {@code list[begin:end:step]}, also of tuples. */
  static Value slice(Arguments a) {
    List<Value> items = items(a, 0);
    int size = items.size();
    long begin = bound(a.integer(1, "start", 0), size);
    long end = bound(a.integer(2, "end", Long.MAX_VALUE), size);
    long step = a.integer(3, "step", 1);
    if (step < 1) {
      throw a.wrong(3, "the step " + step);
    }
    List<Value> part = new ArrayList<>();
    for (long i = begin; i < end; i += Math.min(step, size)) {
      part.add(items.get((int) i));
    }
    return copyOf(a, part);
  }

  private static long bound(long index, int size) {
    return Math.max(0, Math.min(size, index < 0 ? index + size : index));
  }

  /** Sums, products and comparisons that involve a list, {@code None} or an object. */
  static Value combine(String operator, Arguments a) {
    Value x = a.value(0, "a");
    Value y = a.value(1, "b");
    return switch (operator) {
      case "eq" -> NumberOperations.truth(equal(x, y, a));
      case "ne" -> NumberOperations.truth(!equal(x, y, a));
      case "add" -> joined(a, y instanceof Value.TupleValue);
      case "mul" -> repeated(a, a.isSequence(0) ? 0 : 1);
      default -> throw a.wrong(0, "no number");
    };
  }

  private static Value joined(Arguments a, boolean tuple) {
    a.charge((long) items(a, 0).size() + items(a, 1).size());
    List<Value> both = new ArrayList<>(items(a, 0));
    both.addAll(items(a, 1));
    return tuple ? new Value.TupleValue(both, List.of()) : new Value.ListValue(both);
  }

  private static Value repeated(Arguments a, int listPosition) {
    List<Value> items = items(a, listPosition);
    long count = Math.max(0, a.integer(1 - listPosition, "n"));
    a.charge(Math.multiplyExact(count, (long) items.size()));
    List<Value> repeated = new ArrayList<>();
    for (long i = 0; i < count && !items.isEmpty(); i++) {
      repeated.addAll(items);
    }
    return new Value.ListValue(repeated);
  }

  /** Lists are equal if their numbers and strings are; deeper lists never are. */
  private static boolean equal(Value x, Value y, Arguments a) {
    List<Value> left = Arguments.items(x).orElse(null);
    List<Value> right = Arguments.items(y).orElse(null);
    if (left == null || right == null) {
      return plainlyEqual(x, y);
    }
    a.charge(left.size());
    if (left.size() != right.size()) {
      return false;
    }
    for (int i = 0; i < left.size(); i++) {
      if (!plainlyEqual(left.get(i), right.get(i))) {
        return false;
      }
    }
    return true;
  }

  private static boolean plainlyEqual(@Nullable Value x, @Nullable Value y) {
    return x == y
        || x instanceof Value.Int m && m.equals(y)
        || x instanceof Value.Real r && r.equals(y)
        || x instanceof Value.Bool b && b.equals(y)
        || x instanceof Value.Text t && t.equals(y);
  }
}
