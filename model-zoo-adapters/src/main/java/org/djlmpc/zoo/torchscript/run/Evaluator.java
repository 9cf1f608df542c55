package org.djlmpc.zoo.torchscript.run;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;
import org.djlmpc.zoo.ModelErrors;
import org.djlmpc.zoo.PartialOperators;
import org.djlmpc.zoo.torchscript.code.ClassCode;
import org.djlmpc.zoo.torchscript.code.Expression;
import org.djlmpc.zoo.torchscript.code.FunctionCode;
import org.djlmpc.zoo.torchscript.code.Program;
import org.jspecify.annotations.Nullable;

/** Computes expressions and assigns to them. */
final class Evaluator {
  private static final Value UNKNOWN = Value.Single.UNKNOWN;
  private static final Value NONE = Value.Single.NONE;

  /** What operators between operands are called as functions. */
  private static final Map<String, String> OPERATORS =
      Map.ofEntries(
          Map.entry("+", "add"),
          Map.entry("-", "sub"),
          Map.entry("*", "mul"),
          Map.entry("/", "div"),
          Map.entry("//", "floordiv"),
          Map.entry("%", "remainder"),
          Map.entry("**", "pow"),
          Map.entry("==", "eq"),
          Map.entry("!=", "ne"),
          Map.entry("<", "lt"),
          Map.entry("<=", "le"),
          Map.entry(">", "gt"),
          Map.entry(">=", "ge"),
          Map.entry("is", "__is__"),
          Map.entry("is not", "__isnot__"),
          Map.entry("in", "__contains__"),
          Map.entry("not", "__not__"));

  /** Python's functions, by the operator that the printer writes so. */
  private static final Map<String, String> BUILTINS =
      Map.of(
          "int", "Int", "float", "Float", "bool", "Bool", "str", "str", "len", "len", "min", "min",
          "max", "max", "abs", "abs", "list", "list");

  /** Where PyTorch's own operators are; others are those of libraries. */
  private static final Set<String> OWN = Set.of("torch", "ops.aten", "ops.prim");

  private final Interpreter interpreter;
  private final Program program;
  private final Operations operations;
  private final PartialOperators operators;
  private final Map<String, Value> constants;

  Evaluator(
      Interpreter interpreter,
      Program program,
      Operations operations,
      PartialOperators operators,
      Map<String, Value> constants) {
    this.interpreter = interpreter;
    this.program = program;
    this.operations = operations;
    this.operators = operators;
    this.constants = constants;
  }

  /** The value of an expression; unknown if it has no private form, which is reported. */
  Value evaluate(Expression expression, Frame frame) {
    interpreter.budget().enter();
    Value value;
    try {
      value = compute(expression, frame);
    } catch (UnsupportedCall e) {
      interpreter.report(e, frame);
      value = UNKNOWN;
    }
    interpreter.budget().exit();
    return value;
  }

  private Value compute(Expression expression, Frame frame) {
    if (expression instanceof Expression.Literal literal) {
      return literal(literal.value());
    }
    if (expression instanceof Expression.Variable variable) {
      return variable(variable, frame);
    }
    if (expression instanceof Expression.Qualified name) {
      return qualified(name.name(), frame);
    }
    if (expression instanceof Expression.Attribute attribute) {
      return attribute(evaluate(attribute.target(), frame), attribute.name(), frame);
    }
    if (expression instanceof Expression.Call call) {
      return call(call, frame);
    }
    if (expression instanceof Expression.ListOf list) {
      return new Value.ListValue(evaluate(list.items(), frame));
    }
    if (expression instanceof Expression.TupleOf tuple) {
      return new Value.TupleValue(evaluate(tuple.items(), frame), List.of());
    }
    if (expression instanceof Expression.DictionaryOf dictionary) {
      return dictionary(dictionary, frame);
    }
    if (expression instanceof Expression.Subscript subscript) {
      return subscript(subscript, frame);
    }
    if (expression instanceof Expression.Operation operation) {
      return operation(operation, frame);
    }
    if (expression instanceof Expression.Choice choice) {
      Value condition = truth(choice.condition(), frame);
      if (condition instanceof Value.Bool truth) {
        return evaluate(truth.value() ? choice.whenTrue() : choice.whenFalse(), frame);
      }
      return UNKNOWN;
    }
    throw malformed(frame, "an index range stands alone");
  }

