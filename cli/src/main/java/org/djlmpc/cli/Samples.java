package org.djlmpc.cli;

import ai.djl.Device;
import ai.djl.modality.cv.Image;
import ai.djl.modality.cv.ImageFactory;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.djlmpc.cli.numpy.NumpyFile;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;
import org.djlmpc.graph.DjlOperators;
import org.djlmpc.graph.GraphSource.DeclaredInput;
import org.djlmpc.graph.Layout;
import org.djlmpc.graph.PublicOperators;
import org.djlmpc.graph.PublicTensor;
import org.djlmpc.layers.networks.FashionMnist;
import org.jspecify.annotations.Nullable;

/**
 * Plaintext inputs to calibrate with: arrays of {@code .npy} and {@code .npz} files, or images, one
 * after the other.
 *
 * @param batches inputs in the model's order, a few samples at a time
 * @param count how many samples there are
 */
record Samples(List<List<PublicTensor>> batches, int count) {
  private static final Set<String> IMAGES = Set.of("png", "jpg", "jpeg", "bmp", "gif");
  private static final int BATCH = 16;

  /** How pixels become numbers: (x / 255 - mean) / deviation, for each channel. */
  record Pixels(@Nullable Integer side, List<Float> mean, List<Float> deviation) {}

  /** The Fashion-MNIST images that come with the networks trained on them. */
  static Samples ofFashionMnist(int most) {
    FashionMnist sample = FashionMnist.testSample();
    int count = Math.min(most, sample.size());
    List<List<PublicTensor>> batches = new ArrayList<>();
    for (int from = 0; from < count; from += BATCH) {
      int to = Math.min(count, from + BATCH);
      Shape shape = new Shape(to - from, 1, 28, 28);
      batches.add(List.of(PublicTensor.of(sample.pixels(from, to), shape)));
    }
    return new Samples(batches, count);
  }

  /**
   * Reads a file, or all files of a directory in the order of their names.
   *
   * @param declared what the model says about its inputs
   * @param most how many samples are enough
   * @throws MpcException DATA_FILE if there is none, or one cannot be read; SHAPE if one does not
   *     fit
   */
  static Samples read(Path data, List<DeclaredInput> declared, Pixels pixels, int most) {
    List<List<PublicTensor>> batches = new ArrayList<>();
    int count = 0;
    for (Path file : files(data)) {
      if (count >= most) {
        break;
      }
      List<PublicTensor> inputs =
          isImage(file) ? List.of(image(file, declared, pixels)) : arrays(file, declared);
      count += split(inputs, most - count, batches);
    }
    if (count == 0) {
      throw new MpcException(
          ErrorCode.DATA_FILE,
          "There are no samples in " + data + ".",
          "Give .npy or .npz files, or images (png, jpg, bmp, gif).");
    }
    return new Samples(batches, count);
  }

  private static List<Path> files(Path data) {
    if (!Files.exists(data)) {
      throw new MpcException(
          ErrorCode.DATA_FILE,
          "There is no file " + data + ".",
          "Name a .npy or .npz file, an image, or a directory of such.");
    }
    if (!Files.isDirectory(data)) {
      return List.of(data);
    }
    try (Stream<Path> files = Files.list(data)) {
      return files
          .filter(file -> isImage(file) || NumpyFile.isArchive(file) || ending(file).equals("npy"))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw unreadable(data, e);
    }
  }

  private static boolean isImage(Path file) {
    return IMAGES.contains(ending(file));
  }

  private static String ending(Path file) {
    String name = file.toString().toLowerCase(Locale.ROOT);
    return name.substring(name.lastIndexOf('.') + 1);
  }

  private static MpcException unreadable(Path file, Exception cause) {
    return new MpcException(
        ErrorCode.DATA_FILE,
        file + " cannot be read: " + cause.getMessage() + ".",
        "Check that it exists and is what its name says.",
        cause);
  }

