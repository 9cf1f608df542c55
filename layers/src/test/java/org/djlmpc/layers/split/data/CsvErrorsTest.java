package org.djlmpc.layers.split.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.djlmpc.error.MpcException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is wrong in a file is told with its place, and without its value. */
final class CsvErrorsTest {
  private static final String SCHEMA =
      "{'columns': {'age': 'numeric', 'town': 'categorical', 'bad': 'label'}, 'positive': 'y'}"
          .replace('\'', '"');

  static CsvFile csv(String text) {
    return csv(text, StandardCharsets.UTF_8);
  }

  private static CsvFile csv(String text, Charset charset) {
    return CsvFile.of("my.csv", () -> new ByteArrayInputStream(text.getBytes(charset)));
  }

  private static MpcException failure(CsvFile file) {
    return catchThrowableOfType(
        MpcException.class, () -> Table.read(file, SchemaFile.parse(SCHEMA, "schema")));
  }

  /** Line breaks are written as |; line 4 is wrong each time, because line 2 to 3 is one record. */
  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "7e,B,n;           MPC-205;line 4, column age: the value is not a number",
        "0x77,B,n;         MPC-205;line 4, column age: the value is not a number",
        "7 7,B,n;          MPC-205;line 4, column age: the value is not a number",
        "-NaN,B,n;         MPC-103;line 4, column age: the value is NaN or infinite",
        "+Infinity,B,n;    MPC-103;line 4, column age: the value is NaN or infinite",
        "7e77,B,n;         MPC-103;line 4, column age: the value is beyond the range",
        "7,B;              MPC-205;has 2 fields in line 4 and 3 columns",
        "7,B,n,B;          MPC-205;has 4 fields in line 4 and 3 columns",
        "7,B,;             MPC-205;line 4, column bad: the label is missing",
        "7,B,maybe;        MPC-205;line 4, column bad: the label has a third value",
        "`7,\"B,n`;        MPC-205;malformed after line 2"
      })
  void aWrongRecordIsNamedByItsLine(String record, String code, String message) {
    MpcException e = failure(csv("age,town,bad\n1,\"A\nA\",n\n" + record + "\n2,C,y\n"));
    assertThat(e).hasMessageContaining(code).hasMessageContaining(message);
    assertThat(e).hasMessageNotContaining("7").hasMessageNotContaining("maybe");
  }

  @Test
  void whatIsNoTableIsRefused(@TempDir Path folder) throws IOException {
    assertThat(failure(CsvFile.of(folder.resolve("none.csv"))))
        .hasMessageContaining("none.csv does not exist");
    assertThat(failure(csv(""))).hasMessageContaining("my.csv is empty");
    assertThat(failure(csv("age,bad\n1,y\n"))).hasMessageContaining("has no column town");
    assertThat(failure(csv("age,town,bad,age\n"))).hasMessageContaining("two columns named age");
    assertThat(failure(csv("age,,bad\n"))).hasMessageContaining("no name for column 2");
    Files.writeString(folder.resolve("not.csv.gz"), "age,town,bad\n");
    assertThat(failure(CsvFile.of(folder.resolve("not.csv.gz"))))
        .hasMessageContaining("MPC-205")
        .hasMessageContaining("cannot be opened");
  }

  @Test
  void anotherEncodingIsNoticedAndCanBeNamed() {
    String text = "age,town,bad\n1,Bern,n\n2,Zürich,y\n";
    CsvFile latin = csv(text, StandardCharsets.ISO_8859_1);
    assertThat(failure(latin)).hasMessageContaining("is not text in UTF-8");
    try (Table table =
        Table.read(
            latin.withCharset(StandardCharsets.ISO_8859_1), SchemaFile.parse(SCHEMA, "schema"))) {
      assertThat(table.columns(ColumnKind.CATEGORICAL).get(0).values())
          .containsExactly("Bern", "Zürich");
    }
  }

  @Test
  void blankLinesQuotesAndByteOrderMarksDoNotMatter() {
    CsvFile file = csv("\ufeffage;town;bad\r\n\r\n\" 1 \";\"A;B\";n\r\n2;;y\r\n\r\n");
    try (Table table = Table.read(file.withSeparator(';'), SchemaFile.parse(SCHEMA, "schema"))) {
      assertThat(table.labels()).containsExactly(0, 1);
      assertThat(table.number(0, 0)).isEqualTo(1);
      assertThat(table.columns(ColumnKind.CATEGORICAL).get(0).values()).containsExactly("A;B", "");
    }
  }
}