  private static Value literal(@Nullable Object value) {
    if (value instanceof Long number) {
      return new Value.Int(number);
    }
    if (value instanceof Double number) {
      return new Value.Real(number);
    }
    if (value instanceof Boolean truth) {
      return new Value.Bool(truth);
    }
    return value instanceof String text ? new Value.Text(text) : NONE;
  }

  private Value variable(Expression.Variable variable, Frame frame) {
    Value value = frame.variables.get(variable.name());
    if (value != null) {
      return value;
    }
    throw malformed(frame, "the variable " + variable.name() + " has no value");
  }

  private Value qualified(String name, Frame frame) {
    if (name.startsWith("CONSTANTS.")) {
      Value constant = constants.get(name.substring("CONSTANTS.".length()));
      if (constant == null) {
        throw malformed(frame, "the constant " + name + " is not in the archive");
      }
      return constant;
    }
    FunctionCode function = program.functionNamed(name);
    if (function != null) {
      return new Value.Function(function, null);
    }
    ClassCode type = program.classNamed(name);
    if (type != null) {
      return new Value.TypeValue(type);
    }
    return switch (name) {
      case "torch.inf" -> new Value.Real(Double.POSITIVE_INFINITY);
      case "torch.nan" -> new Value.Real(Double.NaN);
      default -> throw malformed(frame, "the name " + name + " is not in the archive");
    };
  }

  private List<Value> evaluate(List<Expression> expressions, Frame frame) {
    List<Value> values = new ArrayList<>(expressions.size());
    for (Expression expression : expressions) {
      values.add(evaluate(expression, frame));
    }
    return values;
  }

  private Value dictionary(Expression.DictionaryOf expression, Frame frame) {
    Value.DictionaryValue dictionary = new Value.DictionaryValue();
    List<Value> keys = evaluate(expression.keys(), frame);
    List<Value> values = evaluate(expression.values(), frame);
    for (int i = 0; i < keys.size(); i++) {
      dictionary.entries().put(key(keys.get(i), frame), values.get(i));
    }
    return dictionary;
  }

  private static Value key(Value key, Frame frame) {
    if (key instanceof Value.Text || key instanceof Value.Int || key instanceof Value.Real) {
      return key;
    }
    if (key instanceof Value.Bool) {
      return key;
    }
    throw malformed(frame, "a dictionary's key is neither a number nor a string");
  }

  /** An attribute, a method, or an item of a named tuple. */
  private Value attribute(Value target, String name, Frame frame) {
    if (target == UNKNOWN) {
      return UNKNOWN;
    }
    if (target instanceof Value.Instance instance) {
      Value value = instance.attributes().get(name);
      if (value != null) {
        return value;
      }
      FunctionCode method = instance.type().methods().get(name);
      if (method != null) {
        return new Value.Function(method, instance);
      }
      Expression constant = instance.type().constants().get(name);
      if (constant != null) {
        return evaluate(constant, frame);
      }
      throw malformed(frame, "a " + instance.type().name() + " has no attribute " + name);
    }
    if (target instanceof Value.TupleValue tuple && tuple.names().contains(name)) {
      return tuple.items().get(tuple.names().indexOf(name));
    }
    if (target instanceof TensorValue) {
      return operate(name, List.of(target), Map.of(), frame);
    }
    throw malformed(frame, "a value has no attribute " + name);
  }

