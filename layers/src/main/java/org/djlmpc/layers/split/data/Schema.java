package org.djlmpc.layers.split.data;

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;
import org.jspecify.annotations.Nullable;

/**
 * What each column of a file is for. Columns that a schema does not name are not read.
 *
 * @param columns kinds by name, in the order of the features; at most one label and one id
 * @param positive the value of the label that counts as 1; null without a label, and for a label of
 *     more classes or of numbers
 * @param missing texts that stand for a missing value
 * @param notes what was seen in a column when the schema was inferred, for people
 */
public record Schema(
    Map<String, ColumnKind> columns,
    @Nullable String positive,
    Set<String> missing,
    Map<String, String> notes) {
  /** The empty field and the usual abbreviations of "not available". */
  public static final Set<String> MISSING = Set.of("", "NA", "N/A", "null", "NULL");

  /** Checks and copies. */
  public Schema {
    columns = Collections.unmodifiableMap(new LinkedHashMap<>(columns));
    missing = Set.copyOf(missing);
    notes = Map.copyOf(notes);
    atMostOne(columns, ColumnKind.LABEL);
    atMostOne(columns, ColumnKind.ID);
    if (positive != null && !columns.containsValue(ColumnKind.LABEL)) {
      throw new MpcException(
          ErrorCode.ARGUMENT,
          "The schema names a positive value and has no label.",
          "Say which column is the label.");
    }
  }

  /** A schema without notes. */
  public Schema(Map<String, ColumnKind> columns, @Nullable String positive, Set<String> missing) {
    this(columns, positive, missing, Map.of());
  }

  private static void atMostOne(Map<String, ColumnKind> columns, ColumnKind kind) {
    if (columns.values().stream().filter(kind::equals).count() > 1) {
      throw new MpcException(
          ErrorCode.ARGUMENT,
          "The schema has more than one column of kind " + kind + ".",
          "Ignore all but one of them.");
    }
  }

  /** The names of the columns of a kind, in order. */
  public List<String> names(ColumnKind kind) {
    return columns.entrySet().stream()
        .filter(column -> column.getValue() == kind)
        .map(Map.Entry::getKey)
        .toList();
  }

  /** The columns that become features, in order. */
  public List<String> features() {
    return columns.entrySet().stream()
        .filter(column -> isFeature(column.getValue()))
        .map(Map.Entry::getKey)
        .toList();
  }

  static boolean isFeature(ColumnKind kind) {
    return kind == ColumnKind.NUMERIC || kind == ColumnKind.CATEGORICAL;
  }

  /**
   * The schema of a party that holds only some columns.
   *
   * @throws MpcException ARGUMENT if there is no such column
   */
  public Schema only(Collection<String> held) {
    Map<String, ColumnKind> kept = new LinkedHashMap<>();
    for (String name : held) {
      ColumnKind kind = columns.get(name);
      if (kind == null) {
        throw new MpcException(
            ErrorCode.ARGUMENT,
            "The schema has no column " + name + ".",
            "Choose among " + columns.keySet() + ".");
      }
      kept.put(name, kind);
    }
    return new Schema(
        kept,
        kept.containsValue(ColumnKind.LABEL) ? positive : null,
        missing,
        notes.entrySet().stream()
            .filter(note -> kept.containsKey(note.getKey()))
            .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue)));
  }

  /** One line a column: its name, its kind and what was seen in it. */
  @Override
  public String toString() {
    int width = columns.keySet().stream().mapToInt(String::length).max().orElse(0);
    StringBuilder text = new StringBuilder();
    columns.forEach(
        (name, kind) ->
            text.append(
                String.format(
                            Locale.ROOT,
                            "%-" + Math.max(1, width) + "s  %-11s  %s",
                            name,
                            kind.name().toLowerCase(Locale.ROOT),
                            notes.getOrDefault(name, ""))
                        .stripTrailing()
                    + "\n"));
    return text.toString();
  }
}
