package org.djlmpc.zoo.torchscript.code;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A function or a method.
 *
 * @param name its name
 * @param parameters its parameters; a method's first is {@code self}
 * @param body its statements
 * @param file the source file
 * @param line the line of its {@code def}
 */
public record FunctionCode(
    String name, List<Parameter> parameters, List<Statement> body, String file, int line) {
  /**
   * A parameter.
   *
   * @param name its name
   * @param type its type
   * @param value its value where no argument is given
   */
  public record Parameter(String name, @Nullable Expression type, @Nullable Expression value) {}
}
