package org.djlmpc.zoo.torchscript.run;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.djlmpc.graph.PublicTensor;
import org.djlmpc.zoo.ModelErrors;
import org.djlmpc.zoo.Partial;
import org.djlmpc.zoo.torchscript.archive.Pickled;
import org.djlmpc.zoo.torchscript.code.ClassCode;
import org.djlmpc.zoo.torchscript.code.FunctionCode;
import org.djlmpc.zoo.torchscript.code.Program;

/**
 * Makes the objects of a run out of pickled data: modules with their attributes, anew for each run,
 * because a run may change them.
 *
 * <p>Tensors become weights under their path in the tree. {@code training} is always false.
 */
public final class ObjectTree {
  /** Every operator remembers the path of its module. */
  private static final int MAX_PATH = 512;

  /**
   * Classes of libraries, which have no code in the archive, such as the weights of quantized
   * layers. Their objects are unknown, and what reads them is reported.
   */
  private static final String LIBRARIES = "__torch__.torch.classes.";

  private final Program program;
  private final IdentityHashMap<Pickled.Tensor, PublicTensor> tensors;
  private final Interpreter interpreter;
  private final IdentityHashMap<Pickled, Value> made = new IdentityHashMap<>();

  /**
   * Objects for one run.
   *
   * @param program the classes
   * @param tensors the elements of pickled tensors
   * @param interpreter runs the methods that restore saved state
   */
  public ObjectTree(
      Program program,
      IdentityHashMap<Pickled.Tensor, PublicTensor> tensors,
      Interpreter interpreter) {
    this.program = program;
    this.tensors = tensors;
    this.interpreter = interpreter;
  }

  /**
   * The value of pickled data.
   *
   * @param data the data
   * @param path the path of attributes to it
   * @throws org.djlmpc.error.MpcException MALFORMED_MODEL if a class is missing
   */
  public Value value(Pickled data, String path) {
    Value known = made.get(data);
    if (known != null) {
      return known;
    }
    interpreter.budget().enter();
    Value value = make(data, path);
    interpreter.budget().exit();
    return value;
  }

  private Value make(Pickled data, String path) {
    if (data instanceof Pickled.Int number) {
      return new Value.Int(number.value());
    }
    if (data instanceof Pickled.Real number) {
      return new Value.Real(number.value());
    }
    if (data instanceof Pickled.Bool truth) {
      return new Value.Bool(truth.value());
    }
    if (data instanceof Pickled.Text text) {
      return new Value.Text(text.value());
    }
    if (data instanceof Pickled.Tensor tensor) {
      return kept(data, TensorValue.of(tensor(tensor, path)));
    }
    if (data instanceof Pickled.Sequence sequence) {
      return sequence(sequence, path);
    }
    if (data instanceof Pickled.Dictionary dictionary) {
      Value.DictionaryValue entries = new Value.DictionaryValue();
      made.put(data, entries);
      dictionary
          .entries()
          .forEach((key, item) -> entries.entries().put(value(key, path), value(item, path)));
      return entries;
    }
    if (data instanceof Pickled.Instance instance) {
      return instance(instance, path);
    }
    return data == Pickled.Quantized.TENSOR ? Value.Single.UNKNOWN : Value.Single.NONE;
  }

  private Value kept(Pickled data, Value value) {
    made.put(data, value);
    return value;
  }

  private Partial tensor(Pickled.Tensor tensor, String path) {
    PublicTensor elements = tensors.get(tensor);
    if (elements == null) {
      throw ModelErrors.malformed("The tensor " + path + " has no elements.");
    }
    return new Partial.Known(elements, path);
  }

  private Value sequence(Pickled.Sequence sequence, String path) {
    List<Value> items = new ArrayList<>();
    Value.ListValue list = new Value.ListValue(items);
    if (!sequence.isTuple()) {
      made.put(sequence, list);
    }
    for (int i = 0; i < sequence.items().size(); i++) {
      items.add(value(sequence.items().get(i), path + "." + i));
    }
    return sequence.isTuple() ? kept(sequence, new Value.TupleValue(items, List.of())) : list;
  }

  private Value instance(Pickled.Instance data, String path) {
    ClassCode type = program.classNamed(data.className());
    if (type == null && data.className().startsWith(LIBRARIES)) {
      return kept(data, Value.Single.UNKNOWN);
    }
    if (type == null) {
      throw ModelErrors.malformed("The class " + data.className() + " is not in the archive.");
    }
    if (path.length() > MAX_PATH) {
      throw ModelErrors.malformed("A module's path has " + path.length() + " characters.");
    }
    Value.Instance instance = new Value.Instance(type, path);
    made.put(data, instance);
    Pickled state = data.state();
    FunctionCode restore = type.methods().get("__setstate__");
    if (state != null && restore != null) {
      interpreter.call(restore, instance, List.of(value(state, path)), Map.of());
    } else if (state instanceof Pickled.Dictionary dictionary) {
      for (Map.Entry<Pickled, Pickled> entry : dictionary.entries().entrySet()) {
        if (!(entry.getKey() instanceof Pickled.Text name)) {
          throw ModelErrors.malformed("An attribute of " + type.name() + " has no name.");
        }
        String attribute = path.isEmpty() ? name.value() : path + "." + name.value();
        instance.attributes().put(name.value(), value(entry.getValue(), attribute));
      }
    } else if (state != null) {
      throw ModelErrors.malformed("The attributes of a " + type.name() + " have no names.");
    }
    if (instance.attributes().containsKey("training")) {
      instance.attributes().put("training", new Value.Bool(false));
    }
    return instance;
  }
}
