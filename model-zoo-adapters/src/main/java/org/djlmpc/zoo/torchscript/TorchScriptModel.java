package org.djlmpc.zoo.torchscript;

import static java.nio.charset.StandardCharsets.UTF_8;

import ai.djl.MalformedModelException;
import ai.djl.ndarray.types.DataType;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;
import org.djlmpc.graph.Graph;
import org.djlmpc.graph.GraphSource;
import org.djlmpc.graph.PublicTensor;
import org.djlmpc.graph.TensorType;
import org.djlmpc.graph.Traced;
import org.djlmpc.graph.Tracer;
import org.djlmpc.zoo.ModelErrors;
import org.djlmpc.zoo.Partial;
import org.djlmpc.zoo.PartialOperators;
import org.djlmpc.zoo.torchscript.archive.Pickled;
import org.djlmpc.zoo.torchscript.archive.TensorLoader;
import org.djlmpc.zoo.torchscript.archive.TorchArchive;
import org.djlmpc.zoo.torchscript.code.ClassCode;
import org.djlmpc.zoo.torchscript.code.Expression;
import org.djlmpc.zoo.torchscript.code.FunctionCode;
import org.djlmpc.zoo.torchscript.code.Program;
import org.djlmpc.zoo.torchscript.operators.TorchOperations;
import org.djlmpc.zoo.torchscript.run.Arguments;
import org.djlmpc.zoo.torchscript.run.Interpreter;
import org.djlmpc.zoo.torchscript.run.NameCheck;
import org.djlmpc.zoo.torchscript.run.ObjectTree;
import org.djlmpc.zoo.torchscript.run.TensorValue;
import org.djlmpc.zoo.torchscript.run.Value;

/** A module: its code, its objects and its tensors. Every graph comes from a run of its own. */
final class TorchScriptModel implements GraphSource {
  /** Outputs are tensors, or lists of them, a few levels deep. */
  private static final int MAX_OUTPUT_DEPTH = 8;

  private final Program program;
  private final Pickled.Instance root;
  private final FunctionCode forward;
  private final List<Pickled> constants;
  private final IdentityHashMap<Pickled.Tensor, PublicTensor> tensors = new IdentityHashMap<>();

  private TorchScriptModel(
      Program program, Pickled.Instance root, FunctionCode forward, List<Pickled> constants) {
    this.program = program;
    this.root = root;
    this.forward = forward;
    this.constants = constants;
  }

  /** Reads everything that a run will need; the archive is not needed afterwards. */
  static TorchScriptModel read(TorchArchive archive) throws IOException, MalformedModelException {
    if (archive.has("byteorder")
        && !new String(archive.bytes("byteorder", 16), UTF_8).equals("little")) {
      throw new MalformedModelException("its tensors are not little-endian");
    }
    List<String> sources = archive.sources();
    if (sources.isEmpty()) {
      throw new MalformedModelException(
          "it holds weights without code; save a traced or scripted module with torch.jit.save");
    }
    if (!(archive.pickle("data.pkl") instanceof Pickled.Instance root)) {
      throw new MalformedModelException("its data.pkl holds no module");
    }
    Program program = new Program();
    for (String source : sources) {
      program.add(source, archive.source(source));
    }
    ClassCode type = program.classNamed(root.className());
    FunctionCode forward = type == null ? null : type.methods().get("forward");
    if (forward == null || forward.parameters().isEmpty()) {
      throw new MalformedModelException("its module has no method forward");
    }
    Pickled constants =
        archive.has("constants.pkl") ? archive.pickle("constants.pkl") : Pickled.None.NONE;
    TorchScriptModel model =
        new TorchScriptModel(
            program,
            root,
            forward,
            constants instanceof Pickled.Sequence items ? List.copyOf(items.items()) : List.of());
    model.tensors.putAll(TensorLoader.load(archive, "data", root));
    model.tensors.putAll(TensorLoader.load(archive, "constants", constants));
    model.check();
    return model;
  }

  /**
   * Makes the objects once, and looks up all names in the code, so that what is wrong with them is
   * known when the file is read.
   */
  private void check() throws MalformedModelException {
    Run run;
    Value.Instance self;
    try {
      Tracer tracer = new Tracer();
      run = new Run(tracer, new PartialOperators(tracer));
      self = run.root();
    } catch (MpcException e) {
      throw new MalformedModelException("its objects cannot be made: " + e.getMessage(), e);
    }
    new NameCheck(program, run.constantValues.keySet()).check(self, forward);
  }

  @Override
  public Graph graph(List<TensorType> inputs) {
    try {
      return evaluated(inputs);
    } catch (MpcException e) {
      throw ModelErrors.refused(e);
    }
  }

