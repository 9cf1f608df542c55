package org.djlmpc.cli;

import java.nio.file.Path;
import org.djlmpc.layers.split.data.CsvFile;
import org.djlmpc.layers.split.data.Schema;
import org.djlmpc.layers.split.data.SchemaFile;
import org.djlmpc.layers.split.data.SchemaInference;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What the columns of a CSV file are. */
final class ColumnOptions {
  @Option(
      names = "--schema",
      description = "JSON with the kinds of the file's columns, not guessed.")
  private @Nullable Path schema;

  @Option(names = "--label", description = "The file's column with the two classes.")
  private @Nullable String label;

  @Option(names = "--positive", description = "The value of the label that counts as 1.")
  private @Nullable String positive;

  /** The kinds that are given, else those that the rows look like. */
  Schema of(CsvFile file) {
    return schema == null ? SchemaInference.infer(file, label, positive) : SchemaFile.read(schema);
  }
}
