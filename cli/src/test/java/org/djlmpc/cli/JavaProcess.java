package org.djlmpc.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Another JVM of the kind and with the classes of this one, which warns of nothing. */
final class JavaProcess {
  /** From here on Java warns of what DJL and JNA do, unless it is told to allow it. */
  private static final int WARNS = 24;

  private JavaProcess() {}

  /** The process to be started. */
  static ProcessBuilder builder(List<String> options, Class<?> main, List<String> arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    if (Runtime.version().feature() >= WARNS) {
      command.add("--enable-native-access=ALL-UNNAMED");
      command.add("--sun-misc-unsafe-memory-access=allow");
    }
    command.addAll(options);
    command.add(main.getName());
    command.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(command);
    // not an argument: it is long
    builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
    return builder;
  }
}