  private Value call(Expression.Call call, Frame frame) {
    if (call.function() instanceof Expression.Variable variable
        && !frame.variables.containsKey(variable.name())) {
      return builtin(variable.name(), call, frame);
    }
    if (call.function() instanceof Expression.Qualified name && isOperator(name.name())) {
      return operator(name.name(), call, frame);
    }
    if (call.function() instanceof Expression.Qualified name && name.name().endsWith(".__new__")) {
      String type = name.name().substring(0, name.name().length() - ".__new__".length());
      if (qualified(type, frame) instanceof Value.TypeValue made) {
        return new Value.Instance(made.code(), "");
      }
    }
    if (call.function() instanceof Expression.Attribute attribute) {
      return method(attribute, call, frame);
    }
    return invoke(evaluate(call.function(), frame), call, frame);
  }

  /** Whether a name is one of PyTorch's operators. */
  static boolean isOperator(String name) {
    return name.startsWith("torch.") || name.startsWith("ops.");
  }

  /** The name of one of PyTorch's own operators; those of libraries may have the same name. */
  private String ownName(String qualified) {
    int dot = qualified.lastIndexOf('.');
    if (!OWN.contains(qualified.substring(0, dot))) {
      throw new UnsupportedCall(
          qualified, operations.nearest(qualified.substring(qualified.indexOf('.') + 1)));
    }
    return qualified.substring(dot + 1);
  }

  private Value operator(String qualified, Expression.Call call, Frame frame) {
    List<Value> arguments = evaluate(call.arguments(), frame);
    String name = ownName(qualified);
    switch (name) {
      case "RaiseException" -> {
        interpreter.raise(
            !arguments.isEmpty() && arguments.get(0) instanceof Value.Text reason
                ? reason.value()
                : "an assertion",
            frame);
        return NONE;
      }
      case "warn" -> {
        return NONE;
      }
      default -> {
        return operate(name, arguments, named(call, frame), frame);
      }
    }
  }

  private Map<String, Value> named(Expression.Call call, Frame frame) {
    Map<String, Value> named = new LinkedHashMap<>();
    for (Expression.Named argument : call.named()) {
      named.put(argument.name(), evaluate(argument.value(), frame));
    }
    return named;
  }

  private Value method(Expression.Attribute attribute, Expression.Call call, Frame frame) {
    Value target = evaluate(attribute.target(), frame);
    if (target instanceof TensorValue
        || target instanceof Value.ListValue
        || target instanceof Value.DictionaryValue
        || target instanceof Value.Text) {
      List<Value> arguments = evaluate(call.arguments(), frame);
      arguments.add(0, target);
      return operate(attribute.name(), arguments, named(call, frame), frame);
    }
    return invoke(attribute(target, attribute.name(), frame), call, frame);
  }

  private Value invoke(Value function, Expression.Call call, Frame frame) {
    List<Value> arguments = evaluate(call.arguments(), frame);
    Map<String, Value> named = named(call, frame);
    if (function == UNKNOWN) {
      return UNKNOWN;
    }
    if (function instanceof Value.Function code) {
      return interpreter.call(code.code(), code.self(), arguments, named);
    }
    if (function instanceof Value.TypeValue type) {
      return construct(type.code(), arguments, named, frame);
    }
    throw malformed(frame, "a value is called that is no function");
  }

  /** A named tuple, or an object whose constructor is in the archive. */
  private Value construct(
      ClassCode type, List<Value> arguments, Map<String, Value> named, Frame frame) {
    if (type.bases().contains("NamedTuple")) {
      List<Value> items = new ArrayList<>(arguments);
      List<String> names = List.copyOf(type.fields().keySet());
      for (String name : names.subList(Math.min(items.size(), names.size()), names.size())) {
        items.add(named.getOrDefault(name, NONE));
      }
      return new Value.TupleValue(items, names);
    }
    Value.Instance instance = new Value.Instance(type, "");
    FunctionCode constructor = type.methods().get("__init__");
    if (constructor == null) {
      throw malformed(frame, "the class " + type.name() + " has no constructor");
    }
    interpreter.call(constructor, instance, arguments, named);
    return instance;
  }

