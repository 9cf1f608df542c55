package org.djlmpc.zoo.torchscript.operators;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.djlmpc.graph.Layout;
import org.djlmpc.graph.PublicTensor;
import org.djlmpc.zoo.Partial;
import org.djlmpc.zoo.PartialOperators;
import org.djlmpc.zoo.torchscript.run.Arguments;
import org.djlmpc.zoo.torchscript.run.Operation;
import org.djlmpc.zoo.torchscript.run.TensorValue;
import org.djlmpc.zoo.torchscript.run.UnsupportedCall;
import org.djlmpc.zoo.torchscript.run.Value;

/** Rearrangements of elements; most share memory with their argument. */
final class Layouts {
  private Layouts() {}

  static void addTo(Map<String, Operation> operations) {
    for (String name : List.of("view", "reshape", "_reshape_alias", "_unsafe_view")) {
      operations.put(name, Layouts::reshape);
    }
    for (String name : List.of("view_as", "reshape_as")) {
      operations.put(
          name, a -> maybeView(a, Layout.reshape(a.tensor(1, "other").shape().getShape())));
    }
    operations.put("flatten", Layouts::flatten);
    operations.put("unflatten", Layouts::unflatten);
    operations.put("permute", Layouts::permute);
    for (String name : List.of("transpose", "swapaxes", "swapdims")) {
      operations.put(name, Layouts::transpose);
    }
    for (String name : List.of("t", "numpy_T", "T", "mT")) {
      operations.put(name, Layouts::reversed);
    }
    for (String name : List.of("movedim", "moveaxis")) {
      operations.put(name, Layouts::moveAxis);
    }
    operations.put("squeeze", Layouts::squeeze);
    operations.put("unsqueeze", Layouts::unsqueeze);
    operations.put("select", Layouts::select);
    operations.put("slice", a -> a.isTensor(0) ? slice(a) : ContainerOperations.slice(a));
    operations.put("narrow", Layouts::narrow);
    operations.put("expand", Layouts::expand);
    operations.put("expand_as", a -> view(a, Layout.broadcast(a.tensor(1, "other").shape())));
    operations.put("broadcast_to", Layouts::expand);
    for (String name : List.of("repeat", "tile")) {
      operations.put(name, a -> fresh(a, Layout.tile(a.integers(1, "repeats"))));
    }
    operations.put("repeat_interleave", Layouts::repeatEach);
    operations.put("flip", a -> fresh(a, Layout.flip(axes(a, 1, "dims"))));
    operations.put("roll", Layouts::roll);
    operations.put("pixel_shuffle", Layouts::pixelShuffle);
    operations.put("pixel_unshuffle", Layouts::pixelUnshuffle);
    operations.put("channel_shuffle", Layouts::channelShuffle);
    operations.put("index_select", Layouts::indexSelect);
    operations.put("embedding", Layouts::embedding);
    operations.put("unfold", Layouts::windows);
    operations.put("index", Layouts::index);
  }

  private static Value view(Arguments a, Layout layout) {
    return a.cell(0).view(a.operators(), layout);
  }

  /** Where PyTorch shares memory or copies, as strides allow. */
  private static Value maybeView(Arguments a, Layout layout) {
    Partial x = a.tensor(0, "self");
    return a.cell(0).entangled(a.operators().layout(layout, x));
  }

  private static Value fresh(Arguments a, Layout layout) {
    return Results.tensor(a.operators().layout(layout, a.tensor(0, "self")));
  }

  private static int rank(Arguments a) {
    return a.tensor(0, "self").shape().dimension();
  }

  private static int axis(Arguments a, int position, String name) {
    return Results.axis(a, a.integer(position, name), rank(a));
  }

  private static int[] axes(Arguments a, int position, String name) {
    int rank = rank(a);
    return Arrays.stream(a.integers(position, name))
        .mapToInt(axis -> Results.axis(a, axis, rank))
        .toArray();
  }

  private static Value reshape(Arguments a) {
    if (a.isInteger(1) && a.count() == 2 && !a.isSequence(1)) {
      throw new UnsupportedCall(a.operator() + " as another data type", "nearest: to(dtype)");
    }
    Layout layout = Layout.reshape(a.integers(1, "size"));
    return a.operator().endsWith(".view") ? view(a, layout) : maybeView(a, layout);
  }

