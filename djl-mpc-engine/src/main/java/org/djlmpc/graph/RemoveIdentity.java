package org.djlmpc.graph;

import java.util.List;

/**
 * Removes nodes that return their input: casts to the type that a value has, layouts that move
 * nothing, arithmetic with a neutral number. (Dropout never gets into an inference graph.)
 */
public final class RemoveIdentity implements Rewrite {
  @Override
  public Graph apply(Graph graph) {
    GraphCopy copy = new GraphCopy(graph);
    for (Node node : graph.nodes()) {
      if (isIdentity(graph, node)) {
        copy.replace(node, copy.to(node.inputs().get(0)));
      } else {
        copy.keep(node);
      }
    }
    return copy.finish();
  }

  private static boolean isIdentity(Graph graph, Node node) {
    int input = node.inputs().get(0);
    if (!graph.type(input).equals(graph.type(node.id()))) {
      return false;
    }
    Op op = node.op();
    if (op instanceof Op.Rearrange rearrange) {
      return movesNothing(rearrange.layout());
    }
    if (op instanceof Op.Scalar scalar) {
      return isNeutral(scalar);
    }
    if (op instanceof Op.Clip clip) {
      return clip.min() == Double.NEGATIVE_INFINITY && clip.max() == Double.POSITIVE_INFINITY;
    }
    return op instanceof Op.Cast || op instanceof Op.Concat && node.inputs().size() == 1;
  }

  /** Given that the shape stays. */
  private static boolean movesNothing(Layout layout) {
    if (layout instanceof Layout.Permute permute) {
      List<Integer> axes = permute.axes();
      for (int i = 0; i < axes.size(); i++) {
        if (Shapes.axis(axes.get(i), axes.size()) != i) {
          return false;
        }
      }
      return true;
    }
    if (layout instanceof Layout.Slice slice) {
      // an explicit end would cut a longer axis
      return slice.begin().stream().allMatch(n -> n == 0)
          && slice.end().stream().allMatch(n -> n == Long.MAX_VALUE)
          && slice.step().stream().allMatch(n -> n == 1);
    }
    return layout instanceof Layout.Reshape
        || layout instanceof Layout.Broadcast
        || layout instanceof Layout.Pad
        || layout instanceof Layout.Repeat repeat && repeat.count() == 1
        || layout instanceof Layout.Tile tile && tile.counts().stream().allMatch(n -> n == 1);
  }

  private static boolean isNeutral(Op.Scalar scalar) {
    return switch (scalar.function()) {
      case ADD -> scalar.number() == 0;
      case MULTIPLY -> scalar.number() == 1;
      case SUBTRACT -> scalar.number() == 0 && !scalar.numberFirst();
      case DIVIDE, POWER -> scalar.number() == 1 && !scalar.numberFirst();
      default -> false;
    };
  }
}
