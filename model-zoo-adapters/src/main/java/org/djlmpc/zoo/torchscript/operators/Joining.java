package org.djlmpc.zoo.torchscript.operators;

import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.djlmpc.graph.Layout;
import org.djlmpc.zoo.Partial;
import org.djlmpc.zoo.PartialOperators;
import org.djlmpc.zoo.torchscript.run.Arguments;
import org.djlmpc.zoo.torchscript.run.Operation;
import org.djlmpc.zoo.torchscript.run.Value;

/** Joins tensors into one and splits one into several. */
final class Joining {
  private Joining() {}

  static void addTo(Map<String, Operation> operations) {
    for (String name : List.of("cat", "concat", "concatenate")) {
      operations.put(name, Joining::concat);
    }
    operations.put("stack", Joining::stack);
    for (String name : List.of("chunk", "unsafe_chunk")) {
      operations.put(name, Joining::chunk);
    }
    operations.put("tensor_split", Joining::evenly);
    for (String name :
        List.of("split", "split_with_sizes", "unsafe_split", "unsafe_split_with_sizes")) {
      operations.put(name, Joining::split);
    }
    operations.put("unbind", Joining::unbind);
  }

  private static Value concat(Arguments a) {
    List<Partial> tensors = new ArrayList<>(a.tensors(0, "tensors"));
    if (tensors.size() > 1) {
      // PyTorch skips empty vectors
      tensors.removeIf(x -> x.shape().equals(new Shape(0)));
    }
    if (tensors.size() == 1) {
      return Results.tensor(tensors.get(0));
    }
    return Results.tensor(a.operators().concat(tensors, a.small(1, "dim", 0)));
  }

  private static Value stack(Arguments a) {
    PartialOperators o = a.operators();
    List<Partial> layers = new ArrayList<>();
    int axis = 0;
    for (Partial x : a.tensors(0, "tensors")) {
      axis = Results.axis(a, a.integer(1, "dim", 0), x.shape().dimension() + 1);
      layers.add(o.layout(Layout.expandDims(x.shape(), axis), x));
    }
    return Results.tensor(o.concat(layers, axis));
  }

  private static int axis(Arguments a, int position) {
    return Results.axis(a, a.integer(position, "dim", 0), a.tensor(0, "self").shape().dimension());
  }

  private static Value pieces(Arguments a, int axis, long[] lengths) {
    a.charge(10L * lengths.length);
    Partial x = a.tensor(0, "self");
    List<Layout> pieces = new ArrayList<>();
    long at = 0;
    for (long length : lengths) {
      if (length < 0 || at + length > x.shape().get(axis)) {
        throw a.wrong(1, "lengths that do not add up to " + x.shape().get(axis));
      }
      pieces.add(Layout.slice(x.shape(), axis, at, at + length));
      at += length;
    }
    return Results.views(a, pieces);
  }

  /** Pieces of {@code size}, the last one maybe shorter. */
  private static Value equalPieces(Arguments a, int axis, long size) {
    long length = a.tensor(0, "self").shape().get(axis);
    if (size < 1) {
      throw a.wrong(1, "a length of " + size);
    }
    a.charge(length / size);
    long[] lengths = new long[Math.toIntExact(Math.max(1, (length + size - 1) / size))];
    Arrays.fill(lengths, size);
    lengths[lengths.length - 1] = length - size * (lengths.length - 1L);
    return pieces(a, axis, lengths);
  }

  private static Value chunk(Arguments a) {
    int axis = axis(a, 2);
    long chunks = a.integer(1, "chunks");
    long length = a.tensor(0, "self").shape().get(axis);
    if (chunks < 1) {
      throw a.wrong(1, "the number " + chunks);
    }
    return equalPieces(a, axis, Math.max(1, (length + chunks - 1) / chunks));
  }

  /** The first pieces one longer where the length does not divide, or cut at given places. */
  private static Value evenly(Arguments a) {
    int axis = axis(a, 2);
    long length = a.tensor(0, "self").shape().get(axis);
    if (a.isSequence(1)) {
      long[] cuts = a.integers(1, "indices");
      long[] lengths = new long[cuts.length + 1];
      long at = 0;
      for (int i = 0; i <= cuts.length; i++) {
        long end = i == cuts.length ? length : Math.min(length, cuts[i]);
        lengths[i] = end - at;
        at = end;
      }
      return pieces(a, axis, lengths);
    }
    int sections = a.small(1, "sections");
    a.charge(sections);
    long[] lengths = new long[sections];
    for (int i = 0; i < sections; i++) {
      lengths[i] = length / sections + (i < length % sections ? 1 : 0);
    }
    return pieces(a, axis, lengths);
  }

  private static Value split(Arguments a) {
    int axis = axis(a, 2);
    return a.isSequence(1)
        ? pieces(a, axis, a.integers(1, "split_size"))
        : equalPieces(a, axis, a.integer(1, "split_size"));
  }

  private static Value unbind(Arguments a) {
    int axis = axis(a, 1);
    Partial x = a.tensor(0, "self");
    a.charge(Math.multiplyExact(10L, x.shape().get(axis)));
    List<Value> entries = new ArrayList<>();
    for (long i = 0; i < x.shape().get(axis); i++) {
      entries.add(Layouts.entry(a, axis, i));
    }
    return new Value.ListValue(entries);
  }
}