  private static Value flatten(Arguments a) {
    Shape shape = a.tensor(0, "self").shape();
    int rank = shape.dimension();
    int first = Results.axis(a, a.integer(1, "start_dim", 0), rank);
    int last = Results.axis(a, a.integer(2, "end_dim", -1), rank);
    if (rank == 0) {
      return view(a, Layout.reshape(1));
    }
    if (last < first) {
      throw a.wrong(2, "an axis before the first");
    }
    long length = 1;
    for (int i = first; i <= last; i++) {
      length *= shape.get(i);
    }
    Shape out = shape.slice(0, first).add(length).addAll(shape.slice(last + 1));
    return maybeView(a, Layout.reshape(out.getShape()));
  }

  private static Value unflatten(Arguments a) {
    Shape shape = a.tensor(0, "self").shape();
    int axis = axis(a, 1, "dim");
    long[] sizes = a.integers(2, "sizes");
    Shape out = shape.slice(0, axis).addAll(new Shape(sizes)).addAll(shape.slice(axis + 1));
    return view(a, Layout.reshape(out.getShape()));
  }

  private static Value permute(Arguments a) {
    return view(a, Layout.permute(axes(a, 1, "dims")));
  }

  /** The permutation that swaps two of {@code rank} axes. */
  static Layout swap(int rank, int i, int j) {
    int[] axes = IntStream.range(0, rank).toArray();
    axes[i] = j;
    axes[j] = i;
    return Layout.permute(axes);
  }

  private static Value transpose(Arguments a) {
    return view(a, swap(rank(a), axis(a, 1, "dim0"), axis(a, 2, "dim1")));
  }

  private static Value reversed(Arguments a) {
    int rank = rank(a);
    if (a.operator().endsWith("mT")) {
      return view(a, swap(rank, rank - 2, rank - 1));
    }
    return view(a, Layout.permute(IntStream.range(0, rank).map(i -> rank - 1 - i).toArray()));
  }

  private static Value moveAxis(Arguments a) {
    int[] from = axes(a, 1, "source");
    int[] to = axes(a, 2, "destination");
    int rank = rank(a);
    if (from.length != to.length) {
      throw a.wrong(2, "a list of " + to.length + " axes");
    }
    int[] order = new int[rank];
    Arrays.fill(order, -1);
    List<Integer> rest = new ArrayList<>(IntStream.range(0, rank).boxed().toList());
    for (int i = 0; i < from.length; i++) {
      order[to[i]] = from[i];
      rest.remove((Integer) from[i]);
    }
    for (int i = 0; i < rank; i++) {
      order[i] = order[i] < 0 ? rest.remove(0) : order[i];
    }
    return view(a, Layout.permute(order));
  }

  private static Value squeeze(Arguments a) {
    Shape shape = a.tensor(0, "self").shape();
    boolean named = a.has(1, "dim");
    int[] wanted = named ? axes(a, 1, "dim") : IntStream.range(0, shape.dimension()).toArray();
    Shape out = new Shape();
    for (int i = 0; i < shape.dimension(); i++) {
      int axis = i;
      boolean squeezed = shape.get(i) == 1 && Arrays.stream(wanted).anyMatch(w -> w == axis);
      out = squeezed ? out : out.add(shape.get(i));
    }
    return view(a, Layout.reshape(out.getShape()));
  }

  private static Value unsqueeze(Arguments a) {
    Shape shape = a.tensor(0, "self").shape();
    int axis = Results.axis(a, a.integer(1, "dim"), shape.dimension() + 1);
    return view(a, Layout.expandDims(shape, axis));
  }

  private static Value select(Arguments a) {
    Partial x = a.tensor(0, "self");
    int axis = axis(a, 1, "dim");
    long length = x.shape().get(axis);
    long index = a.integer(2, "index");
    long positive = index < 0 ? index + length : index;
    if (positive < 0 || positive >= length) {
      throw a.wrong(2, "index " + index + " of an axis of length " + length);
    }
    return entry(a, axis, positive);
  }

  /** One entry of an axis, without the axis. */
  static Value entry(Arguments a, int axis, long index) {
    PartialOperators o = a.operators();
    TensorValue cell = a.cell(0);
    TensorValue slice = cell.view(o, Layout.slice(cell.shape(), axis, index, index + 1));
    return slice.view(o, Layout.squeeze(slice.shape(), axis));
  }

