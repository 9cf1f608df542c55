package org.djlmpc.layers.split.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.LongStream;
import org.djlmpc.layers.split.FeatureSchema;
import org.djlmpc.layers.split.RowBatch;
import org.djlmpc.layers.split.RowSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Features from columns: what is learnt from training rows, and what happens to the others. */
final class EncoderTest {
  private static final int[] TRAINING = {0, 1, 2, 3};

  /** Rows 4 and 5 are not for training: an outlier, new categories, and a value missing anew. */
  private static final String CSV =
      """
      x,town,same,gap,bad
      1,B,5,1,y
      2,A,5,,n
      3,,5,3,n
      4,B,5,5,n
      1e30,Z,6,3,y
      ,A,,3,n
      """;

  private static Table table(String csv) {
    CsvFile file = CsvErrorsTest.csv(csv);
    return Table.read(file, SchemaInference.infer(file, "bad", "y"));
  }

  private static RowBatch all(RowSource rows) {
    return rows.read(LongStream.range(0, rows.rows()).toArray());
  }

  @Test
  void numbersAreStandardizedByTheTrainingRows() {
    Table table = table(CSV);
    RowBatch batch = all(Encoder.fit(table, TRAINING).rows(table, new int[] {0, 1, 2, 3, 4, 5}));
    double deviation = Math.sqrt((1.5 * 1.5 + 0.5 * 0.5) / 2);
    double gap = Math.sqrt(8 / 3.0);
    float[] expected = {
      (float) (-1.5 / deviation),
      0,
      (float) (-2 / gap),
      (float) (-0.5 / deviation),
      0,
      0,
      (float) (0.5 / deviation),
      0,
      0,
      (float) (1.5 / deviation),
      0,
      (float) (2 / gap),
      10,
      0,
      0,
      0,
      0,
      0
    };
    assertThat(batch.dense()).containsExactly(expected, within(1e-6f));
    assertThat(batch.labels()).containsExactly(1, 0, 0, 0, 1, 0);
  }

  @Test
  void categoriesAreIndicesAndNewOnesHaveNone() {
    Table table = table(CSV);
    Encoder encoder = Encoder.fit(table, TRAINING);
    assertThat(encoder.schema()).isEqualTo(new FeatureSchema(3, List.of(3, 1)));
    assertThat(encoder.featureNames())
        .containsExactly("x", "same", "gap", "town=", "town=A", "town=B", "gap is missing");
    RowBatch batch = all(encoder.rows(table, new int[] {5, 4, 3, 2, 1}));
    assertThat(batch.categories(0)).containsExactly(1, -1, 2, 0, 1);
    assertThat(batch.categories(1)).containsExactly(-1, -1, -1, -1, 0);
    assertThat(Encoder.fit(table, TRAINING, false).schema().cardinalities()).containsExactly(3);
  }

  @Test
  void anotherTableIsEncodedWithTheSameStatistics() {
    Table training = table(CSV);
    Table later = table("gap,town,x,same,bad\n,Q,2.5,5,n\n3,B,1,5,y\n");
    Encoder encoder = Encoder.fit(training, TRAINING);
    RowBatch batch = all(encoder.rows(later, new int[] {0, 1}));
    assertThat(batch.dense()[0]).isZero();
    assertThat(batch.categories(0)).containsExactly(-1, 2);
    assertThat(batch.categories(1)).containsExactly(0, -1);
    assertThatThrownBy(
            () -> encoder.rows(training.only(List.of("x", "town", "gap"), false), TRAINING))
        .hasMessageContaining("no NUMERIC column same");
  }

  @Test
  void anEncoderIsTheSameAfterItWasSaved(@TempDir Path folder) throws IOException {
    Table table = table(CSV);
    Encoder encoder = Encoder.fit(table, TRAINING);
    Path file = folder.resolve("encoder.json");
    EncoderFile.write(encoder, file);
    Encoder again = EncoderFile.read(file);
    assertThat(again.featureNames()).isEqualTo(encoder.featureNames());
    int[] rows = {0, 1, 2, 3, 4, 5};
    assertThat(all(again.rows(table, rows)).dense())
        .isEqualTo(all(encoder.rows(table, rows)).dense());
    Files.writeString(file, Files.readString(file).replace("\"mean\": 2.5", "\"mean\": 1e999"));
    assertThatThrownBy(() -> EncoderFile.read(file)).hasMessageContaining("MPC-");
    Files.writeString(file, "{\"format\": \"djl-mpc encoder\"}");
    assertThatThrownBy(() -> EncoderFile.read(file))
        .hasMessageContaining("no encoder of this version");
  }

  @Test
  void rowsBeyondTheMemoryAreReadFromDisk() {
    StringBuilder csv = new StringBuilder("a,b,bad\n");
    for (int i = 0; i < 700_000; i++) {
      csv.append(i).append(",c").append(i % 7).append(i % 3 == 0 ? ",y\n" : ",n\n");
    }
    CsvFile file = CsvErrorsTest.csv(csv.toString());
    Schema schema = SchemaInference.infer(file, "bad", "y");
    // 8.4 MB: the first chunk of 4 MB in memory, two in the file
    try (Table table = TableReader.read(file, schema, 5 << 20, Integer.MAX_VALUE)) {
      assertThat(table.rows()).isEqualTo(700_000);
      for (int i = 0; i < 700_000; i++) {
        if (table.number(i, 0) != i || table.category(i, 1) != i % 7) {
          assertThat(i).as("first wrong row").isNegative();
        }
      }
    }
  }
}
