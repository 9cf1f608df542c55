package org.djlmpc.engine;

import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.Map;
import org.djlmpc.graph.Layout;
import org.djlmpc.graph.Pooling;
import org.djlmpc.graph.PublicTensor;
import org.djlmpc.ring.ConvolutionSpec;

/**
 * Operators' public arguments in plain types, for a recorder that knows no class of this engine.
 */
final class Attributes {
  private Attributes() {}

  static Map<String, Object> of(ConvolutionSpec spec) {
    return Map.of(
        "stride", new Shape(spec.strideH(), spec.strideW()),
        "padding", new Shape(spec.padH(), spec.padW()),
        "dilation", new Shape(spec.dilationH(), spec.dilationW()),
        "groups", spec.groups());
  }

  static Map<String, Object> of(Pooling pooling) {
    return Map.of(
        "kernel", new Shape(pooling.kernelH(), pooling.kernelW()),
        "stride", new Shape(pooling.strideH(), pooling.strideW()),
        "padding", new Shape(pooling.padH(), pooling.padW()),
        "ceil", pooling.ceil(),
        "count_padding", pooling.countPadding());
  }

  static Map<String, Object> of(Layout layout) {
    if (layout instanceof Layout.Reshape reshape) {
      return Map.of("shape", reshape.shape());
    } else if (layout instanceof Layout.Permute permute) {
      return Map.of("axes", ints(permute.axes()));
    } else if (layout instanceof Layout.Slice slice) {
      return Map.of(
          "begin", longs(slice.begin()), "end", longs(slice.end()), "step", longs(slice.step()));
    } else if (layout instanceof Layout.Broadcast broadcast) {
      return Map.of("shape", broadcast.shape());
    } else if (layout instanceof Layout.Pad pad) {
      return Map.of(
          "before", longs(pad.before()), "after", longs(pad.after()), "value", pad.value());
    } else if (layout instanceof Layout.Flip flip) {
      return Map.of("axes", ints(flip.axes()));
    } else if (layout instanceof Layout.Repeat repeat) {
      return Map.of("axis", repeat.axis(), "count", repeat.count());
    } else if (layout instanceof Layout.Tile tile) {
      return Map.of("counts", longs(tile.counts()));
    } else if (layout instanceof Layout.Gather gather) {
      PublicTensor indices = gather.indices();
      return Map.of("axis", gather.axis(), "indices", indices.longs(), "shape", indices.shape());
    }
    PublicTensor positions = ((Layout.Take) layout).positions();
    return Map.of("positions", positions.longs(), "shape", positions.shape());
  }

  private static int[] ints(List<Integer> values) {
    return values.stream().mapToInt(Integer::intValue).toArray();
  }

  private static long[] longs(List<Long> values) {
    return values.stream().mapToLong(Long::longValue).toArray();
  }
}
