package org.djlmpc.zoo.torchscript.archive;

import ai.djl.MalformedModelException;
import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.djlmpc.graph.PublicTensor;
import org.djlmpc.ring.IndexMap;

/**
 * Reads every tensor that a pickled value reaches.
 *
 * <p>Each storage is read once. A tensor that is the whole of it, in its order, shares its array;
 * other views are copied out of it, equal ones once. The bytes of all arrays are added up before
 * the first is allocated.
 */
public final class TensorLoader {
  private final TorchArchive archive;
  private final String folder;
  private final Map<String, List<Pickled.Tensor>> tensorsOf = new LinkedHashMap<>();
  private final IdentityHashMap<Pickled.Tensor, PublicTensor> loaded = new IdentityHashMap<>();

  private TensorLoader(TorchArchive archive, String folder) {
    this.archive = archive;
    this.folder = folder;
  }

  /**
   * Reads the tensors.
   *
   * @param archive where their storages are
   * @param folder the folder of the storages: {@code data} or {@code constants}
   * @param root the value that reaches the tensors
   * @return the elements of each tensor
   * @throws IOException if the archive cannot be read, or the heap is too small for the tensors
   * @throws MalformedModelException if a storage is missing, damaged or claimed for two types, or
   *     the tensors unpack to far more than the archive holds
   */
  public static IdentityHashMap<Pickled.Tensor, PublicTensor> load(
      TorchArchive archive, String folder, Pickled root)
      throws IOException, MalformedModelException {
    TensorLoader loader = new TensorLoader(archive, folder);
    loader.collect(root);
    long bytes = loader.checkMemory();
    try {
      for (List<Pickled.Tensor> tensors : loader.tensorsOf.values()) {
        loader.loadStorage(tensors);
      }
    } catch (OutOfMemoryError e) {
      // one large array did not fit: nothing else is affected
      throw heapTooSmall(bytes);
    }
    return loader.loaded;
  }

  /** Walks without recursion: a pickle may nest as deep as it likes. */
  private void collect(Pickled root) throws MalformedModelException {
    Set<Pickled> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    Deque<Pickled> open = new ArrayDeque<>(List.of(root));
    while (!open.isEmpty()) {
      Pickled value = open.removeLast();
      if (!seen.add(value)) {
        continue;
      }
      if (value instanceof Pickled.Sequence sequence) {
        open.addAll(sequence.items());
      } else if (value instanceof Pickled.Dictionary dictionary) {
        open.addAll(dictionary.entries().values());
      } else if (value instanceof Pickled.Instance instance && instance.state() != null) {
        open.add(instance.state());
      } else if (value instanceof Pickled.Tensor tensor) {
        List<Pickled.Tensor> same =
            tensorsOf.computeIfAbsent(tensor.storage().key(), key -> new ArrayList<>());
        same.add(tensor);
        if (!same.get(0).storage().equals(tensor.storage())) {
          throw new MalformedModelException(
              "the storage " + tensor.storage().key() + " is used with two types or lengths");
        }
      }
    }
  }

  private long checkMemory() throws IOException, MalformedModelException {
    long bytes = 0;
    for (List<Pickled.Tensor> tensors : tensorsOf.values()) {
      Pickled.Storage storage = tensors.get(0).storage();
      long elements = storage.count();
      for (List<Long> view : tensors.stream().map(TensorLoader::view).distinct().toList()) {
        if (!isWhole(view, storage)) {
          elements += size(view);
        }
      }
      bytes += elements * storage.type().memoryBytes();
      if (bytes > archive.maxTensorBytes()) {
        throw new MalformedModelException(
            "its tensors unpack to more than "
                + archive.maxTensorBytes()
                + " bytes, far more than the file has");
      }
    }
    if (bytes > Runtime.getRuntime().maxMemory()) {
      throw heapTooSmall(bytes);
    }
    return bytes;
  }

  private static IOException heapTooSmall(long bytes) {
    return new IOException(
        "The model's weights take "
            + (bytes >> 20)
            + " MiB and the Java heap has "
            + (Runtime.getRuntime().maxMemory() >> 20)
            + " MiB: start Java with a larger -Xmx.");
  }

