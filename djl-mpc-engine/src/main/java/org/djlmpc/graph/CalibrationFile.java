package org.djlmpc.graph;

import ai.djl.util.JsonUtils;
import com.google.gson.JsonParseException;
import com.google.gson.annotations.SerializedName;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;
import org.djlmpc.fixedpoint.FixedPoint;
import org.djlmpc.protocol.Precision;
import org.djlmpc.ring.Ring;
import org.jspecify.annotations.Nullable;

/**
 * A {@link Calibration} as a JSON file beside its model: {@code model.onnx.mpc.json} belongs to
 * {@code model.onnx}.
 */
public final class CalibrationFile {
  private static final String ENDING = ".mpc.json";
  private static final String FORMAT = "djl-mpc calibration";
  private static final int VERSION = 1;
  private static final long MOST_BYTES = 1 << 24;

  private CalibrationFile() {}

  /** The file. */
  private record Content(
      @Nullable String format,
      int version,
      @Nullable String architecture,
      @Nullable String weights,
      int ring,
      @SerializedName("fraction_bits") int fractionBits,
      int samples,
      @SerializedName("margin_bits") int marginBits,
      @SerializedName("input_magnitude") double inputMagnitude,
      @Nullable List<@Nullable Row> layers) {}

  private record Row(
      @Nullable String layer,
      double largest,
      @SerializedName("magnitude_bits") @Nullable Integer magnitudeBits,
      @SerializedName("fraction_bits") @Nullable Integer fractionBits,
      @SerializedName("weight_bits") @Nullable Integer weightBits,
      @SerializedName("wire_bits") @Nullable Integer wireBits,
      @SerializedName("comparison_bits") int comparisonBits) {}

  /** Where the calibration of a model file is kept. */
  public static Path beside(Path model) {
    return model.resolveSibling(Objects.requireNonNull(model.getFileName()) + ENDING);
  }

  /**
   * The calibration beside a model file, if there is one.
   *
   * @throws MpcException CALIBRATION if it cannot be read
   */
  public static Optional<Calibration> find(Path model) {
    Path file = beside(model);
    return Files.exists(file) ? Optional.of(read(file)) : Optional.empty();
  }

  /** Writes a file; one that exists is replaced. */
  public static void write(Calibration calibration, Path file) throws IOException {
    try (OutputStream out = Files.newOutputStream(file)) {
      write(calibration, out);
    }
  }

  /** Writes the contents of a file; the stream stays open. */
  public static void write(Calibration calibration, OutputStream out) throws IOException {
    List<@Nullable Row> rows = new ArrayList<>();
    for (Calibration.Layer layer : calibration.layers()) {
      Precision p = layer.precision();
      rows.add(
          new Row(
              layer.label(),
              layer.largest(),
              p.bounded() ? p.magnitudeBits() : null,
              chosen(p.fractionBits()),
              chosen(p.weightBits()),
              chosen(p.wireBits()),
              layer.comparisonBits()));
    }
    Content content =
        new Content(
            FORMAT,
            VERSION,
            calibration.model().architecture(),
            calibration.model().weights(),
            calibration.fixedPoint().ring().bits(),
            calibration.fixedPoint().fractionBits(),
            calibration.samples(),
            calibration.marginBits(),
            calibration.inputMagnitude(),
            rows);
    String text = JsonUtils.GSON_PRETTY.toJson(content) + "\n";
    out.write(text.getBytes(StandardCharsets.UTF_8));
  }

  private static @Nullable Integer chosen(int bits) {
    return bits == Precision.SESSION ? null : bits;
  }

  /**
   * Reads a file.
   *
   * @throws MpcException CALIBRATION if it is missing, broken or of another version
   */
  public static Calibration read(Path file) {
    try {
      if (Files.size(file) > MOST_BYTES) {
        throw broken(file, "is too large", null);
      }
      return calibration(JsonUtils.GSON.fromJson(Files.readString(file), Content.class), file);
    } catch (IOException e) {
      throw broken(file, "cannot be read", e);
    } catch (JsonParseException | NumberFormatException e) {
      throw broken(file, "is no JSON of a calibration", e);
    } catch (MpcException e) {
      throw e.code() == ErrorCode.CALIBRATION ? e : broken(file, "holds impossible numbers", e);
    }
  }

  private static Calibration calibration(@Nullable Content content, Path file) {
    if (content == null || !FORMAT.equals(content.format) || content.version != VERSION) {
      throw broken(file, "is no calibration of this version", null);
    }
    if (content.architecture == null || content.weights == null || content.layers == null) {
      throw broken(file, "is incomplete", null);
    }
    Ring ring =
        Arrays.stream(Ring.values())
            .filter(r -> !r.isSmall() && r.bits() == content.ring)
            .findFirst()
            .orElseThrow(() -> broken(file, "names a ring of " + content.ring + " bits", null));
    List<Calibration.Layer> layers = new ArrayList<>();
    for (Row row : content.layers) {
      if (row == null || row.layer == null) {
        throw broken(file, "has a layer without name", null);
      }
      Precision precision =
          new Precision(
              row.magnitudeBits == null ? Precision.UNBOUNDED : row.magnitudeBits,
              row.fractionBits == null ? Precision.SESSION : row.fractionBits,
              row.weightBits == null ? Precision.SESSION : row.weightBits,
              row.wireBits == null ? Precision.SESSION : row.wireBits);
      layers.add(new Calibration.Layer(row.layer, row.largest, precision, row.comparisonBits));
    }
    return new Calibration(
        new ModelHash(content.architecture, content.weights),
        new FixedPoint(ring, content.fractionBits),
        content.samples,
        content.marginBits,
        content.inputMagnitude,
        layers);
  }

  private static MpcException broken(Path file, String why, @Nullable Exception cause) {
    return new MpcException(
        ErrorCode.CALIBRATION,
        "The calibration " + file + " " + why + ".",
        ErrorCode.CALIBRATION.nextStep(),
        cause);
  }
}