  private Graph evaluated(List<TensorType> inputs) {
    Tracer tracer = new Tracer();
    PartialOperators operators = new PartialOperators(tracer);
    Run run = new Run(tracer, operators);
    List<Traced> outputs = new ArrayList<>();
    try {
      Value.Instance self = run.root();
      Value result = run.interpreter.call(forward, self, arguments(operators, inputs), Map.of());
      if (run.interpreter.unsupported().isEmpty()) {
        new Outputs(run.interpreter, operators, outputs).collect(result, 0);
      }
    } catch (MpcException e) {
      // what an unknown value leads to is of no interest
      if (run.interpreter.unsupported().isEmpty()) {
        throw e;
      }
    }
    if (!run.interpreter.unsupported().isEmpty()) {
      throw run.interpreter.unsupported().toException();
    }
    return tracer.finish(outputs);
  }

  /** Names without shapes, as code declares them; nothing about how long a list is. */
  @Override
  public List<DeclaredInput> declaredInputs() {
    List<FunctionCode.Parameter> parameters =
        forward.parameters().subList(1, forward.parameters().size());
    if (parameters.size() == 1 && !container(parameters.get(0)).isEmpty()) {
      return List.of();
    }
    return parameters.stream()
        .filter(parameter -> parameter.value() == null)
        .map(parameter -> new DeclaredInput(parameter.name(), null))
        .toList();
  }

  /** An interpreter with objects of its own. */
  private final class Run {
    private final Map<String, Value> constantValues = new HashMap<>();
    private final PartialOperators operators;
    private final Interpreter interpreter;

    Run(Tracer tracer, PartialOperators operators) {
      this.operators = operators;
      this.interpreter =
          new Interpreter(program, TorchOperations.all(), tracer, operators, constantValues);
    }

    Value.Instance root() {
      ObjectTree tree = new ObjectTree(program, tensors, interpreter);
      for (int i = 0; i < constants.size(); i++) {
        Value constant = tree.value(constants.get(i), "CONSTANTS.c" + i);
        constantValues.put("c" + i, constant(constant, operators));
      }
      return (Value.Instance) tree.value(root, "");
    }
  }

  /**
   * Numbers in the code of a traced module are saved as tensors without axes, real ones in double
   * precision: they belong to the architecture. Anything else is a weight.
   */
  private static Value constant(Value value, PartialOperators operators) {
    if (value instanceof TensorValue tensor
        && tensor.read(operators) instanceof Partial.Known known
        && known.shape().isScalar()
        && known.dataType() != DataType.FLOAT32) {
      return TensorValue.of(PartialOperators.architecture(known.tensor()));
    }
    return value;
  }

  private List<Value> arguments(PartialOperators operators, List<TensorType> inputs) {
    List<FunctionCode.Parameter> parameters =
        forward.parameters().subList(1, forward.parameters().size());
    String container = parameters.size() == 1 ? container(parameters.get(0)) : "";
    boolean packed = !container.isEmpty();
    long required = parameters.stream().filter(p -> p.value() == null).count();
    if (!packed && (inputs.size() > parameters.size() || inputs.size() < required)) {
      throw new MpcException(
          ErrorCode.SHAPE,
          inputs.size() + " inputs for a model with " + parameters.size() + ".",
          "Give one for each of "
              + parameters.stream().map(FunctionCode.Parameter::name).toList()
              + ".");
    }
    List<Value> values = new ArrayList<>();
    for (int i = 0; i < inputs.size(); i++) {
      String name = packed ? parameters.get(0).name() + i : parameters.get(i).name();
      values.add(TensorValue.of(operators.input(name, inputs.get(i))));
    }
    if (!packed) {
      return values;
    }
    return List.of(
        container.equals("List")
            ? new Value.ListValue(values)
            : new Value.TupleValue(values, List.of()));
  }

  /** {@code List} or {@code Tuple} if that is what a parameter takes, or nothing. */
  private static String container(FunctionCode.Parameter parameter) {
    return parameter.type() instanceof Expression.Subscript generic
            && generic.target() instanceof Expression.Variable name
            && (name.name().equals("List") || name.name().equals("Tuple"))
        ? name.name()
        : "";
  }

  /**
   * Finds the tensors of a result, in order.
   *
   * @param interpreter has the budget
   * @param operators what records
   * @param found where the tensors go
   */
  private record Outputs(Interpreter interpreter, PartialOperators operators, List<Traced> found) {
    void collect(Value value, int depth) {
      interpreter.budget().charge(1);
      if (value instanceof TensorValue tensor) {
        interpreter.read(tensor).ifPresent(x -> found.add(operators.lift(x)));
        return;
      }
      List<Value> items =
          value instanceof Value.DictionaryValue dictionary
              ? List.copyOf(dictionary.entries().values())
              : Arguments.items(value).orElse(null);
      if (items == null || depth >= MAX_OUTPUT_DEPTH) {
        if (value == Value.Single.NONE && depth > 0) {
          return;
        }
        throw ModelErrors.malformed("The model returns something that is no tensor.");
      }
      items.forEach(item -> collect(item, depth + 1));
    }
  }
}
