package org.djlmpc.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;
import org.djlmpc.layers.split.LabelLoss;
import org.djlmpc.layers.split.data.ColumnKind;
import org.djlmpc.layers.split.data.CsvFile;
import org.djlmpc.layers.split.data.Schema;
import org.djlmpc.layers.split.data.SchemaFile;
import org.djlmpc.layers.split.data.SchemaInference;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What the columns of CSV files are. */
final class ColumnOptions {
  @Option(
      names = "--schema",
      description =
          "JSON with the kinds of the file's columns, not guessed; for several files one each.")
  private List<Path> schemas = new ArrayList<>();

  @Option(names = "--label", description = "The file's column with the label.")
  private @Nullable String label;

  @Option(names = "--positive", description = "The value of the label that counts as 1.")
  private @Nullable String positive;

  /** The kinds that are given, else those that the rows look like, with a label for a loss. */
  Schema of(CsvFile file, LabelLoss loss) {
    return schemas.isEmpty()
        ? SchemaInference.infer(file, label, positive, loss)
        : of(List.of(file)).get(0);
  }

  /**
   * The same for the files of several holders, of which one has a label of two classes.
   *
   * @throws MpcException ARGUMENT for another number of schemas, or if no file has the label
   */
  List<Schema> of(List<CsvFile> files) {
    if (schemas.isEmpty()) {
      return files.size() == 1
          ? List.of(SchemaInference.infer(files.get(0), label, positive))
          : inferred(files);
    }
    if (schemas.size() != files.size()) {
      throw new MpcException(
          ErrorCode.ARGUMENT,
          schemas.size() + " schemas for " + files.size() + " files.",
          "Give a --schema for each file, in the same order, or none.");
    }
    return schemas.stream().map(SchemaFile::read).toList();
  }

  private List<Schema> inferred(List<CsvFile> files) {
    List<Schema> found = new ArrayList<>();
    for (CsvFile file : files) {
      Schema schema = SchemaInference.infer(file);
      boolean labelled = label != null && schema.columns().containsKey(label);
      found.add(labelled ? SchemaInference.infer(file, label, positive) : schema);
    }
    if (label != null && found.stream().allMatch(s -> s.names(ColumnKind.LABEL).isEmpty())) {
      throw new MpcException(
          ErrorCode.ARGUMENT,
          "No file has a column " + label + ".",
          "Choose among "
              + found.stream().flatMap(s -> Stream.of(s.columns().keySet())).toList()
              + ".");
    }
    return found;
  }
}
