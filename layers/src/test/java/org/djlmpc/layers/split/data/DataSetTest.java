package org.djlmpc.layers.split.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.djlmpc.layers.split.RowBatch;
import org.djlmpc.layers.split.RowSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The data sets that come along, and how rows and columns are divided. */
final class DataSetTest {

  private static int[] range(int rows) {
    return IntStream.range(0, rows).toArray();
  }

  private static int positives(float[] labels) {
    int count = 0;
    for (float label : labels) {
      count += label == 1 ? 1 : 0;
    }
    return count;
  }

  @ParameterizedTest
  @CsvSource({
    "lending_club,9857,22,517,119",
    "credit_data,4454,13,1254,32",
    "synthetic-distress,3672,86,450,556"
  })
  void setsHaveTheirSizes(String name, int rows, int columns, int positives, int features) {
    DataSet set = DataSet.byName(name);
    assertThat(set.rows()).isEqualTo(rows);
    Table table = set.table(rows, 1);
    assertThat(table.rows()).isEqualTo(rows);
    assertThat(table.features()).hasSize(columns);
    assertThat(positives(table.labels())).isEqualTo(positives);
    assertThat(Encoder.fit(table, range(rows)).schema().columns()).isEqualTo(features);
  }

  @Test
  void fraudIsRare() {
    Table table = DataSet.SYNTHETIC_FRAUD.table(284_807, 1);
    assertThat(table.features()).hasSize(28);
    // 492 are expected; 7 standard deviations of a binomial distribution are 155
    assertThat(positives(table.labels())).isBetween(492 - 155, 492 + 155);
  }

  @ParameterizedTest
  @CsvSource({"synthetic-fraud", "synthetic-distress"})
  void aFileHoldsTheSameRows(String name, @TempDir Path folder) throws IOException {
    DataSet set = DataSet.byName(name);
    Path file = folder.resolve("rows.csv");
    try (OutputStream out = Files.newOutputStream(file)) {
      set.writeCsv(out, 2_000, 3);
    }
    Table read = Table.read(CsvFile.of(file), set.schema());
    Table made = set.table(2_000, 3);
    assertThat(batch(read).dense()).isEqualTo(batch(made).dense());
    assertThat(batch(read).labels()).isEqualTo(batch(made).labels());
    assertThat(batch(set.table(2_000, 4)).dense()).isNotEqualTo(batch(made).dense());
    // an inferred schema differs in nothing but the notes
    assertThat(SchemaInference.infer(CsvFile.of(file), "Class", null).columns())
        .isEqualTo(set.schema().columns());
  }

  private static RowBatch batch(Table table) {
    RowSource rows = Encoder.fit(table, range(table.rows())).rows(table, range(table.rows()));
    return rows.read(IntStream.range(0, table.rows()).asLongStream().toArray());
  }

  @Test
  void columnsAreDividedAmongHolders() {
    Table table = DataSet.CREDIT_DATA.table(100, 0);
    for (int holders = 1; holders <= 5; holders++) {
      List<Table> parts = table.divide(holders);
      assertThat(parts.stream().flatMap(part -> part.features().stream()).toList())
          .isEqualTo(table.features());
      assertThat(parts.get(0).hasLabels()).isTrue();
      assertThat(parts.stream().filter(Table::hasLabels)).hasSize(1);
      assertThat(parts.stream().mapToInt(part -> part.features().size()))
          .allMatch(columns -> Math.abs(columns - 13.0 / parts.size()) < 1);
    }
    assertThatThrownBy(() -> table.divide(14)).hasMessageContaining("13 columns");
    assertThatThrownBy(() -> table.divide(2).get(1).labels()).hasMessageContaining("no label");
  }

  @Test
  void rowsAreDividedIntoTrainingAndTest() {
    RowSplit split = RowSplit.random(1_000, 0.3, 5);
    assertThat(split.test()).hasSize(300).isSorted();
    assertThat(IntStream.concat(Arrays.stream(split.train()), Arrays.stream(split.test())).sorted())
        .containsExactly(IntStream.range(0, 1_000).boxed().toArray(Integer[]::new));
    assertThat(RowSplit.random(1_000, 0.3, 5).test()).isEqualTo(split.test());
    assertThat(RowSplit.random(1_000, 0.3, 6).test()).isNotEqualTo(split.test());
    assertThatThrownBy(() -> RowSplit.random(9, 1.1, 0)).hasMessageContaining("1.1");
  }

  @Test
  void aStratifiedDivisionKeepsTheRates() {
    float[] labels = new float[1_000];
    for (int i = 0; i < labels.length; i++) {
      labels[i] = i % 20 == 0 ? 1 : 0;
    }
    RowSplit split = RowSplit.stratified(labels, 0.3, 5);
    assertThat(split.test()).hasSize(300);
    assertThat(Arrays.stream(split.test()).filter(row -> labels[row] == 1)).hasSize(15);
  }
}
