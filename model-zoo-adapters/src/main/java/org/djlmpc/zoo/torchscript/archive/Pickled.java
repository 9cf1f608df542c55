package org.djlmpc.zoo.torchscript.archive;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A value out of a pickle: plain data, never an object of a class that the pickle chose.
 *
 * <p>Lists, dictionaries and objects may contain themselves.
 */
public sealed interface Pickled {
  /** The value {@code None}. */
  enum None implements Pickled {
    /** The only one. */
    NONE
  }

  /** What cannot run privately; nothing of it is read, so that an error can name what reads it. */
  enum Quantized implements Pickled {
    /** A tensor of integers that stand for real numbers. */
    TENSOR
  }

  /**
   * An integer.
   *
   * @param value its value
   */
  record Int(long value) implements Pickled {}

  /**
   * A real number.
   *
   * @param value its value
   */
  record Real(double value) implements Pickled {}

  /**
   * A truth value.
   *
   * @param value its value
   */
  record Bool(boolean value) implements Pickled {}

  /**
   * A string.
   *
   * @param value its characters
   */
  record Text(String value) implements Pickled {}

  /** A list or a tuple. */
  final class Sequence implements Pickled {
    private final boolean tuple;
    private final List<Pickled> items;

    Sequence(boolean tuple, List<Pickled> items) {
      this.tuple = tuple;
      this.items = items;
    }

    static Sequence emptyList() {
      return new Sequence(false, new ArrayList<>(0));
    }

    /** Whether it is a tuple. */
    public boolean isTuple() {
      return tuple;
    }

    /** The items; only the unpickler adds to them. */
    public List<Pickled> items() {
      return items;
    }
  }

  /** A dictionary in order of insertion; keys are numbers, truth values and strings. */
  final class Dictionary implements Pickled {
    private final Map<Pickled, Pickled> entries = new LinkedHashMap<>();

    /** The entries; only the unpickler adds to them. */
    public Map<Pickled, Pickled> entries() {
      return entries;
    }
  }

  /** An object of a class whose code is in the archive. */
  final class Instance implements Pickled {
    private final String className;
    private @Nullable Pickled state;

    Instance(String className) {
      this.className = className;
    }

    /** Qualified name of its class, such as {@code __torch__.torch.nn.modules.conv.Conv2d}. */
    public String className() {
      return className;
    }

    /** Its attributes by name, or the argument of its {@code __setstate__}; null if it has none. */
    public @Nullable Pickled state() {
      return state;
    }

    void build(Pickled newState) {
      state = newState;
    }
  }

  /**
   * A name that stands for a class or a function.
   *
   * @param module the part before the last dot
   * @param name the part behind it
   */
  record Global(String module, String name) implements Pickled {
    /** Both parts. */
    public String qualifiedName() {
      return module + "." + name;
    }
  }

  /**
   * A block of elements in the archive, to which tensors refer.
   *
   * @param type the element type
   * @param key the name of its entry
   * @param count number of elements
   */
  record Storage(StorageType type, String key, long count) implements Pickled {}

  /** A tensor: a strided view of a storage. */
  final class Tensor implements Pickled {
    private final Storage storage;
    private final long offset;
    private final long[] sizes;
    private final long[] strides;

    Tensor(Storage storage, long offset, long[] sizes, long[] strides) {
      this.storage = storage;
      this.offset = offset;
      this.sizes = sizes;
      this.strides = strides;
    }

    /** Where its elements are. */
    public Storage storage() {
      return storage;
    }

    long offset() {
      return offset;
    }

    long[] sizes() {
      return sizes;
    }

    long[] strides() {
      return strides;
    }
  }
}
