package org.djlmpc.zoo.torchscript.run;

import java.util.HashMap;
import java.util.Map;
import org.djlmpc.zoo.torchscript.code.FunctionCode;

/** A function that is running: its variables, and where it is. */
final class Frame {
  final FunctionCode code;
  final Map<String, Value> variables = new HashMap<>();
  int line;
  Value result = Value.Single.NONE;

  Frame(FunctionCode code) {
    this.code = code;
    this.line = code.line();
  }

  String location() {
    return code.file() + ":" + line;
  }
}
