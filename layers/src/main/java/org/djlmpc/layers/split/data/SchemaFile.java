package org.djlmpc.layers.split.data;

import ai.djl.util.JsonUtils;
import com.google.gson.JsonParseException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;
import org.jspecify.annotations.Nullable;

/**
 * A {@link Schema} as JSON, for a person to write or to correct:
 *
 * <pre>{@code
 * {
 *   "columns": {"Status": "label", "Age": "numeric", "Home": "categorical"},
 *   "positive": "bad",
 *   "missing": ["", "NA"]
 * }
 * }</pre>
 *
 * <p>{@code positive} belongs to a label; {@code missing} may be left out.
 */
public final class SchemaFile {

  private SchemaFile() {}

  private record Content(
      @Nullable Map<String, @Nullable String> columns,
      @Nullable String positive,
      @Nullable List<@Nullable String> missing) {}

  /** The JSON of a schema, without its notes. */
  public static String toJson(Schema schema) {
    Map<String, @Nullable String> columns = new LinkedHashMap<>();
    schema
        .columns()
        .forEach((name, kind) -> columns.put(name, kind.name().toLowerCase(Locale.ROOT)));
    return JsonUtils.GSON_PRETTY.toJson(
        new Content(columns, schema.positive(), List.copyOf(new TreeSet<>(schema.missing()))));
  }

  /**
   * Reads a schema.
   *
   * @throws MpcException DATA_FILE if the file cannot be read or is no such JSON, ARGUMENT if it
   *     contradicts itself
   */
  public static Schema read(Path file) {
    try {
      return parse(Files.readString(file), file.toString());
    } catch (IOException e) {
      throw failure(file.toString(), "cannot be read", e);
    }
  }

  /**
   * A schema from its JSON.
   *
   * @param name for messages
   * @throws MpcException as {@link #read}
   */
  public static Schema parse(String json, String name) {
    Content content;
    try {
      content = JsonUtils.GSON.fromJson(json, Content.class);
    } catch (JsonParseException e) {
      throw failure(name, "is no JSON of a schema", e);
    }
    if (content == null || content.columns == null) {
      throw failure(name, "has no columns", null);
    }
    Map<String, ColumnKind> columns = new LinkedHashMap<>();
    content.columns.forEach((column, kind) -> columns.put(column, kind(name, column, kind)));
    Set<String> missing = new TreeSet<>();
    if (content.missing != null) {
      for (String text : content.missing) {
        if (text == null) {
          throw failure(name, "has a missing value that is no text", null);
        }
        missing.add(text);
      }
    } else {
      missing.addAll(Schema.MISSING);
    }
    return new Schema(columns, content.positive, missing);
  }

  private static ColumnKind kind(String name, String column, @Nullable String text) {
    for (ColumnKind kind : ColumnKind.values()) {
      if (kind.name().equalsIgnoreCase(text)) {
        return kind;
      }
    }
    throw failure(
        name, "gives column " + column + " the kind " + text + ", which does not exist", null);
  }

  private static MpcException failure(String name, String what, @Nullable Throwable cause) {
    return new MpcException(
        ErrorCode.DATA_FILE,
        name + " " + what + ".",
        "Write columns as {\"Age\": \"numeric\"}, with numeric, categorical, label, id or ignore.",
        cause);
  }
}
