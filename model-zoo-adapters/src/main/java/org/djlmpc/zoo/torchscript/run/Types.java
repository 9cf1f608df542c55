package org.djlmpc.zoo.torchscript.run;

import org.djlmpc.zoo.torchscript.code.Expression;

/** Tests of types, which the printer writes as {@code isinstance(x, T)}. */
final class Types {
  private Types() {}

  /** Whether a value has a type, or one of several in a tuple. */
  static boolean isInstance(Value value, Expression type) {
    if (type instanceof Expression.TupleOf types) {
      return types.items().stream().anyMatch(one -> isInstance(value, one));
    }
    if (type instanceof Expression.Subscript generic) {
      return generic.target() instanceof Expression.Variable name
          && (name.name().equals("Optional")
              ? value == Value.Single.NONE || isInstance(value, generic.index())
              : isKind(value, name.name()));
    }
    if (type instanceof Expression.Qualified name) {
      return value instanceof Value.Instance instance && instance.type().name().equals(name.name());
    }
    return type instanceof Expression.Variable name && isKind(value, name.name());
  }

  private static boolean isKind(Value value, String name) {
    return switch (name) {
      case "Tensor" -> value instanceof TensorValue;
      case "int" -> value instanceof Value.Int;
      case "float" -> value instanceof Value.Real;
      case "bool" -> value instanceof Value.Bool;
      case "str" -> value instanceof Value.Text;
      case "NoneType" -> value == Value.Single.NONE;
      case "List", "list" -> value instanceof Value.ListValue;
      case "Tuple", "tuple" -> value instanceof Value.TupleValue;
      case "Dict", "dict" -> value instanceof Value.DictionaryValue;
      case "Any" -> true;
      default -> false;
    };
  }
}
