package org.djlmpc.zoo.torchscript.run;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;
import org.djlmpc.graph.Tracer;
import org.djlmpc.zoo.ModelErrors;
import org.djlmpc.zoo.Partial;
import org.djlmpc.zoo.PartialOperators;
import org.djlmpc.zoo.UnsupportedOperators;
import org.djlmpc.zoo.torchscript.code.Expression;
import org.djlmpc.zoo.torchscript.code.FunctionCode;
import org.djlmpc.zoo.torchscript.code.Program;
import org.djlmpc.zoo.torchscript.code.Statement;
import org.jspecify.annotations.Nullable;

/**
 * Executes statements and calls.
 *
 * <p>An unsupported operator does not end the run: its result is unknown and the run goes on, so
 * that one error can name all of them. Where a condition is unknown both branches run, and what
 * they assign is unknown.
 */
public final class Interpreter {
  private final Tracer tracer;
  private final PartialOperators operators;
  private final Budget budget = new Budget();
  private final UnsupportedOperators unsupported = new UnsupportedOperators();
  private final Evaluator evaluator;

  /** How many unknown conditions the statement depends on. */
  private int uncertain;

  private String path = "";

  /**
   * An interpreter for one run.
   *
   * @param program the code
   * @param operations the operators
   * @param tracer the recording
   * @param operators what records into it
   * @param constants the values of {@code CONSTANTS}
   */
  public Interpreter(
      Program program,
      Operations operations,
      Tracer tracer,
      PartialOperators operators,
      Map<String, Value> constants) {
    this.tracer = tracer;
    this.operators = operators;
    this.evaluator = new Evaluator(this, program, operations, operators, constants);
  }

  /** What the run may cost. */
  public Budget budget() {
    return budget;
  }

  /** The operators that have no private form, as far as they were met. */
  public UnsupportedOperators unsupported() {
    return unsupported;
  }

  /**
   * Calls a function.
   *
   * @throws MpcException MALFORMED_MODEL if the code makes no sense, SHAPE if the model itself
   *     refuses its input, and what operators throw
   */
  public Value call(
      FunctionCode code,
      Value.@Nullable Instance self,
      List<Value> given,
      Map<String, Value> named) {
    budget.enter();
    Frame frame = new Frame(code);
    bind(frame, self, given, named);
    String before = path;
    String block = self == null ? "" : blockOf(self.path());
    if (!block.isEmpty()) {
      tracer.enter(block);
      path = Objects.requireNonNull(self).path();
    }
    run(code.body(), frame);
    if (!block.isEmpty()) {
      tracer.exit();
      path = before;
    }
    budget.exit();
    return frame.result;
  }

  /** The path of a module relative to the one that is running; empty if it is the same. */
  private String blockOf(String callee) {
    if (callee.equals(path)) {
      return "";
    }
    String below = path.isEmpty() ? "" : path + ".";
    String block = callee.startsWith(below) ? callee.substring(below.length()) : callee;
    return block.replace('.', '/');
  }

  private void bind(
      Frame frame, Value.@Nullable Instance self, List<Value> given, Map<String, Value> named) {
    List<FunctionCode.Parameter> parameters = frame.code.parameters();
    int first = 0;
    if (self != null && !parameters.isEmpty()) {
      frame.variables.put(parameters.get(0).name(), self);
      first = 1;
    }
    if (given.size() > parameters.size() - first) {
      throw malformed(frame, "it is called with " + given.size() + " arguments");
    }
    for (int i = first; i < parameters.size(); i++) {
      FunctionCode.Parameter parameter = parameters.get(i);
      Value value;
      if (i - first < given.size()) {
        value = given.get(i - first);
      } else if (named.containsKey(parameter.name())) {
        value = Objects.requireNonNull(named.get(parameter.name()));
      } else if (parameter.value() != null) {
        value = evaluator.evaluate(parameter.value(), frame);
      } else {
        throw malformed(frame, "it is called without the argument " + parameter.name());
      }
      frame.variables.put(parameter.name(), value);
    }
  }

  private static MpcException malformed(Frame frame, String problem) {
    return ModelErrors.malformed(
        "The function " + frame.code.name() + " at " + frame.location() + ": " + problem + ".");
  }

  /** Notes an operator without private form. */
  void report(UnsupportedCall call, Frame frame) {
    if (uncertain > 0) {
      unsupported.addPossible(call.what());
      return;
    }
    String place = tracer.place();
    unsupported.add(
        call.what(),
        place.isEmpty() ? frame.location() : place + ", " + frame.location(),
        call.instead());
  }

  /**
   * The model refuses its input.
   *
   * @throws MpcException SHAPE, unless it is unknown whether the code gets here
   */
  void raise(String reason, Frame frame) {
    if (uncertain == 0) {
      throw new MpcException(
          ErrorCode.SHAPE,
          "The model refuses its input at " + frame.location() + ": " + reason + ".",
          "Give inputs of the shapes that the model was made for.");
    }
  }

  private Flow run(List<Statement> statements, Frame frame) {
    for (Statement statement : statements) {
      Flow flow = run(statement, frame);
      if (flow != Flow.NEXT) {
        return flow;
      }
    }
    return Flow.NEXT;
  }

