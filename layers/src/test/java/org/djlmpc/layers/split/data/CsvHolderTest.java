package org.djlmpc.layers.split.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.Stream;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;
import org.djlmpc.layers.split.HolderSetup;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A holder's statistics outlive its training, and are used with the columns they were made of. */
class CsvHolderTest {
  private static final String ROWS = "age,town\n20,A\n30,B\n40,A\n";

  @TempDir private Path folder;

  private CsvHolder holder(String dataset, String csv) throws IOException {
    Path file = folder.resolve("rows.csv");
    Files.writeString(file, csv);
    return new CsvHolder(SchemaInference.infer(CsvFile.of(file))).with(dataset, file);
  }

  private Encoder encoder(String dataset, String csv) throws IOException {
    try (CsvHolder holder = holder(dataset, csv)) {
      return holder.encoder(folder.resolve("checkpoints").resolve("encoder.json"));
    }
  }

  private void refused(String dataset, String csv, String message) {
    assertThatThrownBy(() -> encoder(dataset, csv))
        .isInstanceOfSatisfying(
            MpcException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.CONFIGURATION_MISMATCH))
        .hasMessageContaining(message)
        .hasMessageContaining("another folder");
  }

  @Test
  void statisticsAreThoseOfTheTraining() throws IOException {
    String made = EncoderFile.toJson(encoder(HolderSetup.TRAIN, ROWS));
    // resumed, also with the columns in another order; then other rows to predict, without training
    assertThat(EncoderFile.toJson(encoder(HolderSetup.TRAIN, ROWS))).isEqualTo(made);
    String turned = "town,age\nA,20\nB,30\nA,40\n";
    assertThat(EncoderFile.toJson(encoder(HolderSetup.TRAIN, turned))).isEqualTo(made);
    assertThat(EncoderFile.toJson(encoder("later", "age,town\n70,C\n"))).isEqualTo(made);
  }

  /** They say as much of a holder's customers as its weights do. */
  @Test
  void statisticsAreReadByTheirOwnerAlone() throws IOException {
    Path parts = Files.createDirectories(folder.resolve("checkpoints"));
    Files.writeString(parts.resolve("encoder-1.new"), "half");
    encoder(HolderSetup.TRAIN, ROWS);
    try (Stream<Path> files = Files.list(parts)) {
      assertThat(files).containsExactly(parts.resolve("encoder.json"));
    }
    if (Files.getFileStore(parts).supportsFileAttributeView("posix")) {
      assertThat(
              PosixFilePermissions.toString(
                  Files.getPosixFilePermissions(parts.resolve("encoder.json"))))
          .isEqualTo("rw-------");
    }
  }

  @Test
  void otherTrainingRowsAreRefused() throws IOException {
    encoder(HolderSetup.TRAIN, ROWS);
    refused(
        HolderSetup.TRAIN,
        ROWS.replace("40", "41"),
        "the training data differ in the columns [age]");
    refused(
        HolderSetup.TRAIN,
        ROWS.replace("B", "C"),
        "the training data differ in the columns [town]");
    refused(HolderSetup.TRAIN, ROWS + ",A\n", "the training data differ in the columns [age]");
  }

  @Test
  void otherColumnsAreRefused() throws IOException {
    encoder(HolderSetup.TRAIN, ROWS);
    refused("later", "age,home\n20,A\n", "the schema differ in the columns [home, town]");
    refused("later", "age,town,kind\n20,A,x\n", "the schema differ in the columns [kind]");
  }

  @Test
  void withoutTrainingThereMustBeStatistics() {
    assertThatThrownBy(() -> encoder("later", ROWS)).hasMessageContaining("neither training data");
  }
}