  private void loadStorage(List<Pickled.Tensor> tensors)
      throws IOException, MalformedModelException {
    Pickled.Storage storage = tensors.get(0).storage();
    PublicTensor elements = archive.storage(folder, storage);
    Map<List<Long>, PublicTensor> views = new HashMap<>();
    for (Pickled.Tensor tensor : tensors) {
      loaded.put(
          tensor,
          views.computeIfAbsent(
              view(tensor),
              view ->
                  isWhole(view, storage)
                      ? elements.reshape(new Shape(tensor.sizes()))
                      : copy(elements, tensor)));
    }
  }

  /** Offset, sizes and strides, which two tensors may have in common. */
  private static List<Long> view(Pickled.Tensor tensor) {
    List<Long> view = new ArrayList<>();
    view.add(tensor.offset());
    Arrays.stream(tensor.sizes()).forEach(view::add);
    Arrays.stream(tensor.strides()).forEach(view::add);
    return view;
  }

  private static long size(List<Long> view) {
    return view.subList(1, 1 + view.size() / 2).stream().reduce(1L, (a, b) -> a * b);
  }

  /** Whether a view is all elements of a storage in their order. */
  private static boolean isWhole(List<Long> view, Pickled.Storage storage) {
    int rank = view.size() / 2;
    long expected = 1;
    for (int i = rank - 1; i >= 0; i--) {
      long size = view.get(1 + i);
      if (size != 1 && view.get(1 + rank + i) != expected) {
        return false;
      }
      expected *= size;
    }
    return view.get(0) == 0 && expected == storage.count();
  }

  private static PublicTensor copy(PublicTensor elements, Pickled.Tensor tensor) {
    long[] sizes = tensor.sizes();
    if (Arrays.stream(sizes).anyMatch(size -> size == 0)) {
      return PublicTensor.zeros(new Shape(sizes), elements.dataType());
    }
    Integer[] order = new Integer[sizes.length];
    Arrays.setAll(order, i -> i);
    // axes of length one may have any stride
    Arrays.sort(
        order,
        (a, b) ->
            Long.compare(
                sizes[b] == 1 ? Long.MAX_VALUE : tensor.strides()[b],
                sizes[a] == 1 ? Long.MAX_VALUE : tensor.strides()[a]));
    long[] sorted = new long[sizes.length];
    int[] back = new int[sizes.length];
    boolean dense = true;
    long expected = 1;
    for (int i = order.length - 1; i >= 0; i--) {
      sorted[i] = sizes[order[i]];
      back[order[i]] = i;
      dense &= sorted[i] == 1 || tensor.strides()[order[i]] == expected;
      expected *= sorted[i];
    }
    return dense
        ? dense(elements, tensor.offset(), new Shape(sorted), back)
        : gather(elements, tensor, (int) expected);
  }

  /** A part without gaps, with its axes in another order; channels-last weights, for example. */
  private static PublicTensor dense(
      PublicTensor elements, long offset, Shape shape, int[] permutation) {
    long[] begin = {offset};
    long[] end = {offset + shape.size()};
    long[] step = {1};
    IndexMap part = IndexMap.slice(elements.shape(), begin, end, step);
    PublicTensor straight = elements.rearrange(part).reshape(shape);
    IndexMap order = IndexMap.permute(shape, permutation);
    return order.isIdentity() ? straight.reshape(order.outputShape()) : straight.rearrange(order);
  }

  /** Any other view: with gaps, or with elements that appear more than once. */
  private static PublicTensor gather(PublicTensor elements, Pickled.Tensor tensor, int count) {
    long[] positions = new long[count];
    long[] at = new long[tensor.sizes().length];
    long position = tensor.offset();
    for (int i = 0; i < count; i++) {
      positions[i] = position;
      for (int axis = at.length - 1; axis >= 0; axis--) {
        position += tensor.strides()[axis];
        if (++at[axis] < tensor.sizes()[axis]) {
          break;
        }
        position -= tensor.strides()[axis] * at[axis];
        at[axis] = 0;
      }
    }
    return elements
        .rearrange(IndexMap.gather(elements.shape(), 0, positions))
        .reshape(new Shape(tensor.sizes()));
  }
}
