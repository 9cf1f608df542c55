package org.djlmpc.layers.split.data;

import ai.djl.util.JsonUtils;
import com.google.gson.JsonParseException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;
import org.jspecify.annotations.Nullable;

/**
 * An {@link Encoder} as JSON. It holds means, deviations and categories of the holder's data: keep
 * it as you keep the data.
 */
public final class EncoderFile {
  private static final String FORMAT = "djl-mpc encoder";
  private static final int VERSION = 1;

  private EncoderFile() {}

  private record Content(
      @Nullable String format,
      int version,
      @Nullable List<@Nullable Numeric> numeric,
      @Nullable List<@Nullable Categorical> categorical) {}

  private record Numeric(@Nullable String name, double mean, double deviation, boolean indicator) {}

  private record Categorical(@Nullable String name, @Nullable List<@Nullable String> values) {}

  /** The JSON of an encoder; numbers keep all their bits. */
  public static String toJson(Encoder encoder) {
    List<@Nullable Numeric> numeric = new ArrayList<>();
    encoder
        .numeric()
        .forEach(c -> numeric.add(new Numeric(c.name(), c.mean(), c.deviation(), c.indicator())));
    List<@Nullable Categorical> categorical = new ArrayList<>();
    encoder
        .categorical()
        .forEach(c -> categorical.add(new Categorical(c.name(), new ArrayList<>(c.values()))));
    return JsonUtils.GSON_PRETTY.toJson(new Content(FORMAT, VERSION, numeric, categorical));
  }

  /**
   * An encoder from its JSON.
   *
   * @param name for messages
   * @throws MpcException DATA_FILE if it is no such JSON or incomplete
   */
  public static Encoder parse(String json, String name) {
    Content content;
    try {
      content = JsonUtils.GSON.fromJson(json, Content.class);
    } catch (JsonParseException e) {
      throw failure(name, "is no JSON of an encoder", e);
    }
    if (content == null || !FORMAT.equals(content.format) || content.version != VERSION) {
      throw failure(name, "is no encoder of this version", null);
    }
    if (content.numeric == null || content.categorical == null) {
      throw failure(name, "is incomplete", null);
    }
    List<NumericColumn> numeric = new ArrayList<>();
    for (Numeric column : content.numeric) {
      if (column == null || column.name == null) {
        throw failure(name, "has a column without name", null);
      }
      numeric.add(new NumericColumn(column.name, column.mean, column.deviation, column.indicator));
    }
    List<CategoricalColumn> categorical = new ArrayList<>();
    for (Categorical column : content.categorical) {
      if (column == null || column.name == null || column.values == null) {
        throw failure(name, "has a column without name or values", null);
      }
      List<String> values = new ArrayList<>();
      for (String value : column.values) {
        if (value == null) {
          throw failure(name, "has a category that is no text", null);
        }
        values.add(value);
      }
      categorical.add(new CategoricalColumn(column.name, values));
    }
    return new Encoder(numeric, categorical);
  }

  /** Writes a file; one that exists is replaced. */
  public static void write(Encoder encoder, Path file) throws IOException {
    Files.writeString(file, toJson(encoder) + "\n");
  }

  /**
   * Reads a file.
   *
   * @throws MpcException as {@link #parse}, and DATA_FILE if it cannot be read
   */
  public static Encoder read(Path file) {
    try {
      return parse(Files.readString(file), file.toString());
    } catch (IOException e) {
      throw failure(file.toString(), "cannot be read", e);
    }
  }

  private static MpcException failure(String name, String what, @Nullable Throwable cause) {
    return new MpcException(
        ErrorCode.DATA_FILE,
        name + " " + what + ".",
        "Take the file that was written when the model was trained.",
        cause);
  }
}
