package org.djlmpc.layers.split.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.djlmpc.error.MpcException;
import org.djlmpc.layers.split.HolderSetup;
import org.djlmpc.layers.split.LabelLoss;
import org.djlmpc.layers.split.RowSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a label column may hold, for each loss and use. */
final class LabelTest {
  private static final String NEW = "new";

  @TempDir private Path folder = Path.of("");

  private Path file(String name, String csv) throws IOException {
    return Files.writeString(folder.resolve(name + ".csv"), csv.replace('|', '\n'));
  }

  /** A file with columns x and y, trained on, and another data set. */
  private Map<String, RowSource> rows(LabelLoss loss, String train, String other, String csv)
      throws IOException {
    Path kept = folder.resolve("encoder.json");
    Files.deleteIfExists(kept);
    try (CsvHolder holder = CsvHolder.of(file("train", "x,y|" + train), "y", loss)) {
      holder.with(other, file(other, csv));
      return holder.rows(holder.encoder(kept));
    }
  }

  private static float[] labels(RowSource rows) {
    return rows.read(new long[] {0, 1, 2}).labels();
  }

  @Test
  void classesHaveTheSameNumbersInEveryFileAndSession() throws IOException {
    Path kept = folder.resolve("encoder.json");
    try (CsvHolder holder =
        CsvHolder.of(file("train", "x,y|1,red|2,blue|3,green|"), "y", LabelLoss.SOFTMAX)) {
      Encoder encoder = holder.encoder(kept);
      assertThat(encoder.label())
          .isEqualTo(new LabelColumn("y", LabelLoss.SOFTMAX, List.of("blue", "green", "red")));
      assertThat(labels(holder.rows(encoder).get(HolderSetup.TRAIN))).containsExactly(2, 0, 1);
    }
    try (CsvHolder later = CsvHolder.toPredict(kept)) {
      later.with(NEW, file(NEW, "y,id,x|green,7,1|green,8,2|red,9,3|"));
      assertThat(labels(later.rows(later.encoder(kept)).get(NEW))).containsExactly(1, 1, 2);
    }
  }

  @Test
  void numbersStayWhatTheyAre() throws IOException {
    Path train = file("train", "x,y|1,-1.5|2,2e3|3,0|");
    try (CsvHolder holder = CsvHolder.of(train, "y", LabelLoss.SQUARED)) {
      assertThat(labels(holder.rows(holder.fit()).get(HolderSetup.TRAIN)))
          .containsExactly(-1.5f, 2000, 0);
    }
  }

  @Test
  void classesHaveNoNumbersBeforeTheyTrained() throws IOException {
    CsvFile file = CsvFile.of(file("rows", "x,y|1,a|2,b|"));
    Schema schema = SchemaInference.infer(file, "y", null, LabelLoss.SOFTMAX);
    try (Table table = Table.read(file, schema, LabelLoss.SOFTMAX, true)) {
      Encoder encoder = Encoder.fit(table.only(List.of("x"), false));
      assertThatThrownBy(() -> encoder.rows(table)).hasMessageContaining("knows no classes");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "SOFTMAX;1,a|2,b|;new;x,y|1,b|2,secret|;new.csv, line 3, column y: the label is of no class",
        "BINARY;1,1|2,0|;new;x,y|1,1|2,secret|;new.csv, line 3, column y: the label is of no class",
        "BINARY;1,1|2,0|;new;x,y|1,1|2,0|3,secret|;new.csv, line 4, column y: the label has a third",
        "SQUARED;1,1|2,0|;new;x,y|1,1|2,secret|;new.csv, line 3, column y: the value is not a number",
        "SQUARED;1,1|2,0|;new;x,y|1,1|2,NaN|;new.csv, line 3, column y: the value is NaN or infinite",
        "SQUARED;1,1|2,NA|;new;x|1|;train.csv, line 3, column y: the label is missing",
        "SOFTMAX;1,a|2,|;new;x|1|;train.csv, line 3, column y: the label is missing",
        "BINARY;1,1|2,0|;validation;x|1|;validation.csv has no column y, the label",
        "SOFTMAX;1,a|2,b|;validation;x,y|1,|2,|;validation.csv, line 2, column y: the label is missing",
        "BINARY;1,1|2,0|;new;x,y|1,1|2,|;new.csv, line 3, column y: the label is missing",
        "SQUARED;1,1|2,0|;new;x,y|1,|2,5|;new.csv, line 3, column y: the row has a label, and earlier"
      })
  void whatDoesNotFitIsNamedByItsLine(
      LabelLoss loss, String train, String other, String csv, String message) {
    assertThatThrownBy(() -> rows(loss, train, other, csv))
        .isInstanceOf(MpcException.class)
        .hasMessageContaining(message)
        .hasMessageNotContaining("secret");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {"BINARY;1,1|2,0|", "SOFTMAX;1,a|2,b|", "SQUARED;1,3|2,-0.1|"})
  void rowsToPredictNeedNoLabels(LabelLoss loss, String train) throws IOException {
    Path kept = folder.resolve("encoder.json");
    for (String csv : List.of("x|1|2|3|", "x,y|1,|2,NA|3,|")) {
      assertThat(rows(loss, train, NEW, csv)).containsOnlyKeys(HolderSetup.TRAIN, NEW);
      try (CsvHolder later = CsvHolder.toPredict(kept).with(NEW, file(NEW, csv))) {
        assertThat(labels(later.rows(later.encoder(kept)).get(NEW))).isNull();
      }
    }
  }

  @Test
  void anotherLabelThanInTrainingIsRefused() throws IOException {
    rows(LabelLoss.BINARY, "1,1|2,0|", NEW, "x|1|");
    Path kept = folder.resolve("encoder.json");
    Schema other = SchemaInference.infer(CsvFile.of(file("z", "x,z|1,1|2,0|")), "z", null);
    try (CsvHolder holder = new CsvHolder(other)) {
      assertThatThrownBy(() -> holder.encoder(kept)).hasMessageContaining("the columns [y, z]");
    }
    Path rows = file("turned", "x,y|1,1|2,0|");
    Schema turned = SchemaInference.infer(CsvFile.of(rows), "y", "0");
    try (CsvHolder holder = new CsvHolder(turned).with(NEW, rows)) {
      assertThatThrownBy(() -> holder.rows(holder.encoder(kept)))
          .hasMessageContaining("another positive value");
    }
  }

  @Test
  void theLossSaysWhetherAValueIsPositive() throws IOException {
    CsvFile file = CsvFile.of(file("rows", "x,y|1,1|2,0|"));
    Schema positive = SchemaInference.infer(file, "y", "1");
    Schema none = SchemaInference.infer(file, "y", null, LabelLoss.SOFTMAX);
    assertThatThrownBy(() -> Table.read(file, positive, LabelLoss.SOFTMAX, true))
        .hasMessageContaining("positive value, for the loss SOFTMAX");
    assertThatThrownBy(() -> Table.read(file, none))
        .hasMessageContaining("does not say which of its values is positive");
  }
}