  private static Value slice(Arguments a) {
    int axis = Results.axis(a, a.integer(1, "dim", 0), rank(a));
    return slice(
        a,
        axis,
        a.integer(2, "start", 0),
        a.integer(3, "end", Long.MAX_VALUE),
        a.integer(4, "step", 1));
  }

  private static Value slice(Arguments a, int axis, long begin, long end, long step) {
    int rank = rank(a);
    long[] from = new long[rank];
    long[] to = new long[rank];
    long[] steps = new long[rank];
    Arrays.fill(to, Long.MAX_VALUE);
    Arrays.fill(steps, 1);
    from[axis] = begin;
    to[axis] = end;
    steps[axis] = step;
    return view(a, Layout.slice(from, to, steps));
  }

  private static Value narrow(Arguments a) {
    long begin = a.integer(2, "start");
    return slice(a, axis(a, 1, "dim"), begin, begin + a.integer(3, "length"), 1);
  }

  /** Lengths of -1 stay as they are. */
  private static Value expand(Arguments a) {
    Shape shape = a.tensor(0, "self").shape();
    long[] sizes = a.integers(1, "size").clone();
    for (int i = 0; i < sizes.length; i++) {
      int from = i - (sizes.length - shape.dimension());
      if (sizes[i] == -1 && from >= 0) {
        sizes[i] = shape.get(from);
      }
    }
    return view(a, Layout.broadcast(new Shape(sizes)));
  }

  private static Value repeatEach(Arguments a) {
    if (a.isTensor(1) && a.tensor(1, "repeats").shape().size() != 1) {
      throw new UnsupportedCall(a.operator() + " with several counts", "nearest: one count");
    }
    int count = a.small(1, "repeats");
    if (a.has(2, "dim")) {
      return fresh(a, Layout.repeat(axis(a, 2, "dim"), count));
    }
    PartialOperators o = a.operators();
    Partial flat = o.layout(Layout.reshape(-1), a.tensor(0, "self"));
    return Results.tensor(o.layout(Layout.repeat(0, count), flat));
  }

  private static Value roll(Arguments a) {
    if (!a.has(2, "dims") || a.integers(2, "dims").length == 0) {
      throw new UnsupportedCall(a.operator() + " without axes", "give its dims");
    }
    PartialOperators o = a.operators();
    Partial x = a.tensor(0, "self");
    int[] axes = axes(a, 2, "dims");
    long[] shifts = a.integers(1, "shifts");
    if (shifts.length != axes.length) {
      throw a.wrong(1, "a list of " + shifts.length + " numbers");
    }
    for (int i = 0; i < axes.length; i++) {
      long length = x.shape().get(axes[i]);
      long cut = length == 0 ? 0 : Math.floorMod(-shifts[i], length);
      if (cut != 0) {
        Partial tail = o.layout(Layout.slice(x.shape(), axes[i], cut, length), x);
        Partial head = o.layout(Layout.slice(x.shape(), axes[i], 0, cut), x);
        x = o.concat(List.of(tail, head), axes[i]);
      }
    }
    return Results.tensor(x);
  }

  /** (..., C r r, H, W) to (..., C, H r, W r). */
  private static Value pixelShuffle(Arguments a) {
    PartialOperators o = a.operators();
    Partial x = a.tensor(0, "self");
    long r = a.integer(1, "upscale_factor");
    int rank = x.shape().dimension();
    long[] s = x.shape().getShape();
    long n = x.shape().slice(0, rank - 3).size();
    long c = s[rank - 3] / (r * r);
    Partial split = o.layout(Layout.reshape(n, c, r, r, s[rank - 2], s[rank - 1]), x);
    Partial mixed = o.layout(Layout.permute(0, 1, 4, 2, 5, 3), split);
    Shape out = x.shape().slice(0, rank - 3).addAll(new Shape(c, s[rank - 2] * r, s[rank - 1] * r));
    return Results.tensor(o.layout(Layout.reshape(out.getShape()), mixed));
  }

