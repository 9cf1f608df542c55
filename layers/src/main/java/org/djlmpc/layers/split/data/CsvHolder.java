package org.djlmpc.layers.split.data;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.IntStream;
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
    return Encoder.fit(train, all(train));
  }

  /** The features of all rows of each data set. */
  public Map<String, RowSource> rows(Encoder encoder) {
    Map<String, RowSource> rows = new LinkedHashMap<>();
    tables.forEach((name, table) -> rows.put(name, encoder.rows(table, all(table))));
    return rows;
  }

  private static int[] all(Table table) {
    return IntStream.range(0, table.rows()).toArray();
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
