package org.djlmpc.cli;

import java.nio.charset.Charset;
import java.nio.file.Path;
import org.djlmpc.layers.split.data.CsvFile;
import picocli.CommandLine.Option;

/** How CSV files are written. */
final class CsvOptions {
  @Option(
      names = "--charset",
      defaultValue = "UTF-8",
      description = "Encoding of the file. Default: ${DEFAULT-VALUE}.")
  private Charset charset = Charset.defaultCharset();

  @Option(
      names = "--separator",
      defaultValue = ",",
      description = "Between the fields. Default: ${DEFAULT-VALUE}")
  private char separator = ',';

  /** A file that is written so. */
  CsvFile of(Path file) {
    return CsvFile.of(file).withCharset(charset).withSeparator(separator);
  }
}
