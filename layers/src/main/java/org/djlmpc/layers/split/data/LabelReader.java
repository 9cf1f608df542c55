package org.djlmpc.layers.split.data;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;
import org.djlmpc.layers.split.LabelLoss;
import org.jspecify.annotations.Nullable;

/**
 * Reads the labels of one file: 1 or 0, the number of a class in the order of their appearance, or
 * a number, as the loss wants. A file to predict may do without: then no row has one.
 */
final class LabelReader {
  private static final String NEEDED =
      "Training and validation data need a label in every row; data to predict in every row or in"
          + " none.";

  private final Schema schema;
  private final LabelLoss loss;
  private final @Nullable String positive;
  private final boolean required;
  private final Categories classes = new Categories();
  private final List<String> places = new ArrayList<>();
  private boolean found;
  private boolean lacking;

  /**
   * A reader for one file.
   *
   * @param required whether every row must have a label
   * @throws MpcException ARGUMENT if the schema does not say which value of a BINARY label is
   *     positive, or says so for another loss
   */
  LabelReader(Schema schema, LabelLoss loss, boolean required) {
    this.schema = schema;
    this.loss = loss;
    this.required = required;
    positive = schema.positive();
    boolean binary = loss == LabelLoss.BINARY;
    if (!schema.names(ColumnKind.LABEL).isEmpty() && binary != (positive != null)) {
      throw new MpcException(
          ErrorCode.ARGUMENT,
          binary
              ? "The schema has a label and does not say which of its values is positive."
              : "The schema names a positive value, for the loss " + loss + ".",
          binary ? "Name it as \"positive\"." : "Leave it out, or train with the loss BINARY.");
    }
    if (binary && positive != null) {
      classes.number(positive);
      places.add("");
    }
  }

  /**
   * The columns to read: without that of the label if the file lacks it.
   *
   * @throws MpcException DATA_FILE if it must not
   */
  Schema columns(CsvFile file, Collection<String> present) {
    List<String> label = schema.names(ColumnKind.LABEL);
    if (present.containsAll(label)) {
      return schema;
    }
    if (required) {
      throw file.failure("has no column " + label.get(0) + ", the label", NEEDED, null);
    }
    return schema.only(schema.features());
  }

  /** The label of the current record; NaN if there is none. */
  float read(CsvRecords records, int column, boolean absent) {
    if (absent ? found || required : lacking) {
      throw records.failure(
          ErrorCode.DATA_FILE,
          column,
          absent ? "the label is missing" : "the row has a label, and earlier ones have none",
          NEEDED);
    }
    found |= !absent;
    lacking |= absent;
    if (absent) {
      return Float.NaN;
    }
    return switch (loss) {
      case BINARY ->
          1 - number(records, column, 2, "a third value", "Give a label of two classes.");
      case SOFTMAX ->
          number(
              records,
              column,
              Categories.MOST,
              "more than " + Categories.MOST + " values",
              "Use the loss \"squared\" for numbers.");
      case SQUARED ->
          records.number(column, "Correct it, or use the loss \"softmax\" if labels are classes.");
    };
  }

  private int number(CsvRecords records, int column, int most, String tooMany, String nextStep) {
    int known = classes.values().size();
    int number = classes.number(records.field(column));
    if (number < 0 || number >= most) {
      throw records.failure(ErrorCode.DATA_FILE, column, "the label has " + tooMany, nextStep);
    }
    if (number == known) {
      places.add(records.place(column));
    }
    return number;
  }

  /** What was read; null if no row has a label and none needs one. */
  @Nullable LabelValues values() {
    boolean needed = required && schema.columns().containsValue(ColumnKind.LABEL);
    return found || needed ? new LabelValues(loss, classes.values(), places) : null;
  }
}
