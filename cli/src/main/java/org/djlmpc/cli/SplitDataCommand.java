package org.djlmpc.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.djlmpc.layers.split.LabelLoss;
import org.djlmpc.layers.split.data.CsvFile;
import org.djlmpc.layers.split.data.DataSet;
import org.djlmpc.layers.split.data.Schema;
import org.djlmpc.layers.split.data.SchemaFile;
import org.djlmpc.layers.split.data.Table;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Shows what the columns of a CSV file are taken for, or writes a file of made-up rows. */
@Command(
    name = "data",
    description =
        "Shows what the columns of a CSV file are taken for and checks all its rows, or writes a"
            + " file of made-up rows.",
    mixinStandardHelpOptions = true)
final class SplitDataCommand implements Callable<Integer> {

  @ArgGroup(multiplicity = "1")
  private Source source = new Source();

  private static final class Source {
    @Option(names = "--file", description = "A CSV file; .gz is unpacked.")
    private @Nullable Path file;

    @Option(
        names = "--generate",
        description = "Write rows of synthetic-fraud or synthetic-distress to --output.")
    private @Nullable String generate;
  }

  @Mixin private final ColumnOptions columns = new ColumnOptions();

  @Mixin private final CsvOptions csv = new CsvOptions();

  @Option(
      names = "--loss",
      defaultValue = "binary",
      description =
          "What labels are: binary (one value is positive), softmax (classes) or squared (numbers)."
              + " Default: ${DEFAULT-VALUE}.")
  private LabelLoss loss = LabelLoss.BINARY;

  @Option(names = "--json", description = "Print the schema as JSON, to be edited.")
  private boolean json;

  @Option(names = "--output", description = "Where to write made-up rows.")
  private @Nullable Path output;

  @Option(names = "--rows", description = "How many made-up rows. Default: as the original.")
  private @Nullable Integer rows;

  @Option(
      names = "--holders",
      defaultValue = "1",
      description =
          "Divide the columns of made-up rows among holders; their files are the output's name with"
              + " -0, -1, ... before its extension. Default: ${DEFAULT-VALUE}.")
  private int holders = 1;

  @Option(
      names = "--seed",
      defaultValue = "1",
      description = "Of made-up rows. Default: ${DEFAULT-VALUE}.")
  private long seed = 1;

  @Spec private @Nullable CommandSpec command;

  @Override
  public Integer call() {
    if (command == null) {
      return 2;
    }
    PrintWriter out = command.commandLine().getOut();
    AtLeastOne.require(command, "--rows", rows == null ? 1 : rows);
    AtLeastOne.require(command, "--holders", holders);
    if (source.generate != null) {
      if (output == null) {
        throw new ParameterException(
            command.commandLine(), "--generate needs a file; name it with --output.");
      }
      generate(DataSet.byName(source.generate), output, out);
    } else if (source.file != null) {
      show(csv.of(source.file), out);
    }
    out.flush();
    return 0;
  }

  private void show(CsvFile file, PrintWriter out) {
    Schema kinds = columns.of(file, loss);
    if (json) {
      out.println(SchemaFile.toJson(kinds));
      return;
    }
    out.print(kinds);
    try (Table table = Table.read(file, kinds, loss, true)) {
      out.printf("%d rows, all readable%n", table.rows());
    }
  }

  private void generate(DataSet set, Path output, PrintWriter out) {
    int count = rows == null ? set.rows() : rows;
    for (int holder = 0; holder < holders; holder++) {
      int number = holder;
      Path path = holders == 1 ? output : numbered(output, holder);
      try (OutputFile file = new OutputFile(path)) {
        file.write(contents -> set.writeCsv(contents, count, seed, number, holders));
      }
      out.printf("%d rows of %s written to %s%n", count, set.id(), path);
    }
  }

  /** {@code rows-1.csv} for {@code rows.csv}. */
  private static Path numbered(Path file, int number) {
    String name = file.getFileName().toString();
    int dot = name.lastIndexOf('.');
    int end = dot > 0 ? dot : name.length();
    return file.resolveSibling(name.substring(0, end) + "-" + number + name.substring(end));
  }
}