  private Value builtin(String name, Expression.Call call, Frame frame) {
    return switch (name) {
      case "annotate", "unchecked_cast" -> evaluate(argument(call, 1, frame), frame);
      case "uninitialized", "print" -> NONE;
      case "isinstance" -> isInstance(call, frame);
      case "getattr" -> {
        if (argument(call, 1, frame) instanceof Expression.Literal literal
            && literal.value() instanceof String attribute) {
          yield attribute(evaluate(argument(call, 0, frame), frame), attribute, frame);
        }
        throw malformed(frame, "getattr without a name");
      }
      case "hasattr" -> hasAttribute(call, frame);
      case "range" -> range(evaluate(call.arguments(), frame), frame);
      default -> {
        String operator = BUILTINS.get(name);
        if (operator == null) {
          throw malformed(frame, "the function " + name + " does not exist");
        }
        yield operate(operator, evaluate(call.arguments(), frame), Map.of(), frame);
      }
    };
  }

  private Value isInstance(Expression.Call call, Frame frame) {
    Value value = evaluate(argument(call, 0, frame), frame);
    return value == UNKNOWN
        ? UNKNOWN
        : new Value.Bool(Types.isInstance(value, argument(call, 1, frame)));
  }

  private Value hasAttribute(Expression.Call call, Frame frame) {
    Value target = evaluate(argument(call, 0, frame), frame);
    Value wanted = evaluate(argument(call, 1, frame), frame);
    return new Value.Bool(
        target instanceof Value.Instance instance
            && wanted instanceof Value.Text text
            && instance.attributes().containsKey(text.value()));
  }

  private static Expression argument(Expression.Call call, int position, Frame frame) {
    if (position >= call.arguments().size()) {
      throw malformed(frame, "a call has " + call.arguments().size() + " arguments");
    }
    return call.arguments().get(position);
  }

  private Value range(List<Value> arguments, Frame frame) {
    if (arguments.contains(UNKNOWN)) {
      return UNKNOWN;
    }
    long[] bounds =
        arguments.stream()
            .mapToLong(
                value ->
                    Numbers.number(value, operators)
                        .orElseThrow(() -> malformed(frame, "a range of no numbers"))
                        .longValue())
            .toArray();
    long step = bounds.length == 3 ? bounds[2] : 1;
    if (bounds.length < 1 || bounds.length > 3 || step == 0) {
      throw malformed(frame, "a range of " + bounds.length + " numbers");
    }
    return bounds.length == 1
        ? new Value.RangeValue(0, bounds[0], 1)
        : new Value.RangeValue(bounds[0], bounds[1], step);
  }

  private Value operation(Expression.Operation operation, Frame frame) {
    String sign = operation.operator();
    List<Expression> operands = operation.operands();
    if (sign.equals("and") || sign.equals("or")) {
      Value first = truth(operands.get(0), frame);
      if (first instanceof Value.Bool truth && truth.value() == sign.equals("or")) {
        return first;
      }
      Value second = truth(operands.get(1), frame);
      return first == UNKNOWN ? UNKNOWN : second;
    }
    List<Value> values = evaluate(operands, frame);
    if (operands.size() == 1 && sign.equals("-")) {
      return operate("neg", values, Map.of(), frame);
    }
    if (sign.endsWith("in")) {
      // the container comes first in PyTorch's operator
      values = List.of(values.get(1), values.get(0));
    }
    boolean negated = sign.equals("not in");
    Value result = operate(negated ? "__contains__" : name(sign), values, Map.of(), frame);
    return negated ? operate("__not__", List.of(result), Map.of(), frame) : result;
  }

  private static String name(String sign) {
    return OPERATORS.getOrDefault(sign, sign);
  }

  /** The truth of a condition: a Bool, or unknown. */
  Value truth(Expression condition, Frame frame) {
    Value value = evaluate(condition, frame);
    if (value == UNKNOWN || value instanceof Value.Bool) {
      return value;
    }
    try {
      double number =
          Numbers.number(value, operators)
              .orElseThrow(() -> malformed(frame, "a condition is neither true nor false"))
              .doubleValue();
      return new Value.Bool(number != 0);
    } catch (UnsupportedCall e) {
      interpreter.report(e, frame);
      return UNKNOWN;
    }
  }

