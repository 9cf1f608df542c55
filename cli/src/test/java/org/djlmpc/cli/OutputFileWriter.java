package org.djlmpc.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** A process that begins a file and does not finish it. */
final class OutputFileWriter {
  private OutputFileWriter() {}

  /** Starts it; it prints a mark when it has begun. */
  static Process start(Path target) throws IOException {
    return JavaProcess.builder(
            List.of("-Xmx64m"), OutputFileWriter.class, List.of(target.toString()))
        .start();
  }

  /** Begins the file and waits for the end of the input. */
  public static void main(String[] args) throws IOException {
    OutputFile file = new OutputFile(Path.of(args[0]));
    System.out.print('!');
    System.out.flush();
    while (System.in.read() >= 0) {
      // somebody kills this process
    }
    file.close();
  }
}
