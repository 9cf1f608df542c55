package org.djlmpc.zoo.torchscript.archive;

import ai.djl.MalformedModelException;
import java.util.List;
import java.util.Set;

/**
 * What a pickle may call: the classes of the archive's own code, and the few functions of PyTorch
 * that put tensors and lists together.
 */
final class PickledCalls {
  private static final String CODE = "__torch__";
  private static final int MAX_RANK = 32;

  private static final String REBUILD = "torch._utils._rebuild_tensor_v2";
  private static final String REBUILD_QUANTIZED = "torch._utils._rebuild_qtensor";

  /** How quantized tensors say what their integers stand for. */
  private static final Set<String> SCHEMES =
      Set.of(
          "torch.per_tensor_affine",
          "torch.per_channel_affine",
          "torch.per_tensor_symmetric",
          "torch.per_channel_symmetric",
          "torch.per_channel_affine_float_qparams");

  private static final Set<String> FUNCTIONS =
      Set.of(
          "collections.OrderedDict",
          REBUILD,
          REBUILD_QUANTIZED,
          "torch._utils._rebuild_parameter",
          "torch.device",
          "torch.jit._pickle.build_intlist",
          "torch.jit._pickle.build_doublelist",
          "torch.jit._pickle.build_boollist",
          "torch.jit._pickle.build_tensorlist",
          "torch.jit._pickle.restore_type_tag");

  /** A name that may be called or instantiated. */
  Pickled global(String module, String name) throws MalformedModelException {
    Pickled.Global global = new Pickled.Global(module, name);
    boolean code = module.equals(CODE) || module.startsWith(CODE + ".");
    boolean storage = module.equals("torch") && name.endsWith("Storage");
    String shown = global.qualifiedName();
    if (!code && !storage && !FUNCTIONS.contains(shown) && !SCHEMES.contains(shown)) {
      throw new MalformedModelException(
          "a pickle names "
              + (shown.length() > 80 ? shown.substring(0, 80) + "..." : shown)
              + ", which this reader does not know; nothing was run");
    }
    return global;
  }

  /** An object of one of the archive's classes, without state yet. */
  Pickled newObject(Pickled type, Pickled arguments) throws MalformedModelException {
    if (!(type instanceof Pickled.Global global)
        || !global.module().startsWith(CODE)
        || !items(arguments, "the arguments of an object").isEmpty()) {
      throw new MalformedModelException("a pickle makes an object of something that is no class");
    }
    return new Pickled.Instance(global.qualifiedName());
  }

  /** The storage that a persistent id names: ("storage", type, key, location, count). */
  Pickled storage(Pickled id) throws MalformedModelException {
    List<Pickled> parts = items(id, "a storage");
    if (parts.size() < 5
        || !(parts.get(0) instanceof Pickled.Text kind)
        || !kind.value().equals("storage")
        || !(parts.get(1) instanceof Pickled.Global type)
        || !type.module().equals("torch")
        || !(parts.get(2) instanceof Pickled.Text key)
        || !(parts.get(4) instanceof Pickled.Int count)) {
      throw new MalformedModelException("a pickle refers to a storage in an unknown way");
    }
    if (count.value() < 0 || count.value() > Integer.MAX_VALUE - 8) {
      throw new MalformedModelException(
          "the storage " + key.value() + " has " + count.value() + " elements");
    }
    return new Pickled.Storage(StorageType.named(type.name()), key.value(), count.value());
  }

  /** The result of one of the functions. */
  Pickled reduce(Pickled function, Pickled arguments) throws MalformedModelException {
    if (!(function instanceof Pickled.Global global)) {
      throw new MalformedModelException("a pickle calls a value that is no function");
    }
    List<Pickled> given = items(arguments, "the arguments of " + global.qualifiedName());
    String name = global.qualifiedName();
    if (!FUNCTIONS.contains(name)) {
      throw new MalformedModelException("a pickle calls " + name + ", which is a class");
    }
    boolean dictionary = name.equals("collections.OrderedDict");
    boolean tensor = name.equals(REBUILD);
    if (dictionary ? !given.isEmpty() : given.size() < (tensor ? 4 : 1)) {
      throw new MalformedModelException(
          "a pickle calls " + name + " with " + given.size() + " arguments");
    }
    if (dictionary) {
      return new Pickled.Dictionary();
    }
    if (name.equals(REBUILD_QUANTIZED)) {
      return Pickled.Quantized.TENSOR;
    }
    // all others give a type to their first argument
    return tensor ? tensor(given) : given.get(0);
  }

  private static Pickled tensor(List<Pickled> arguments) throws MalformedModelException {
    if (!(arguments.get(0) instanceof Pickled.Storage storage)
        || !(arguments.get(1) instanceof Pickled.Int offset)) {
      throw new MalformedModelException("a tensor refers to something that is no storage");
    }
    if (storage.type() == StorageType.QUANTIZED) {
      throw new MalformedModelException("a plain tensor has quantized elements");
    }
    long[] sizes = integers(arguments.get(2));
    long[] strides = integers(arguments.get(3));
    if (sizes.length != strides.length || sizes.length > MAX_RANK) {
      throw new MalformedModelException(
          "a tensor has " + sizes.length + " sizes and " + strides.length + " strides");
    }
    checkInside(storage, offset.value(), sizes, strides);
    return new Pickled.Tensor(storage, offset.value(), sizes, strides);
  }

  /** Every element of the view must be an element of the storage. */
  private static void checkInside(
      Pickled.Storage storage, long offset, long[] sizes, long[] strides)
      throws MalformedModelException {
    boolean inside = offset >= 0;
    long count = 1;
    long last = offset;
    try {
      for (int i = 0; i < sizes.length; i++) {
        inside &= sizes[i] >= 0 && strides[i] >= 0;
        count = Math.multiplyExact(count, sizes[i]);
        last = Math.addExact(last, Math.multiplyExact(Math.max(sizes[i], 1) - 1, strides[i]));
      }
    } catch (ArithmeticException e) {
      inside = false;
    }
    boolean empty = inside && count == 0;
    if (!inside || count > Integer.MAX_VALUE - 8 || !empty && last >= storage.count()) {
      throw new MalformedModelException("a tensor reaches outside of its storage " + storage.key());
    }
  }

  private static long[] integers(Pickled tuple) throws MalformedModelException {
    List<Pickled> items = items(tuple, "the shape of a tensor");
    long[] values = new long[items.size()];
    for (int i = 0; i < values.length; i++) {
      if (!(items.get(i) instanceof Pickled.Int value)) {
        throw new MalformedModelException("the shape of a tensor has an entry that is no integer");
      }
      values[i] = value.value();
    }
    return values;
  }

  private static List<Pickled> items(Pickled value, String what) throws MalformedModelException {
    if (value instanceof Pickled.Sequence sequence && sequence.isTuple()) {
      return sequence.items();
    }
    throw new MalformedModelException(what + " is no tuple");
  }
}