  private Value subscript(Expression.Subscript subscript, Frame frame) {
    Value target = evaluate(subscript.target(), frame);
    if (subscript.index() instanceof Expression.Range range) {
      return target == UNKNOWN ? UNKNOWN : slice(target, range, frame);
    }
    Value index = evaluate(subscript.index(), frame);
    if (target == UNKNOWN || index == UNKNOWN) {
      return UNKNOWN;
    }
    if (target instanceof TensorValue) {
      return operate("select", List.of(target, new Value.Int(0), index), Map.of(), frame);
    }
    return operate("__getitem__", List.of(target, index), Map.of(), frame);
  }

  private Value slice(Value target, Expression.Range range, Frame frame) {
    List<Value> arguments = new ArrayList<>(List.of(target));
    for (@Nullable Expression bound :
        new @Nullable Expression[] {range.begin(), range.end(), range.step()}) {
      arguments.add(bound == null ? NONE : evaluate(bound, frame));
    }
    Value sliced = operate("slice", arguments, Map.of(), frame);
    return target instanceof Value.TupleValue && sliced instanceof Value.ListValue list
        ? new Value.TupleValue(list.items(), List.of())
        : sliced;
  }

  /** Gives a variable, attribute or item a value; a tuple of them takes the items of the value. */
  void assign(Expression target, Value value, Frame frame) {
    if (target instanceof Expression.Variable variable) {
      frame.variables.put(variable.name(), value);
    } else if (target instanceof Expression.TupleOf tuple) {
      List<Value> items = value == UNKNOWN ? null : Arguments.items(value).orElse(List.of());
      if (items != null && items.size() != tuple.items().size()) {
        throw malformed(frame, items.size() + " values for " + tuple.items().size() + " variables");
      }
      for (int i = 0; i < tuple.items().size(); i++) {
        assign(tuple.items().get(i), items == null ? UNKNOWN : items.get(i), frame);
      }
    } else if (target instanceof Expression.Attribute attribute
        && evaluate(attribute.target(), frame) instanceof Value.Instance instance) {
      instance.attributes().put(attribute.name(), value);
    } else if (target instanceof Expression.Subscript subscript) {
      Value index = evaluate(subscript.index(), frame);
      Value items = evaluate(subscript.target(), frame);
      operate("_set_item", List.of(items, index, value), Map.of(), frame);
    } else {
      throw malformed(frame, "a value is assigned to something that is no variable");
    }
  }

  /** Applies an operator of PyTorch; a trailing underscore changes the first argument in place. */
  private Value operate(String name, List<Value> values, Map<String, Value> named, Frame frame) {
    Operation operation = operations.named(name);
    boolean inPlace = false;
    if (operation == null && name.endsWith("_") && !name.endsWith("__")) {
      operation = operations.named(name.substring(0, name.length() - 1));
      inPlace = true;
    }
    if (operation == null) {
      throw new UnsupportedCall("torch." + name, operations.nearest(name));
    }
    Arguments arguments =
        new Arguments("torch." + name, values, named, operators, interpreter.budget());
    if (arguments.hasUnknown()) {
      return UNKNOWN;
    }
    try {
      Value result = operation.apply(arguments);
      if (inPlace && result instanceof TensorValue changed) {
        TensorValue cell = arguments.cell(0);
        cell.change(operators, changed.read(operators));
        return cell;
      }
      return result;
    } catch (UnsupportedCall e) {
      throw e;
    } catch (RuntimeException e) {
      if (e instanceof MpcException known && known.code() != ErrorCode.ARGUMENT) {
        throw known.at(frame.location());
      }
      // whatever an operator's arithmetic says to arguments that no sound module has
      throw ModelErrors.malformed(
          "torch." + name + " at " + frame.location() + " has arguments that make no sense.", e);
    }
  }

  private static MpcException malformed(Frame frame, String problem) {
    return ModelErrors.malformed(
        "The code at " + frame.location() + " is broken: " + problem + ".");
  }
}