  /** (..., C, H r, W r) to (..., C r r, H, W). */
  private static Value pixelUnshuffle(Arguments a) {
    PartialOperators o = a.operators();
    Partial x = a.tensor(0, "self");
    long r = a.integer(1, "downscale_factor");
    int rank = x.shape().dimension();
    long[] s = x.shape().getShape();
    long n = x.shape().slice(0, rank - 3).size();
    long h = s[rank - 2] / r;
    long w = s[rank - 1] / r;
    Partial split = o.layout(Layout.reshape(n, s[rank - 3], h, r, w, r), x);
    Partial mixed = o.layout(Layout.permute(0, 1, 3, 5, 2, 4), split);
    Shape out = x.shape().slice(0, rank - 3).addAll(new Shape(s[rank - 3] * r * r, h, w));
    return Results.tensor(o.layout(Layout.reshape(out.getShape()), mixed));
  }

  private static Value channelShuffle(Arguments a) {
    PartialOperators o = a.operators();
    Partial x = a.tensor(0, "self");
    long groups = a.integer(1, "groups");
    Shape s = x.shape();
    Partial split = o.layout(Layout.reshape(s.get(0), groups, s.get(1) / groups, -1), x);
    Partial mixed = o.layout(Layout.permute(0, 2, 1, 3), split);
    return Results.tensor(o.layout(Layout.reshape(s.getShape()), mixed));
  }

  private static PublicTensor known(Arguments a, Partial indices) {
    if (indices instanceof Partial.Known known && !known.dataType().isFloating()) {
      return known.tensor();
    }
    throw new UnsupportedCall(
        a.operator() + " with indices that depend on the input",
        "nearest: a product with one-hot rows");
  }

  private static Value indexSelect(Arguments a) {
    PublicTensor indices = known(a, a.tensor(2, "index"));
    a.charge(indices.size());
    return fresh(a, Layout.gather(axis(a, 1, "dim"), indices));
  }

  /** Rows of a weight; indices without axes take one. */
  private static Value embedding(Arguments a) {
    PublicTensor indices = known(a, a.tensor(1, "indices"));
    a.charge(indices.size());
    return Results.tensor(a.operators().layout(Layout.gather(0, indices), a.tensor(0, "weight")));
  }

  /** {@code (x, dimension, size, step)}: windows along an axis; their elements become the last. */
  private static Value windows(Arguments a) {
    PartialOperators o = a.operators();
    Partial x = a.tensor(0, "self");
    int rank = rank(a);
    int axis = axis(a, 1, "dimension");
    long size = a.integer(2, "size");
    long step = a.integer(3, "step");
    long length = x.shape().get(axis);
    if (size < 1 || size > length || step < 1) {
      throw a.wrong(2, "windows of " + size + ", " + step + " apart, on " + length);
    }
    long count = (length - size) / step + 1;
    a.charge(Math.multiplyExact(count, size));
    long[] positions = new long[Math.toIntExact(count * size)];
    for (int i = 0; i < positions.length; i++) {
      positions[i] = i / size * step + i % size;
    }
    PublicTensor indices = PublicTensor.of(positions, new Shape(count, size));
    Partial windows = o.layout(Layout.gather(axis, indices), x);
    int[] order = IntStream.rangeClosed(0, rank).filter(i -> i != axis + 1).toArray();
    order = Arrays.copyOf(order, rank + 1);
    order[rank] = axis + 1;
    return Results.tensor(o.layout(Layout.permute(order), windows));
  }

  /** {@code x[..., indices, ...]} with one known tensor of indices. */
  private static Value index(Arguments a) {
    List<Value> places =
        Arguments.items(a.value(1, "indices")).orElseThrow(() -> a.wrong(1, "no list"));
    List<Value> given = places.stream().filter(place -> place != Value.Single.NONE).toList();
    if (given.size() != 1 || !(given.get(0) instanceof TensorValue indices)) {
      throw new UnsupportedCall(
          a.operator() + " with " + given.size() + " index tensors", "nearest: index_select");
    }
    PublicTensor known = known(a, indices.read(a.operators()));
    if (known.dataType() == DataType.BOOLEAN) {
      throw new UnsupportedCall(a.operator() + " with a mask", "nearest: where");
    }
    a.charge(known.size());
    return fresh(a, Layout.gather(places.indexOf(given.get(0)), known));
  }
}
