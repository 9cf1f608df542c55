package org.djlmpc.layers.split.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

/** What columns are taken for, and the JSON in which a person corrects it. */
final class SchemaTest {

  private static String rows() {
    StringBuilder csv = new StringBuilder("id,other_id,age,name,town,code,empty,misprint,bad\n");
    for (int i = 0; i < 100; i++) {
      csv.append(i).append(',').append(i).append(',').append(i == 3 ? "NA" : i + ".5");
      csv.append(",person").append(i).append(",town").append(i % 9).append(",").append(i % 4);
      csv.append(",,").append(i == 50 ? "5O" : "50").append(i % 5 == 0 ? ",1" : ",0").append('\n');
    }
    return csv.toString();
  }

  @Test
  void columnsAreTakenForWhatTheyLookLike() {
    Schema schema = SchemaInference.infer(CsvErrorsTest.csv(rows()), "bad", null);
    assertThat(schema.columns().values())
        .containsExactly(
            ColumnKind.ID,
            ColumnKind.IGNORE,
            ColumnKind.NUMERIC,
            ColumnKind.IGNORE,
            ColumnKind.CATEGORICAL,
            ColumnKind.NUMERIC,
            ColumnKind.IGNORE,
            ColumnKind.NUMERIC,
            ColumnKind.LABEL);
    assertThat(schema.toString())
        .contains("age       numeric      99 different values, 1 missing in 100 rows");
    assertThatThrownBy(() -> Table.read(CsvErrorsTest.csv(rows()), schema))
        .hasMessageContaining("line 52, column misprint: the value is not a number");
    assertThat(RowIds.read(CsvErrorsTest.csv(rows()), schema)).hasSize(100).contains("99");
  }

  @Test
  void aLabelMustBeThere() {
    CsvFile file = CsvErrorsTest.csv(rows());
    assertThatThrownBy(() -> SchemaInference.infer(file, "worse", null))
        .hasMessageContaining("no column worse");
    assertThatThrownBy(() -> SchemaInference.infer(file, "bad", "yes"))
        .hasMessageContaining("label bad never is yes");
  }

  @Test
  void aSchemaIsTheSameAfterItWasWritten() {
    Schema schema = SchemaInference.infer(CsvErrorsTest.csv(rows()), "bad", null);
    Schema again = SchemaFile.parse(SchemaFile.toJson(schema), "x");
    assertThat(List.copyOf(again.columns().entrySet()))
        .isEqualTo(List.copyOf(schema.columns().entrySet()));
    assertThat(again.positive()).isEqualTo("1");
    assertThat(again.missing()).isEqualTo(schema.missing());
    Schema part = again.only(List.of("town", "age"));
    assertThat(part.features()).containsExactly("town", "age");
    assertThat(part.positive()).isNull();
  }

  @Test
  void aWrongSchemaIsRefused() {
    assertThatThrownBy(() -> SchemaFile.parse("{\"columns\": {\"a\": \"number\"}}", "s.json"))
        .hasMessageContaining("s.json gives column a the kind number");
    assertThatThrownBy(() -> SchemaFile.parse("{\"columns\": 3}", "s.json"))
        .hasMessageContaining("is no JSON of a schema");
    assertThatThrownBy(
            () -> SchemaFile.parse("{\"columns\": {\"a\": \"label\", \"b\": \"label\"}}", "s.json"))
        .hasMessageContaining("more than one column of kind LABEL");
    assertThatThrownBy(() -> SchemaFile.parse("{\"columns\": {}, \"positive\": \"x\"}", "s.json"))
        .hasMessageContaining("a positive value and has no label");
  }
}
