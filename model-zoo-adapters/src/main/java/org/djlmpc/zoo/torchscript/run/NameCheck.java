package org.djlmpc.zoo.torchscript.run;

import ai.djl.MalformedModelException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.djlmpc.error.MpcException;
import org.djlmpc.zoo.torchscript.code.ClassCode;
import org.djlmpc.zoo.torchscript.code.Expression;
import org.djlmpc.zoo.torchscript.code.FunctionCode;
import org.djlmpc.zoo.torchscript.code.Program;
import org.djlmpc.zoo.torchscript.code.Statement;
import org.jspecify.annotations.Nullable;

/**
 * Looks up the names in the code that a model may run, without running it: variables are assigned
 * before they are read; functions, classes and constants exist; so do attributes and methods of
 * objects that are known, and methods get as many arguments as they take.
 *
 * <p>Operators and Python's own functions are not looked up: those without private form are
 * reported together once it is known which of them run.
 */
public final class NameCheck {
  /** Functions of TorchScript whose argument at this position is a type. */
  private static final Map<String, Integer> TYPES =
      Map.of("annotate", 0, "unchecked_cast", 0, "uninitialized", 0, "isinstance", 1);

  private static final Set<String> NUMBERS = Set.of("torch.inf", "torch.nan");

  private final Program program;
  private final Set<String> constants;
  private final Budget budget = new Budget();
  private final Deque<Task> tasks = new ArrayDeque<>();
  private final IdentityHashMap<FunctionCode, IdentityHashMap<Object, Boolean>> seen =
      new IdentityHashMap<>();

  /** A function to check, of an object or of none. */
  private record Task(FunctionCode code, Value.@Nullable Instance self) {}

  /**
   * A check of an archive.
   *
   * @param program its code
   * @param constants the names of its constants
   */
  public NameCheck(Program program, Set<String> constants) {
    this.program = program;
    this.constants = constants;
  }

  /**
   * Checks a method and all that it may call.
   *
   * @throws MalformedModelException if a name means nothing
   */
  public void check(Value.Instance self, FunctionCode method) throws MalformedModelException {
    try {
      add(method, self);
      while (!tasks.isEmpty()) {
        Task task = tasks.remove();
        new Scope(task).check();
      }
    } catch (MpcException e) {
      throw new MalformedModelException("its code is broken: " + e.getMessage(), e);
    }
  }

  private void add(FunctionCode code, Value.@Nullable Instance self) {
    Object key = self == null ? this : self;
    if (seen.computeIfAbsent(code, c -> new IdentityHashMap<>()).put(key, true) == null) {
      tasks.add(new Task(code, self));
    }
  }

  /** The body of a function. */
  private final class Scope {
    private final FunctionCode code;
    private final Set<String> assigned = new HashSet<>();

    /** Variables that hold an object whose attributes are known. */
    private final Map<String, Value.Instance> objects = new HashMap<>();

    private int line;

    Scope(Task task) {
      code = task.code();
      line = code.line();
      code.parameters().forEach(parameter -> assigned.add(parameter.name()));
      if (task.self() != null && !code.parameters().isEmpty()) {
        objects.put(code.parameters().get(0).name(), task.self());
      }
    }

    void check() throws MalformedModelException {
      for (FunctionCode.Parameter parameter : code.parameters()) {
        optional(parameter.value());
      }
      statements(code.body());
    }

    private MalformedModelException wrong(String what) {
      return new MalformedModelException(
          "its code is broken: " + code.file() + ":" + line + ": " + what);
    }

    private void statements(List<Statement> statements) throws MalformedModelException {
      for (Statement statement : statements) {
        budget.enter();
        line = statement.line();
        statement(statement);
        budget.exit();
      }
    }

    private void statement(Statement statement) throws MalformedModelException {
      if (statement instanceof Statement.Assign assign) {
        Value.Instance object = expression(assign.value());
        for (Expression target : assign.targets()) {
          assign(target, object);
        }
      } else if (statement instanceof Statement.Evaluate evaluate) {
        expression(evaluate.value());
      } else if (statement instanceof Statement.If branch) {
        expression(branch.condition());
        statements(branch.whenTrue());
        statements(branch.whenFalse());
      } else if (statement instanceof Statement.For loop) {
        expression(loop.items());
        assign(loop.target(), null);
        statements(loop.body());
      } else if (statement instanceof Statement.While loop) {
        expression(loop.condition());
        statements(loop.body());
      } else if (statement instanceof Statement.Return end) {
        optional(end.value());
      } else if (statement instanceof Statement.Raise raise) {
        optional(raise.reason());
      }
    }

    private void assign(Expression target, Value.@Nullable Instance object)
        throws MalformedModelException {
      if (target instanceof Expression.Variable variable) {
        // a name that held another object may hold either from now on
        boolean first = assigned.add(variable.name());
        if (object != null && first) {
          objects.put(variable.name(), object);
        } else {
          objects.remove(variable.name());
        }
      } else if (target instanceof Expression.TupleOf tuple) {
        for (Expression item : tuple.items()) {
          assign(item, null);
        }
      } else if (target instanceof Expression.Attribute attribute) {
        expression(attribute.target());
      } else {
        expression(target);
      }
    }

    private void optional(@Nullable Expression expression) throws MalformedModelException {
      if (expression != null) {
        expression(expression);
      }
    }

