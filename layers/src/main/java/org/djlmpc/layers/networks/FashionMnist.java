package org.djlmpc.layers.networks;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.djlmpc.error.MpcException;

/**
 * Images of the Fashion-MNIST data set (Xiao, Rasul, Vollgraf, arXiv:1708.07747): 28 x 28 grey
 * pixels and ten classes of clothing.
 *
 * <p>Pixels are scaled to x / 255, from 0 to 1, and in no other way.
 */
public final class FashionMnist {

  /** What the labels 0 to 9 mean. */
  public static final List<String> CLASS_NAMES =
      List.of(
          "T-shirt/top",
          "Trouser",
          "Pullover",
          "Dress",
          "Coat",
          "Sandal",
          "Shirt",
          "Sneaker",
          "Bag",
          "Ankle boot");

  private static final int SIDE = 28;
  private static final int PIXELS = SIDE * SIDE;

  private final byte[] pixels;
  private final byte[] labels;

  private FashionMnist(byte[] pixels, byte[] labels, String name) {
    if (pixels.length != labels.length * PIXELS) {
      throw IdxFile.failure(name, "has not as many images as its labels", null);
    }
    for (byte label : labels) {
      if (label < 0 || label >= CLASS_NAMES.size()) {
        throw IdxFile.failure(name, "has the unknown label " + (label & 0xff), null);
      }
    }
    this.pixels = pixels;
    this.labels = labels;
  }

  /** The first 200 images of the test set, which come with this library. */
  public static FashionMnist testSample() {
    String images = "fashion-mnist-200-images.idx3.gz";
    String labels = "fashion-mnist-200-labels.idx1.gz";
    try (InputStream imageStream = resource(images);
        InputStream labelStream = resource(labels)) {
      return new FashionMnist(
          IdxFile.read(imageStream, images, SIDE, SIDE), IdxFile.read(labelStream, labels), images);
    } catch (IOException e) {
      throw IdxFile.failure(images, "cannot be closed", e);
    }
  }

  /**
   * The 60,000 training images.
   *
   * @param folder holds the four original files, {@code train-images-idx3-ubyte.gz} and so on
   * @throws MpcException with code DATA_FILE if a file is missing or not as expected
   */
  public static FashionMnist training(Path folder) {
    return read(folder, "train");
  }

  /**
   * The 10,000 test images.
   *
   * @param folder holds the four original files, {@code t10k-images-idx3-ubyte.gz} and so on
   * @throws MpcException with code DATA_FILE if a file is missing or not as expected
   */
  public static FashionMnist test(Path folder) {
    return read(folder, "t10k");
  }

  private static FashionMnist read(Path folder, String part) {
    Path images = folder.resolve(part + "-images-idx3-ubyte.gz");
    Path labels = folder.resolve(part + "-labels-idx1-ubyte.gz");
    return new FashionMnist(read(images, SIDE, SIDE), read(labels), images.toString());
  }

  private static byte[] read(Path file, int... item) {
    try (InputStream stream = Files.newInputStream(file)) {
      return IdxFile.read(stream, file.toString(), item);
    } catch (IOException e) {
      throw IdxFile.failure(file.toString(), "cannot be opened", e);
    }
  }

  private static InputStream resource(String name) {
    return Objects.requireNonNull(FashionMnist.class.getResourceAsStream(name), name);
  }

  /** How many images there are. */
  public int size() {
    return labels.length;
  }

  /** The class of image i, an index into {@link #CLASS_NAMES}. */
  public int label(int i) {
    return labels[i];
  }

  /**
   * The classes of some images.
   *
   * @param from the first image
   * @param to the image after the last
   */
  public int[] labels(int from, int to) {
    Objects.checkFromToIndex(from, to, size());
    int[] result = new int[to - from];
    for (int i = 0; i < result.length; i++) {
      result[i] = labels[from + i];
    }
    return result;
  }

  /**
   * The pixels of some images, from 0 to 1, image by image and row by row.
   *
   * @param from the first image
   * @param to the image after the last
   */
  public float[] pixels(int from, int to) {
    Objects.checkFromToIndex(from, to, size());
    float[] result = new float[(to - from) * PIXELS];
    for (int i = 0; i < result.length; i++) {
      result[i] = (pixels[from * PIXELS + i] & 0xff) / 255f;
    }
    return result;
  }

  /**
   * Some images as a batch of shape (images, 1, 28, 28).
   *
   * @param manager owns the new array
   * @param from the first image
   * @param to the image after the last
   */
  public NDArray images(NDManager manager, int from, int to) {
    return manager.create(pixels(from, to), new Shape(to - from, 1, SIDE, SIDE));
  }
}
