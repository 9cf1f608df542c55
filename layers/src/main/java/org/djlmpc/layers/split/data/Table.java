package org.djlmpc.layers.split.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;
import org.djlmpc.layers.split.ColumnRange;
import org.djlmpc.layers.split.LabelLoss;
import org.jspecify.annotations.Nullable;

/**
 * The columns of one holder as they are in its file: numbers, of which some may be missing,
 * categories, and the label. Row i stays row i; standardization comes with {@link Encoder}.
 *
 * <p>Small tables live in memory, large ones in a temporary file. Any number of threads may read.
 */
public final class Table implements AutoCloseable {
  private final RowStore store;
  private final List<Column> columns;
  private final @Nullable LabelValues labelValues;

  /**
   * A column.
   *
   * @param cell its place in the rows of the store
   * @param values of a categorical column, by number; none for others
   */
  record Column(String name, ColumnKind kind, int cell, List<String> values) {}

  Table(RowStore store, List<Column> columns, @Nullable LabelValues labelValues) {
    this.store = store;
    this.labelValues = labelValues;
    this.columns = List.copyOf(columns);
  }

  /**
   * Reads the columns of a schema in one pass, with a label of two classes if it has one.
   *
   * @return the table, with one row for each record
   * @throws MpcException DATA_FILE if the file is missing, malformed, in another encoding or lacks
   *     a column, or for what is no number, a label that is missing or has a third value, and more
   *     than 100,000 categories; NOT_FINITE for NaN and infinity. It names line and column, never
   *     the value.
   */
  public static Table read(CsvFile file, Schema schema) {
    return read(file, schema, LabelLoss.BINARY, true);
  }

  /**
   * Reads the columns of a schema in one pass.
   *
   * @param loss says what labels are: of two classes, of several classes, or numbers
   * @param labelled whether the file must have labels; another one may lack the label's column, or
   *     have nothing in it
   * @throws MpcException as {@link #read(CsvFile, Schema)}; ARGUMENT if the schema has a positive
   *     value and the loss wants none, or the other way round
   */
  public static Table read(CsvFile file, Schema schema, LabelLoss loss, boolean labelled) {
    return TableReader.read(
        file,
        schema,
        new LabelReader(schema, loss, labelled),
        TableWriter.MEMORY_BYTES,
        Integer.MAX_VALUE);
  }

  /** How many rows there are. */
  public int rows() {
    return store.rows();
  }

  /** The names of the columns that become features, in order. */
  public List<String> features() {
    return columns.stream()
        .filter(column -> Schema.isFeature(column.kind))
        .map(Column::name)
        .toList();
  }

  /** Whether there is a label. */
  public boolean hasLabels() {
    return labelCell() >= 0;
  }

  /**
   * The labels: 0 or 1 for each row, a number, or that of a class in the order of appearance.
   *
   * @throws MpcException ARGUMENT if there is no label
   */
  public float[] labels() {
    int cell = labelCell();
    if (cell < 0) {
      throw new MpcException(
          ErrorCode.ARGUMENT, "This table has no label.", "Ask the holder of the labels.");
    }
    float[] labels = new float[rows()];
    for (int row = 0; row < labels.length; row++) {
      labels[row] = store.getFloat(row, cell);
    }
    return labels;
  }

  /**
   * Some of the columns, as if a party held only these; the rows are shared, not copied.
   *
   * @param withLabels whether the party holds the labels too
   * @throws MpcException ARGUMENT if there is no such feature
   */
  public Table only(Collection<String> names, boolean withLabels) {
    List<Column> kept = new ArrayList<>();
    for (String name : names) {
      kept.add(
          columns.stream()
              .filter(column -> column.name.equals(name) && Schema.isFeature(column.kind))
              .findFirst()
              .orElseThrow(
                  () ->
                      new MpcException(
                          ErrorCode.ARGUMENT,
                          "The table has no feature " + name + ".",
                          "Choose among " + features() + ".")));
    }
    if (withLabels) {
      kept.addAll(columns(ColumnKind.LABEL));
    }
    return new Table(store, kept, withLabels ? labelValues : null);
  }

  /**
   * Divides the features among parties: consecutive columns, whose numbers differ by one at most.
   * The first party holds the labels.
   *
   * @param parties from 1 to the number of features
   * @throws MpcException ARGUMENT for another number
   */
  public List<Table> divide(int parties) {
    List<String> features = features();
    List<Table> tables = new ArrayList<>();
    for (int party = 0; party < parties; party++) {
      ColumnRange part = ColumnRange.part(features.size(), party, parties);
      tables.add(only(features.subList(part.from(), part.to()), party == 0));
    }
    return tables;
  }

  List<Column> columns(ColumnKind kind) {
    return columns.stream().filter(column -> column.kind == kind).toList();
  }

  int labelCell() {
    return columns(ColumnKind.LABEL).stream().mapToInt(Column::cell).findFirst().orElse(-1);
  }

  /** What labels there are; null if there is none. */
  @Nullable LabelValues labelValues() {
    return labelValues;
  }

  /** NaN for a missing value. */
  float number(int row, int cell) {
    return store.getFloat(row, cell);
  }

  /** The number of a category. */
  int category(int row, int cell) {
    return store.getInt(row, cell);
  }

  /** Gives up the rows, of all tables that share them. */
  @Override
  public void close() {
    store.close();
  }

  /** The names of the columns and the number of rows. */
  @Override
  public String toString() {
    return rows() + " rows of " + Arrays.toString(columns.stream().map(Column::name).toArray());
  }
}
