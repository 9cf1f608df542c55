package org.djlmpc.layers.split.data;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.Objects;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;
import org.djlmpc.layers.split.ColumnRange;

/**
 * Data to try split learning on. The two data sets of SPNN's section 6 are not packaged anywhere
 * publicly; two made-up sets have their sizes.
 */
public enum DataSet {
  /**
   * 9,857 consumer loans with 22 features, 5.2 % bad; from the R package modeldata, MIT licence.
   */
  LENDING_CLUB("lending_club", 9_857),
  /**
   * 4,454 loans with 13 features, some missing, 28 % bad; from the R package modeldata, MIT
   * licence.
   */
  CREDIT_DATA("credit_data", 4_454),
  /** 284,807 rows of 28 numbers, 0.17 % positive; made up, any number of rows can be had. */
  SYNTHETIC_FRAUD("synthetic-fraud", SyntheticFraud.ROWS),
  /** 3,672 rows of 83 numbers and 3 categories, 556 features in all; made up, as many as wanted. */
  SYNTHETIC_DISTRESS("synthetic-distress", SyntheticDistress.ROWS);

  private final String id;
  private final int rows;

  DataSet(String id, int rows) {
    this.id = id;
    this.rows = rows;
  }

  /** The name in commands and tables. */
  public String id() {
    return id;
  }

  /** How many rows there are, or are made if nobody says how many. */
  public int rows() {
    return rows;
  }

  /** Whether the rows are made up. */
  public boolean isSynthetic() {
    return this == SYNTHETIC_FRAUD || this == SYNTHETIC_DISTRESS;
  }

  /**
   * A data set by its name.
   *
   * @throws MpcException ARGUMENT if there is none
   */
  public static DataSet byName(String name) {
    return Arrays.stream(values())
        .filter(set -> set.id.equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new MpcException(
                    ErrorCode.ARGUMENT,
                    "There is no data set " + name + ".",
                    "Choose one of " + Arrays.stream(values()).map(DataSet::id).toList() + "."));
  }

  /** What the columns are. */
  public Schema schema() {
    return isSynthetic() ? synthetic(0).schema() : SchemaInference.infer(file(), label(), "bad");
  }

  /**
   * The first rows, with the labels.
   *
   * @param wanted how many rows
   * @param seed makes up the rows of a synthetic set; the others do not use it
   * @throws MpcException ARGUMENT if there are not so many
   */
  public Table table(int wanted, long seed) {
    requireRows(wanted);
    return isSynthetic()
        ? synthetic(seed).table(wanted)
        : TableReader.read(file(), schema(), TableWriter.MEMORY_BYTES, wanted);
  }

  private void requireRows(int wanted) {
    if (wanted < 1 || !isSynthetic() && wanted > rows) {
      throw new MpcException(
          ErrorCode.ARGUMENT,
          wanted + " rows of " + id + " are not possible.",
          isSynthetic() ? "Give at least 1." : "Give 1 to " + rows + ".");
    }
  }

  /**
   * Writes the first rows of a synthetic set as CSV, one at a time: they may be more than the
   * memory holds. The stream stays open. Reading it with {@link #schema} gives the same table as
   * {@link #table}.
   *
   * @throws MpcException ARGUMENT if the set is not synthetic, or for less than one row
   */
  public void writeCsv(OutputStream out, int wanted, long seed) throws IOException {
    writeCsv(out, wanted, seed, 0, 1);
  }

  /**
   * Writes one holder's columns of the first rows of a synthetic set, as {@link
   * #writeCsv(OutputStream, int, long)} does. Columns are divided as by {@link Table#divide}.
   *
   * @param holder from 0, who has the labels
   * @param holders among whom the columns are divided
   * @throws MpcException ARGUMENT if the set is not synthetic, or has fewer columns
   */
  public void writeCsv(OutputStream out, int wanted, long seed, int holder, int holders)
      throws IOException {
    if (!isSynthetic()) {
      throw new MpcException(
          ErrorCode.ARGUMENT, id + " is not made up.", "Choose a synthetic data set.");
    }
    requireRows(wanted);
    ColumnRange part = ColumnRange.part(schema().features().size(), holder, holders);
    synthetic(seed).writeCsv(out, wanted, part, holder == 0);
  }

  private Synthetic synthetic(long seed) {
    return new Synthetic(
        this == SYNTHETIC_FRAUD ? new SyntheticFraud(seed) : new SyntheticDistress(seed));
  }

  private String label() {
    return this == LENDING_CLUB ? "Class" : "Status";
  }

  private CsvFile file() {
    String name = id + ".csv.gz";
    return CsvFile.of(
        name, () -> Objects.requireNonNull(DataSet.class.getResourceAsStream(name), name));
  }
}
