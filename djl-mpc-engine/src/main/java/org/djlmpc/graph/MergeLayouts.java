package org.djlmpc.graph;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Makes one of two rearrangements in a row: of two reshapes the second, of two permutations their
 * product. Exporters write pairs of transpositions that cancel, which {@link RemoveIdentity} then
 * removes.
 *
 * <p>Rearrangements are local, but what stands between two layers hides one from the other.
 */
public final class MergeLayouts implements Rewrite {
  @Override
  public Graph apply(Graph graph) {
    GraphCopy copy = new GraphCopy(graph);
    GraphBuilder builder = copy.builder();
    for (Node node : graph.nodes()) {
      copy.keep(node);
      // looked up in the copy: what was merged may be merged again
      Node first = builder.node(copy.to(node.inputs().get(0)));
      if (first != null
          && node.op() instanceof Op.Rearrange second
          && first.op() instanceof Op.Rearrange before) {
        Layout merged = merged(before.layout(), second.layout());
        if (merged != null) {
          copy.replace(node, builder.node(new Op.Rearrange(merged), first.inputs(), node.place()));
        }
      }
    }
    return new DeadCode().apply(copy.finish());
  }

  private static @Nullable Layout merged(Layout first, Layout second) {
    if (first instanceof Layout.Reshape && second instanceof Layout.Reshape) {
      return second;
    }
    if (first instanceof Layout.Permute p && second instanceof Layout.Permute q) {
      int rank = p.axes().size();
      List<Integer> axes = new ArrayList<>();
      for (int axis : q.axes()) {
        axes.add(Shapes.axis(p.axes().get(Shapes.axis(axis, rank)), rank));
      }
      return new Layout.Permute(axes);
    }
    return null;
  }
}