    private void all(List<Expression> expressions) throws MalformedModelException {
      for (Expression expression : expressions) {
        expression(expression);
      }
    }

    /** The object that an expression certainly is, or null. */
    private Value.@Nullable Instance expression(Expression expression)
        throws MalformedModelException {
      budget.enter();
      Value.Instance object = null;
      if (expression instanceof Expression.Variable variable) {
        if (!assigned.contains(variable.name())) {
          throw wrong("the variable " + variable.name() + " has no value");
        }
        object = objects.get(variable.name());
      } else if (expression instanceof Expression.Qualified name) {
        qualified(name.name());
      } else if (expression instanceof Expression.Attribute attribute) {
        object = attribute(expression(attribute.target()), attribute.name());
      } else if (expression instanceof Expression.Call call) {
        object = call(call);
      } else {
        parts(expression);
      }
      budget.exit();
      return object;
    }

    private void parts(Expression expression) throws MalformedModelException {
      if (expression instanceof Expression.ListOf list) {
        all(list.items());
      } else if (expression instanceof Expression.TupleOf tuple) {
        all(tuple.items());
      } else if (expression instanceof Expression.DictionaryOf dictionary) {
        all(dictionary.keys());
        all(dictionary.values());
      } else if (expression instanceof Expression.Subscript subscript) {
        expression(subscript.target());
        expression(subscript.index());
      } else if (expression instanceof Expression.Range range) {
        optional(range.begin());
        optional(range.end());
        optional(range.step());
      } else if (expression instanceof Expression.Operation operation) {
        all(operation.operands());
      } else if (expression instanceof Expression.Choice choice) {
        expression(choice.condition());
        expression(choice.whenTrue());
        expression(choice.whenFalse());
      }
    }

    private void qualified(String name) throws MalformedModelException {
      boolean constant = name.startsWith("CONSTANTS.");
      boolean exists =
          constant
              ? constants.contains(name.substring("CONSTANTS.".length()))
              : program.functionNamed(name) != null
                  || program.classNamed(name) != null
                  || NUMBERS.contains(name);
      if (!exists) {
        throw wrong("the name " + name + " is not in the archive");
      }
    }

    private Value.@Nullable Instance attribute(Value.@Nullable Instance target, String name)
        throws MalformedModelException {
      if (target == null) {
        return null;
      }
      ClassCode type = target.type();
      Value value = target.attributes().get(name);
      if (value == null
          && !type.methods().containsKey(name)
          && !type.constants().containsKey(name)) {
        throw wrong("a " + type.name() + " has no attribute " + name);
      }
      return value instanceof Value.Instance object ? object : null;
    }

    private Value.@Nullable Instance call(Expression.Call call) throws MalformedModelException {
      Value.Instance object = null;
      int type = -1;
      if (call.function() instanceof Expression.Variable variable
          && !assigned.contains(variable.name())) {
        type = TYPES.getOrDefault(variable.name(), -1);
        object = builtin(variable.name(), call);
      } else if (call.function() instanceof Expression.Qualified name) {
        function(name.name(), call);
      } else if (call.function() instanceof Expression.Attribute attribute) {
        Value.Instance target = expression(attribute.target());
        attribute(target, attribute.name());
        FunctionCode method =
            target == null || target.attributes().containsKey(attribute.name())
                ? null
                : target.type().methods().get(attribute.name());
        if (method != null) {
          called(method, 1, call);
          add(method, target);
        }
      } else {
        expression(call.function());
      }
      for (int i = 0; i < call.arguments().size(); i++) {
        if (i != type) {
          expression(call.arguments().get(i));
        }
      }
      for (Expression.Named argument : call.named()) {
        expression(argument.value());
      }
      return object;
    }

    /** {@code getattr} finds an object. */
    private Value.@Nullable Instance builtin(String name, Expression.Call call)
        throws MalformedModelException {
      return name.equals("getattr")
              && call.arguments().size() == 2
              && call.arguments().get(1) instanceof Expression.Literal literal
              && literal.value() instanceof String attribute
          ? attribute(expression(call.arguments().get(0)), attribute)
          : null;
    }

    private void function(String name, Expression.Call call) throws MalformedModelException {
      if (Evaluator.isOperator(name)) {
        return;
      }
      FunctionCode function = program.functionNamed(name);
      if (function != null) {
        called(function, 0, call);
        add(function, null);
      } else {
        String suffix = ".__new__";
        boolean made = name.endsWith(suffix);
        qualified(made ? name.substring(0, name.length() - suffix.length()) : name);
      }
    }

    /** Whether a call gives what a function wants, from its parameter {@code first} on. */
    private void called(FunctionCode function, int first, Expression.Call call)
        throws MalformedModelException {
      List<FunctionCode.Parameter> parameters = function.parameters();
      int given = call.arguments().size();
      boolean fits = given <= parameters.size() - first;
      for (int i = first + given; fits && i < parameters.size(); i++) {
        String parameter = parameters.get(i).name();
        fits =
            parameters.get(i).value() != null
                || call.named().stream().anyMatch(named -> named.name().equals(parameter));
      }
      if (!fits) {
        throw wrong(
            function.name() + " is called with " + given + " arguments, which do not fit it");
      }
    }
  }
}
