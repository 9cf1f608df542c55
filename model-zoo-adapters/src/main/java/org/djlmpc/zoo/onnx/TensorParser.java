package org.djlmpc.zoo.onnx;

import ai.djl.MalformedModelException;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.djlmpc.graph.PublicTensor;
import org.jspecify.annotations.Nullable;

/**
 * Reads one {@code TensorProto}, wherever its elements are: as raw bytes, as numbers of a type, or
 * in a file beside the model.
 */
final class TensorParser {
  private static final int MAX_RANK = 32;
  private static final long EXTERNAL = 1;

  private final TensorFile file;
  private final ExternalData external;

  private final WholeList lengths = new WholeList();
  private final RealList floats = new RealList();
  private final DoubleList doubles = new DoubleList();
  private final WholeList ints = new WholeList();
  private final WholeList longs = new WholeList();
  private final Map<String, String> place = new HashMap<>();
  private ProtoStream.@Nullable Region raw;
  private long dataType;
  private long location;
  private String name = "";

  private TensorParser(TensorFile file, ExternalData external) {
    this.file = file;
    this.external = external;
  }

  static OnnxTensor parse(ProtoStream in, TensorFile file, ExternalData external)
      throws IOException, MalformedModelException {
    TensorParser parser = new TensorParser(file, external);
    parser.fields(in);
    try {
      return parser.tensor();
    } catch (MalformedModelException e) {
      throw new MalformedModelException("Tensor " + parser.name + ": " + e.getMessage(), e);
    } catch (ArithmeticException e) {
      throw new MalformedModelException("Tensor " + parser.name + ": its lengths overflow.", e);
    }
  }

  private void fields(ProtoStream in) throws IOException, MalformedModelException {
    for (int field = in.nextField(); field != 0; field = in.nextField()) {
      switch (field) {
        case 1 -> in.wholes(lengths);
        case 2 -> dataType = in.whole();
        case 4 -> in.reals(floats);
        case 5 -> in.wholes(ints);
        case 7 -> in.wholes(longs);
        case 8 -> name = in.text();
        case 9 -> raw = in.region();
        case 10 -> in.doubles(doubles);
        case 13 -> in.message(this::entry);
        case 14 -> location = in.whole();
        default -> in.skip();
      }
    }
  }

  /** One {@code StringStringEntryProto} of {@code external_data}. */
  private String entry(ProtoStream in) throws IOException, MalformedModelException {
    String key = "";
    String value = "";
    for (int field = in.nextField(); field != 0; field = in.nextField()) {
      switch (field) {
        case 1 -> key = in.text();
        case 2 -> value = in.text();
        default -> in.skip();
      }
    }
    place.put(key, value);
    return key;
  }

  private OnnxTensor tensor() throws IOException, MalformedModelException {
    ElementType type = ElementType.of(dataType);
    DataType stored = type.stored();
    if (stored == null) {
      String kind = type == ElementType.OTHER ? "element type " + dataType : type.name();
      return new OnnxTensor(name, kind, null);
    }
    return new OnnxTensor(name, type.name(), value(type, stored, shape()));
  }

  private Shape shape() throws MalformedModelException {
    if (lengths.size() > MAX_RANK) {
      throw new MalformedModelException("It has " + lengths.size() + " axes.");
    }
    long[] shape = lengths.toArray();
    long size = 1;
    for (long length : shape) {
      if (length < 0) {
        throw new MalformedModelException("An axis has the length " + length + ".");
      }
      size = Math.multiplyExact(size, length);
    }
    if (size > Integer.MAX_VALUE) {
      throw new MalformedModelException("It has " + size + " elements.");
    }
    return new Shape(shape);
  }

  private PublicTensor value(ElementType type, DataType stored, Shape shape)
      throws IOException, MalformedModelException {
    if (location == EXTERNAL) {
      return external.read(place, stored, shape);
    }
    if (raw != null) {
      return file.read(raw.offset(), raw.length(), stored, shape);
    }
    return switch (type) {
      case FLOAT -> {
        check(floats.size(), shape);
        yield PublicTensor.of(floats.toArray(), shape);
      }
      case DOUBLE -> {
        check(doubles.size(), shape);
        yield PublicTensor.of(doubles.toArray(), shape);
      }
      case INT64 -> {
        check(longs.size(), shape);
        yield PublicTensor.of(longs.toArray(), shape);
      }
      default -> {
        check(ints.size(), shape);
        yield narrow(ints.toArray(), stored, shape);
      }
    };
  }

  private static void check(int given, Shape shape) throws MalformedModelException {
    if (given != shape.size()) {
      throw new MalformedModelException(given + " elements do not fill the shape " + shape + ".");
    }
  }

  /** Small types travel as one integer for each element; 16-bit reals as their bits. */
  private static PublicTensor narrow(long[] values, DataType type, Shape shape) {
    if (type != DataType.FLOAT16 && type != DataType.BFLOAT16) {
      return PublicTensor.of(values, shape).cast(type);
    }
    ByteBuffer bits =
        ByteBuffer.allocate(Math.multiplyExact(values.length, Short.BYTES))
            .order(ByteOrder.LITTLE_ENDIAN);
    for (long value : values) {
      bits.putShort((short) value);
    }
    return PublicTensor.fromBuffer(bits.flip(), Objects.requireNonNull(type), shape);
  }
}
