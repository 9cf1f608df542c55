package org.djlmpc.layers.split.data;

import ai.djl.util.JsonUtils;
import com.google.gson.JsonParseException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;
import org.djlmpc.layers.split.LabelLoss;
import org.djlmpc.layers.split.WholeFile;
import org.jspecify.annotations.Nullable;

/**
 * An {@link Encoder} as JSON. It holds means, deviations, categories and classes of the holder's
 * data: keep it as you keep the data.
 */
public final class EncoderFile {
  private static final String FORMAT = "djl-mpc encoder";
  private static final int VERSION = 1;
  private static final String DRAFT = "encoder-";

  private EncoderFile() {}

  private record Content(
      @Nullable String format,
      int version,
      @Nullable List<@Nullable Numeric> numeric,
      @Nullable List<@Nullable Categorical> categorical,
      @Nullable Label label) {}

  private record Numeric(@Nullable String name, double mean, double deviation, boolean indicator) {}

  private record Categorical(@Nullable String name, @Nullable List<@Nullable String> values) {}

  private record Label(
      @Nullable String name, @Nullable LabelLoss loss, @Nullable List<@Nullable String> classes) {}

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
    LabelColumn column = encoder.label();
    Label label =
        column == null
            ? null
            : new Label(column.name(), column.loss(), new ArrayList<>(column.classes()));
    return JsonUtils.GSON_PRETTY.toJson(new Content(FORMAT, VERSION, numeric, categorical, label));
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
      categorical.add(new CategoricalColumn(column.name, texts(column.values, name)));
    }
    return new Encoder(numeric, categorical, label(content.label, name));
  }

  private static @Nullable LabelColumn label(@Nullable Label label, String name) {
    if (label == null) {
      return null;
    }
    if (label.name == null || label.loss == null || label.classes == null) {
      throw failure(name, "has a label without name, loss or classes", null);
    }
    return new LabelColumn(label.name, label.loss, texts(label.classes, name));
  }

  private static List<String> texts(List<@Nullable String> values, String name) {
    List<String> texts = new ArrayList<>();
    for (String value : values) {
      if (value == null) {
        throw failure(name, "has a category that is no text", null);
      }
      texts.add(value);
    }
    return texts;
  }

  /** Writes a file that its owner alone can read; one that exists is replaced. */
  public static void write(Encoder encoder, Path file) throws IOException {
    WholeFile.write(file, DRAFT, (toJson(encoder) + "\n").getBytes(StandardCharsets.UTF_8));
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
