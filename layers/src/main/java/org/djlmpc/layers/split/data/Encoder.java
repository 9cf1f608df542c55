package org.djlmpc.layers.split.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.PrimitiveIterator;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;
import org.djlmpc.layers.split.FeatureSchema;
import org.djlmpc.layers.split.LabelLoss;
import org.djlmpc.layers.split.RowSource;
import org.jspecify.annotations.Nullable;

/**
 * Makes features of a holder's columns, by statistics of its training rows. The statistics never
 * leave the holder; {@link EncoderFile} keeps them beside its part of the model.
 *
 * <p>Features: the numeric columns in their order; then the categorical columns, each as many
 * features as it has values, of which a row has one; then, for each numeric column with missing
 * values, one that a row has if its value is missing.
 */
public final class Encoder {
  private final List<NumericColumn> numeric;
  private final List<CategoricalColumn> categorical;
  private final @Nullable LabelColumn label;

  Encoder(
      List<NumericColumn> numeric,
      List<CategoricalColumn> categorical,
      @Nullable LabelColumn label) {
    this.label = label;
    this.numeric = List.copyOf(numeric);
    this.categorical = List.copyOf(categorical);
  }

  /** Statistics of all rows, with features that tell which values are missing. */
  public static Encoder fit(Table table) {
    return fit(table, IntStream.range(0, table.rows()), true);
  }

  /** Statistics of the training rows, with features that tell which values are missing. */
  public static Encoder fit(Table table, int[] trainingRows) {
    return fit(table, trainingRows, true);
  }

  /**
   * Statistics of the training rows.
   *
   * @param trainingRows the rows to look at; no others are
   * @param missingIndicators whether to add a feature for each numeric column that lacks values
   * @throws MpcException ARGUMENT if there is no row
   */
  public static Encoder fit(Table table, int[] trainingRows, boolean missingIndicators) {
    return fit(table, Arrays.stream(trainingRows), missingIndicators);
  }

  private static Encoder fit(Table table, IntStream trainingRows, boolean missingIndicators) {
    PrimitiveIterator.OfInt rows = trainingRows.iterator();
    if (!rows.hasNext()) {
      throw new MpcException(
          ErrorCode.ARGUMENT,
          "There are no rows to take statistics of.",
          "Give at least one training row.");
    }
    List<Table.Column> numbers = table.columns(ColumnKind.NUMERIC);
    List<Table.Column> categories = table.columns(ColumnKind.CATEGORICAL);
    List<NumericColumn.Statistics> statistics =
        numbers.stream().map(column -> new NumericColumn.Statistics()).toList();
    List<BitSet> present = categories.stream().map(column -> new BitSet()).toList();
    // Row by row, as they lie on disk.
    while (rows.hasNext()) {
      int row = rows.nextInt();
      for (int i = 0; i < numbers.size(); i++) {
        statistics.get(i).add(table.number(row, numbers.get(i).cell()));
      }
      for (int i = 0; i < categories.size(); i++) {
        present.get(i).set(table.category(row, categories.get(i).cell()));
      }
    }
    List<NumericColumn> numeric = new ArrayList<>();
    for (int i = 0; i < numbers.size(); i++) {
      numeric.add(statistics.get(i).column(numbers.get(i).name(), missingIndicators));
    }
    List<CategoricalColumn> categorical = new ArrayList<>();
    for (int i = 0; i < categories.size(); i++) {
      Table.Column column = categories.get(i);
      categorical.add(CategoricalColumn.of(column.name(), column.values(), present.get(i)));
    }
    return new Encoder(numeric, categorical, label(table));
  }

  private static @Nullable LabelColumn label(Table table) {
    LabelValues values = table.labelValues();
    return values == null
        ? null
        : LabelColumn.of(table.columns(ColumnKind.LABEL).get(0).name(), values);
  }

  /** The shape of the features. */
  public FeatureSchema schema() {
    return new FeatureSchema(
        numeric.size(),
        Stream.concat(
                categorical.stream().map(column -> column.values().size()),
                indicators().map(column -> 1))
            .toList());
  }

  /** What each feature means, such as {@code Age} or {@code Home=rent}. */
  public List<String> featureNames() {
    return Stream.of(
            numeric.stream().map(NumericColumn::name),
            categorical.stream()
                .flatMap(column -> column.values().stream().map(v -> column.name() + "=" + v)),
            indicators().map(column -> column.name() + " is missing"))
        .flatMap(names -> names)
        .toList();
  }

  private Stream<NumericColumn> indicators() {
    return numeric.stream().filter(NumericColumn::indicator);
  }

  /** What labels mean; null if the training rows had none. */
  public @Nullable LabelColumn label() {
    return label;
  }

  /** What its columns are, such as to read rows to predict; texts for missing values are usual. */
  public Schema columnKinds() {
    Map<String, ColumnKind> kinds = new LinkedHashMap<>();
    numeric.forEach(column -> kinds.put(column.name(), ColumnKind.NUMERIC));
    categorical.forEach(column -> kinds.put(column.name(), ColumnKind.CATEGORICAL));
    if (label == null) {
      return new Schema(kinds, null, Schema.MISSING);
    }
    kinds.put(label.name(), ColumnKind.LABEL);
    boolean binary = label.loss() == LabelLoss.BINARY;
    return new Schema(kinds, binary ? label.classes().get(0) : null, Schema.MISSING);
  }

  /** The names of the columns that it makes features of. */
  List<String> columns() {
    return Stream.concat(
            numeric.stream().map(NumericColumn::name),
            categorical.stream().map(CategoricalColumn::name))
        .toList();
  }

  /** The columns that this and another encoder make different features of. */
  Set<String> columnsThatDiffer(Encoder other) {
    Set<String> differing = new TreeSet<>(columns());
    differing.addAll(other.columns());
    numeric.stream().filter(other.numeric::contains).forEach(c -> differing.remove(c.name()));
    categorical.stream()
        .filter(other.categorical::contains)
        .forEach(c -> differing.remove(c.name()));
    if (!Objects.equals(label, other.label)) {
      Stream.of(this, other)
          .flatMap(encoder -> Stream.ofNullable(encoder.label))
          .forEach(column -> differing.add(column.name()));
    }
    return differing;
  }

  List<NumericColumn> numeric() {
    return numeric;
  }

  List<CategoricalColumn> categorical() {
    return categorical;
  }

  /**
   * The features of all rows of a table, computed as they are asked for: memory is that of the
   * table and of a batch. The labels come along if the table has them.
   *
   * @param table with the columns that this encoder was fitted on; it may be another one, such as
   *     that of rows to predict
   * @throws MpcException ARGUMENT if a column is missing or of another kind
   */
  public RowSource rows(Table table) {
    return new EncodedRows(this, table);
  }

  /**
   * The same for some rows.
   *
   * @param rows which rows, in the order wanted; not copied
   * @throws MpcException ARGUMENT if a column is missing or of another kind
   */
  public RowSource rows(Table table, int[] rows) {
    return RowSource.only(rows(table), rows);
  }

  /** The columns, without their statistics. */
  @Override
  public String toString() {
    return "Encoder(" + schema() + ")";
  }
}
