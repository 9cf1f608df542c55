package org.djlmpc.layers.split.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;
import org.djlmpc.layers.split.HolderSetup;
import org.djlmpc.layers.split.LabelResults;
import org.djlmpc.layers.split.RowSource;

/**
 * A holder's CSV files, one for each data set, with the same columns. Rows are used as they lie in
 * the files, so align them first.
 */
public final class CsvHolder implements AutoCloseable {
  private final Schema schema;
  private final Map<String, Table> tables = new LinkedHashMap<>();

  /** A holder without files so far. */
  public CsvHolder(Schema schema) {
    this.schema = schema;
  }

  /**
   * A holder that trains on a file, from which the schema is inferred.
   *
   * @throws MpcException as {@link SchemaInference#infer} and {@link Table#read} do
   */
  public static CsvHolder of(Path train) {
    return new CsvHolder(SchemaInference.infer(CsvFile.of(train))).with(HolderSetup.TRAIN, train);
  }

  /**
   * The label holder that trains on a file, from which the schema is inferred.
   *
   * @param label the column with 1 and another value
   * @throws MpcException as {@link SchemaInference#infer} and {@link Table#read} do
   */
  public static CsvHolder of(Path train, String label) {
    Schema schema = SchemaInference.infer(CsvFile.of(train), label, null);
    return new CsvHolder(schema).with(HolderSetup.TRAIN, train);
  }

  /**
   * Reads the file of another data set.
   *
   * @return this
   * @throws MpcException as {@link Table#read} does
   */
  public CsvHolder with(String dataset, Path file) {
    tables.put(dataset, Table.read(CsvFile.of(file), schema));
    return this;
  }

  /**
   * Statistics and categories of the rows that train.
   *
   * @throws MpcException ARGUMENT if there are none
   */
  public Encoder fit() {
    Table train = tables.get(HolderSetup.TRAIN);
    if (train == null) {
      throw new MpcException(
          ErrorCode.ARGUMENT,
          "There is neither training data nor an encoder of an earlier training.",
          "Name the data set \"train\", or the folder of checkpoints of the training.");
    }
    return Encoder.fit(train);
  }

  /**
   * Statistics and categories of an earlier training, which a file keeps; if there is no such file,
   * those of the rows that train now, which are then written to it.
   *
   * @param file beside the holder's checkpoints; its folder is made if there is none
   * @throws MpcException CONFIGURATION_MISMATCH if the file is of other columns, or of other rows
   *     than those that train; ARGUMENT if there is neither file nor training data; DATA_FILE
   */
  public Encoder encoder(Path file) {
    if (!Files.exists(file)) {
      Encoder encoder = fit();
      write(encoder, file);
      return encoder;
    }
    Encoder kept = EncoderFile.read(file);
    Set<String> columns = new TreeSet<>(kept.columns());
    Set<String> common = new TreeSet<>(schema.features());
    common.retainAll(columns);
    columns.addAll(schema.features());
    columns.removeAll(common);
    requireNone(columns, file, "the schema");
    if (tables.containsKey(HolderSetup.TRAIN)) {
      requireNone(kept.columnsThatDiffer(fit()), file, "the training data");
    }
    return kept;
  }

  private static void requireNone(Set<String> columns, Path file, String other) {
    if (!columns.isEmpty()) {
      throw new MpcException(
          ErrorCode.CONFIGURATION_MISMATCH,
          file.getFileName() + " and " + other + " differ in the columns " + columns + ".",
          "To resume or predict, give the schema and the training data that it was made of, or no"
              + " training data; to train anew, name another folder.");
    }
  }

  private static void write(Encoder encoder, Path file) {
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      EncoderFile.write(encoder, file);
    } catch (IOException e) {
      throw new MpcException(
          ErrorCode.DATA_FILE,
          file.getFileName() + " cannot be written: " + e.getMessage() + ".",
          "Check the folder, its free space and the permissions.",
          e);
    }
  }

  /** The features of all rows of each data set. */
  public Map<String, RowSource> rows(Encoder encoder) {
    Map<String, RowSource> rows = new LinkedHashMap<>();
    tables.forEach((name, table) -> rows.put(name, encoder.rows(table)));
    return rows;
  }

  /** What the holder brings to a run, by statistics of the rows that train. */
  public HolderSetup setup() {
    return new HolderSetup(rows(fit()), null, null, LabelResults.IGNORED);
  }

  /** Gives up the rows. */
  @Override
  public void close() {
    tables.values().forEach(Table::close);
  }
}
