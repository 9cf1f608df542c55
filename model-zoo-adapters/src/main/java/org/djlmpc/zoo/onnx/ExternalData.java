package org.djlmpc.zoo.onnx;

import ai.djl.MalformedModelException;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.djlmpc.graph.PublicTensor;
import org.jspecify.annotations.Nullable;

/**
 * The files beside a model in which it keeps large tensors.
 *
 * <p>A model names these files, and a model may come from a stranger: only regular files inside the
 * model's folder are opened, whatever links and dots the name has, and all tensors of a file
 * together are at most as long as the file.
 */
final class ExternalData implements Closeable {
  private final @Nullable Path folder;
  private final Map<Stretch, PublicTensor> tensors = new HashMap<>();
  private final Map<Path, Long> used = new HashMap<>();

  /** The file read last: there may be one for each tensor, more than may be open at a time. */
  private @Nullable TensorFile open;

  private @Nullable Path opened;

  /** Files in one folder. */
  ExternalData(@Nullable Path folder) {
    this.folder = folder;
  }

  private record Stretch(Path file, long offset, long length, DataType type) {}

  /**
   * Reads a tensor.
   *
   * @param place what the model says of it: {@code location}, {@code offset} and {@code length}
   */
  PublicTensor read(Map<String, String> place, DataType type, Shape shape)
      throws IOException, MalformedModelException {
    String location = place.get("location");
    if (location == null) {
      throw new MalformedModelException("External data names no file.");
    }
    // by its real name: a file that has several may not be read once for each
    Path path = locate(location);
    TensorFile file = file(path);
    long offset = number(place, "offset", 0);
    long length = number(place, "length", shape.size() * type.getNumOfBytes());
    Stretch stretch = new Stretch(path, offset, length, type);
    PublicTensor known = tensors.get(stretch);
    if (known != null && known.size() == shape.size()) {
      return known.reshape(shape);
    }
    if (used.merge(path, length, Math::addExact) > file.length()) {
      throw new MalformedModelException(
          "Tensors in " + location + " overlap or are longer than the file.");
    }
    PublicTensor tensor = file.read(offset, length, type, shape);
    tensors.put(stretch, tensor);
    return tensor;
  }

  private TensorFile file(Path path) throws IOException {
    if (open == null || !path.equals(opened)) {
      close();
      open = TensorFile.open(path);
      opened = path;
    }
    return open;
  }

  private Path locate(String location) throws IOException, MalformedModelException {
    if (folder == null) {
      throw new MalformedModelException(
          "External data " + location + " of a model without folder.");
    }
    Path file;
    try {
      Path relative = Path.of(location);
      if (relative.isAbsolute() || location.contains("\\") || location.contains("..")) {
        throw outside(location);
      }
      file = folder.resolve(relative);
    } catch (InvalidPathException e) {
      throw new MalformedModelException("External data lies in a file with an impossible name.", e);
    }
    if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
      throw new MalformedModelException("The file " + location + " with external data is missing.");
    }
    Path real = file.toRealPath();
    if (!real.startsWith(folder.toRealPath())) {
      throw outside(location);
    }
    if (!Files.isRegularFile(real, LinkOption.NOFOLLOW_LINKS)) {
      throw new MalformedModelException("External data " + location + " is no regular file.");
    }
    return real;
  }

  private static MalformedModelException outside(String location) {
    return new MalformedModelException(
        "External data " + location + " lies outside of the model's folder.");
  }

  private static long number(Map<String, String> place, String key, long otherwise)
      throws MalformedModelException {
    String text = place.get(key);
    if (text == null) {
      return otherwise;
    }
    try {
      long value = Long.parseLong(text);
      if (value >= 0) {
        return value;
      }
    } catch (NumberFormatException e) {
      throw new MalformedModelException("The " + key + " of external data is no number.", e);
    }
    throw new MalformedModelException("The " + key + " of external data is negative.");
  }

  @Override
  public void close() throws IOException {
    if (open != null) {
      open.close();
      open = null;
    }
  }
}
