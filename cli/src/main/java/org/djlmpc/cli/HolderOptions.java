package org.djlmpc.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;
import org.djlmpc.layers.split.data.ColumnKind;
import org.djlmpc.layers.split.data.CsvFile;
import org.djlmpc.layers.split.data.DataSet;
import org.djlmpc.layers.split.data.RowIds;
import org.djlmpc.layers.split.data.Schema;
import org.djlmpc.layers.split.data.Table;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The rows of an experiment, and which holder has which columns. */
final class HolderOptions {
  private static final int TWO = 2;

  @ArgGroup(multiplicity = "1")
  private Source source = new Source();

  private static final class Source {
    @Option(
        names = "--data",
        description = "lending_club, credit_data, synthetic-fraud or synthetic-distress.")
    private @Nullable String data;

    @Option(
        names = "--file",
        description =
            "A CSV file with the columns of all holders; or repeat it with a file for each holder,"
                + " row by row the same, as split align writes them.")
    private List<Path> files = new ArrayList<>();
  }

  @Mixin private final ColumnOptions columns = new ColumnOptions();

  @Mixin private final CsvOptions csv = new CsvOptions();

  @Option(
      names = "--columns",
      description =
          "The columns of a holder, with commas between; repeat it for each holder. The first has"
              + " the labels. Default: divided evenly, in their order.")
  private List<String> divided = new ArrayList<>();

  @Option(
      names = "--holders",
      description = "Among whom columns are divided evenly. Default: " + TWO + ".")
  private @Nullable Integer holders;

  @Option(names = "--rows", description = "First rows of --data, or made-up rows. Default: all.")
  private @Nullable Integer rows;

  /** What is wrong with the options, or nothing. */
  String problem() {
    if (source.files.size() > 1 && !divided.isEmpty()) {
      return "--columns divides the columns of one file; several files are divided already.";
    }
    if (holders != null && (source.files.size() > 1 || !divided.isEmpty())) {
      return "--holders divides evenly; with --columns or several files leave it away.";
    }
    return "";
  }

  /**
   * Reads the rows.
   *
   * @param seed of rows that are made up
   */
  HolderTables read(long seed) {
    if (source.data != null) {
      DataSet data = DataSet.byName(source.data);
      Table table = data.table(rows == null ? data.rows() : rows, seed);
      return new HolderTables(data.id(), List.of(table), divide(table));
    }
    List<CsvFile> files = source.files.stream().map(csv::of).toList();
    List<Schema> schemas = columns.of(files);
    requireSameIds(files, schemas);
    List<Table> tables =
        IntStream.range(0, files.size())
            .mapToObj(i -> Table.read(files.get(i), schemas.get(i)))
            .toList();
    String names =
        source.files.stream()
            .map(path -> String.valueOf(path.getFileName()))
            .collect(Collectors.joining(", "));
    return new HolderTables(names, tables, tables.size() > 1 ? tables : divide(tables.get(0)));
  }

  /** Rows that do not belong together would look as if nothing were given away. */
  private static void requireSameIds(List<CsvFile> files, List<Schema> schemas) {
    Map<List<String>, List<String>> found = new HashMap<>();
    for (int i = 0; files.size() > 1 && i < files.size(); i++) {
      List<String> column = schemas.get(i).names(ColumnKind.ID);
      if (!column.isEmpty()) {
        List<String> ids = RowIds.read(files.get(i), schemas.get(i));
        List<String> others = found.putIfAbsent(column, ids);
        if (others != null && !others.equals(ids)) {
          throw new MpcException(
              ErrorCode.ARGUMENT,
              "The files have different rows, or in another order: their columns "
                  + column.get(0)
                  + " differ.",
              "Align them with split align.");
        }
      }
    }
  }

  private List<Table> divide(Table table) {
    if (divided.isEmpty()) {
      return table.divide(holders == null ? TWO : holders);
    }
    List<Table> parts = new ArrayList<>();
    for (String names : divided) {
      List<String> held = Arrays.stream(names.split(",", -1)).map(String::strip).toList();
      parts.add(table.only(held, parts.isEmpty()));
    }
    return parts;
  }
}
