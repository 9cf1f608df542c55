package org.djlmpc.zoo.torchscript.code;

import ai.djl.MalformedModelException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** All classes and functions of an archive, by qualified name. */
public final class Program {
  private final Map<String, ClassCode> classes = new HashMap<>();
  private final Map<String, FunctionCode> functions = new HashMap<>();

  /**
   * Adds what a source file defines.
   *
   * @param file its name, such as {@code code/__torch__/torch/nn/functional.py}
   * @param text its text
   * @throws MalformedModelException if the text is not what TorchScript's printer writes
   */
  public void add(String file, String text) throws MalformedModelException {
    String path = file.substring("code/".length(), file.length() - ".py".length());
    new ModuleParser(file, path.replace('/', '.'), text).parseInto(classes, functions);
  }

  /** The class of a qualified name, or null. */
  public @Nullable ClassCode classNamed(String name) {
    return classes.get(name);
  }

  /** The function of a qualified name, or null. */
  public @Nullable FunctionCode functionNamed(String name) {
    return functions.get(name);
  }
}
