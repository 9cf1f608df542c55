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
import org.djlmpc.layers.split.LabelLoss;
import org.djlmpc.layers.split.LabelResults;
import org.djlmpc.layers.split.Reason;
import org.djlmpc.layers.split.RowSource;

/**
 * A holder's CSV files, one for each data set, with the same columns. Rows are used as they lie in
 * the files, so align them first.
 *
 * <p>At the label holder {@link HolderSetup#TRAIN} and {@link HolderSetup#VALIDATION} have labels.
 * Other data sets are predicted with labels, which gives metrics, or without.
 */
public final class CsvHolder implements AutoCloseable {
  private static final Set<String> LABELLED = Set.of(HolderSetup.TRAIN, HolderSetup.VALIDATION);

  private final Schema schema;
  private final LabelLoss loss;
  private final Map<String, Table> tables = new LinkedHashMap<>();

  /** A holder without files so far, whose labels, if any, are of two classes. */
  public CsvHolder(Schema schema) {
    this(schema, LabelLoss.BINARY);
  }

  /**
   * A holder without files so far.
   *
   * @param loss says what labels are: of two classes, of several classes, or numbers
   */
  public CsvHolder(Schema schema, LabelLoss loss) {
    this.schema = schema;
    this.loss = loss;
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
    return of(train, label, LabelLoss.BINARY);
  }

  /**
   * The label holder that trains on a file, from which the schema is inferred.
   *
   * @param label the column of labels
   * @param loss says what they are: 1 and another value for BINARY, classes for SOFTMAX, numbers
   *     for SQUARED
   * @throws MpcException as {@link SchemaInference#infer} and {@link Table#read} do
   */
  public static CsvHolder of(Path train, String label, LabelLoss loss) {
    Schema schema = SchemaInference.infer(CsvFile.of(train), label, null, loss);
    return new CsvHolder(schema, loss).with(HolderSetup.TRAIN, train);
  }

  /**
   * A holder that only predicts; its columns and labels are those of an earlier training.
   *
   * @param encoder the file that {@link #encoder} wrote then
   * @throws MpcException as {@link EncoderFile#read} does
   */
  public static CsvHolder toPredict(Path encoder) {
    Encoder kept = EncoderFile.read(encoder);
    LabelColumn label = kept.label();
    return new CsvHolder(kept.columnKinds(), label == null ? LabelLoss.BINARY : label.loss());
  }

  /**
   * Reads the file of another data set.
   *
   * @return this
   * @throws MpcException as {@link Table#read} does
   */
  public CsvHolder with(String dataset, Path file) {
    return with(dataset, CsvFile.of(file));
  }

  /**
   * Reads the file of another data set, in an encoding and with a separator of its own.
   *
   * @return this
   * @throws MpcException as {@link Table#read} does
   */
  public CsvHolder with(String dataset, CsvFile file) {
    tables.put(dataset, Table.read(file, schema, loss, LABELLED.contains(dataset)));
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
    requireNone(inOneOnly(columns(schema), columns(kept.columnKinds())), file, "the schema");
    if (tables.containsKey(HolderSetup.TRAIN)) {
      requireNone(kept.columnsThatDiffer(fit()), file, "the training data");
    }
    return kept;
  }

  /** Features, and a label, which rows to predict need not have. */
  private Set<String> columns(Schema of) {
    Set<String> columns = new TreeSet<>(of.features());
    if (!schema.names(ColumnKind.LABEL).isEmpty()) {
      columns.addAll(of.names(ColumnKind.LABEL));
    }
    return columns;
  }

  private static Set<String> inOneOnly(Set<String> first, Set<String> second) {
    Set<String> all = new TreeSet<>(first);
    all.addAll(second);
    all.removeIf(column -> first.contains(column) && second.contains(column));
    return all;
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
      EncoderFile.write(encoder, file);
    } catch (IOException e) {
      throw new MpcException(
          ErrorCode.DATA_FILE,
          file.getFileName() + " cannot be written: " + Reason.of(e) + ".",
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
    return setup(fit());
  }

  /** What the holder brings to a run, by statistics such as those of {@link #encoder}. */
  public HolderSetup setup(Encoder encoder) {
    return new HolderSetup(rows(encoder), null, null, LabelResults.IGNORED);
  }

  /** Gives up the rows. */
  @Override
  public void close() {
    tables.values().forEach(Table::close);
  }
}