  /** The inputs in a file; one without batch is a batch of one. */
  private static List<PublicTensor> arrays(Path file, List<DeclaredInput> declared) {
    Map<String, PublicTensor> arrays = NumpyFile.read(file);
    List<JobSpec.Input> chosen = InputArrays.choose(arrays, declared);
    List<PublicTensor> inputs = new ArrayList<>();
    for (int i = 0; i < chosen.size(); i++) {
      PublicTensor array =
          arrays.getOrDefault(chosen.get(i).array(), PublicTensor.scalar(0, DataType.FLOAT32));
      Shape shape = i < declared.size() ? declared.get(i).shape() : null;
      boolean single = shape != null && array.shape().dimension() == shape.dimension() - 1;
      Shape batch = single ? new Shape(1).addAll(array.shape()) : array.shape();
      inputs.add(
          new PublicOperators().layout(new Layout.Reshape(batch), array.cast(DataType.FLOAT32)));
    }
    return inputs;
  }

  private static PublicTensor image(Path file, List<DeclaredInput> declared, Pixels pixels) {
    Shape shape = declared.size() == 1 ? declared.get(0).shape() : null;
    boolean known = shape != null && shape.dimension() == 4;
    long channels = known && shape != null && shape.get(1) > 0 ? shape.get(1) : 3;
    long height = known && shape != null ? shape.get(2) : -1;
    long width = known && shape != null ? shape.get(3) : -1;
    Integer side = pixels.side();
    if (side != null) {
      height = side;
      width = side;
    }
    if (height <= 0 || width <= 0) {
      throw new MpcException(
          ErrorCode.SHAPE,
          "The model does not say how large its images are.",
          "Give the length of a side with --image.");
    }
    try (NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch")) {
      Image image =
          ImageFactory.getInstance().fromFile(file).resize((int) width, (int) height, true);
      NDArray array =
          image
              .toNDArray(manager, channels == 1 ? Image.Flag.GRAYSCALE : Image.Flag.COLOR)
              .toType(DataType.FLOAT32, false)
              .div(255)
              .transpose(2, 0, 1)
              .expandDims(0);
      return DjlOperators.toPublic(normalized(manager, array, pixels));
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  private static NDArray normalized(NDManager manager, NDArray array, Pixels pixels) {
    NDArray result = array;
    if (!pixels.mean().isEmpty()) {
      result = result.sub(channels(manager, pixels.mean()));
    }
    return pixels.deviation().isEmpty()
        ? result
        : result.div(channels(manager, pixels.deviation()));
  }

  private static NDArray channels(NDManager manager, List<Float> values) {
    float[] array = new float[values.size()];
    for (int i = 0; i < array.length; i++) {
      array[i] = values.get(i);
    }
    return manager.create(array, new Shape(1, array.length, 1, 1));
  }

  /** A few rows of all inputs at a time; returns how many samples that are. */
  private static int split(List<PublicTensor> inputs, int most, List<List<PublicTensor>> batches) {
    Shape first = inputs.get(0).shape();
    boolean sameRows =
        inputs.stream()
            .allMatch(x -> x.shape().dimension() > 0 && x.shape().get(0) == first.get(0));
    if (!sameRows) {
      batches.add(inputs);
      return 1;
    }
    int rows = (int) Math.min(most, first.get(0));
    for (int from = 0; from < rows; from += BATCH) {
      int begin = from;
      int end = Math.min(rows, from + BATCH);
      batches.add(inputs.stream().map(x -> rows(x, begin, end)).toList());
    }
    return rows;
  }

  private static PublicTensor rows(PublicTensor x, int from, int to) {
    long[] lengths = x.shape().getShape().clone();
    int row = x.size() / Math.toIntExact(lengths[0]);
    float[] values = new float[(to - from) * row];
    System.arraycopy(x.floats(), from * row, values, 0, values.length);
    lengths[0] = (long) to - from;
    return PublicTensor.of(values, new Shape(lengths));
  }
}