  private Flow run(Statement statement, Frame frame) {
    budget.enter();
    frame.line = statement.line();
    Flow flow = Flow.NEXT;
    if (statement instanceof Statement.Assign assign) {
      Value value = evaluator.evaluate(assign.value(), frame);
      assign.targets().forEach(target -> assign(target, value, frame));
    } else if (statement instanceof Statement.Evaluate evaluate) {
      evaluator.evaluate(evaluate.value(), frame);
    } else if (statement instanceof Statement.If branch) {
      flow = run(branch, frame);
    } else if (statement instanceof Statement.For loop) {
      flow = run(loop, frame);
    } else if (statement instanceof Statement.While loop) {
      flow = run(loop, frame);
    } else if (statement instanceof Statement.Return end) {
      frame.result =
          end.value() == null || uncertain > 0 && frame.result == Value.Single.UNKNOWN
              ? frame.result
              : evaluator.evaluate(end.value(), frame);
      flow = Flow.RETURN;
    } else if (statement instanceof Statement.Raise raise) {
      raise(raise.reason() == null ? "an assertion" : "an assertion in its code", frame);
    } else if (statement instanceof Statement.Leave leave) {
      flow = leave.loopEnds() ? Flow.BREAK : Flow.CONTINUE;
    }
    budget.exit();
    return flow;
  }

  private Flow run(Statement.If branch, Frame frame) {
    Value condition = evaluator.truth(branch.condition(), frame);
    if (condition instanceof Value.Bool truth) {
      return run(truth.value() ? branch.whenTrue() : branch.whenFalse(), frame);
    }
    runUncertain(frame, branch.whenTrue(), branch.whenFalse());
    return Flow.NEXT;
  }

  /** Runs code of which it is unknown whether it would run. */
  @SafeVarargs
  private void runUncertain(Frame frame, List<Statement>... blocks) {
    uncertain++;
    Map<String, Value> before = new HashMap<>(frame.variables);
    budget.charge(before.size());
    for (List<Statement> block : blocks) {
      Value result = frame.result;
      if (run(block, frame) == Flow.RETURN) {
        result = Value.Single.UNKNOWN;
      }
      frame.result = result;
    }
    frame.variables.replaceAll(
        (name, value) -> before.get(name) == value ? value : Value.Single.UNKNOWN);
    uncertain--;
  }

  private Flow run(Statement.For loop, Frame frame) {
    Value items = evaluator.evaluate(loop.items(), frame);
    if (items == Value.Single.UNKNOWN) {
      assign(loop.target(), items, frame);
      runUncertain(frame, loop.body());
      return Flow.NEXT;
    }
    if (items instanceof Value.RangeValue range) {
      return run(loop, range, frame);
    }
    List<Value> list =
        Arguments.items(items).orElseThrow(() -> malformed(frame, "it loops over no list"));
    // the list may grow meanwhile; the budget ends that
    for (int i = 0; i < list.size(); i++) {
      Flow flow = once(loop, list.get(i), frame);
      if (flow != Flow.NEXT) {
        return flow == Flow.RETURN ? flow : Flow.NEXT;
      }
    }
    return Flow.NEXT;
  }

  private Flow run(Statement.For loop, Value.RangeValue range, Frame frame) {
    long step = range.step();
    long i = range.begin();
    while (step > 0 ? i < range.end() : i > range.end()) {
      Flow flow = once(loop, new Value.Int(i), frame);
      if (flow != Flow.NEXT) {
        return flow == Flow.RETURN ? flow : Flow.NEXT;
      }
      if (step > 0 ? i > Long.MAX_VALUE - step : i < Long.MIN_VALUE - step) {
        break;
      }
      i += step;
    }
    return Flow.NEXT;
  }

  private void assign(Expression target, Value value, Frame frame) {
    try {
      evaluator.assign(target, value, frame);
    } catch (UnsupportedCall e) {
      report(e, frame);
    }
  }

  /** The elements of a result; nothing, and a report, if they have no private form. */
  public Optional<Partial> read(TensorValue result) {
    try {
      return Optional.of(result.read(operators));
    } catch (UnsupportedCall e) {
      unsupported.add(e.what(), "the result", e.instead());
      return Optional.empty();
    }
  }

  private Flow once(Statement.For loop, Value item, Frame frame) {
    budget.charge(1);
    assign(loop.target(), item, frame);
    Flow flow = run(loop.body(), frame);
    return flow == Flow.CONTINUE ? Flow.NEXT : flow;
  }

  private Flow run(Statement.While loop, Frame frame) {
    while (true) {
      budget.charge(1);
      Value condition = evaluator.truth(loop.condition(), frame);
      if (!(condition instanceof Value.Bool truth)) {
        runUncertain(frame, loop.body());
        return Flow.NEXT;
      }
      if (!truth.value()) {
        return Flow.NEXT;
      }
      Flow flow = run(loop.body(), frame);
      if (flow == Flow.RETURN) {
        return flow;
      }
      if (flow == Flow.BREAK) {
        return Flow.NEXT;
      }
    }
  }

  /** How a statement ends. */
  private enum Flow {
    NEXT,
    RETURN,
    BREAK,
    CONTINUE
  }
}
