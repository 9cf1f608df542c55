package org.djlmpc.graph;

import java.util.List;
import org.djlmpc.graph.Operators.Binary;

/**
 * {@code clip(x + c, a, b) = clip(x, a - c, b - c) + c} where others read x too, as in hard swish,
 * {@code x clip(x + 3, 0, 6) / 6}: the opening of the comparisons then rescales x itself, which the
 * product needs as well ({@link org.djlmpc.protocol.SecretMath#clip}).
 *
 * <p>Where nothing else reads x, the summand goes into the layer in front of it ({@link
 * ScaleIntoPreviousLayer}).
 */
public final class ShiftBehindClip implements Rewrite {
  @Override
  public Graph apply(Graph graph) {
    int[] uses = graph.uses();
    GraphCopy copy = new GraphCopy(graph);
    for (Node node : graph.nodes()) {
      int moved = node.op() instanceof Op.Clip clip ? moved(graph, uses, copy, node, clip) : -1;
      if (moved >= 0) {
        copy.replace(node, moved);
      } else {
        copy.keep(node);
      }
    }
    return new DeadCode().apply(copy.finish());
  }

  /** The number of the other form, or -1. */
  private static int moved(Graph graph, int[] uses, GraphCopy copy, Node node, Op.Clip clip) {
    GraphBuilder builder = copy.builder();
    Node sum = graph.node(node.inputs().get(0));
    AffineStep step = AffineStep.of(builder, builder.node(copy.to(node.inputs().get(0))));
    if (sum == null
        || uses[sum.id()] > 1
        || step == null
        || step.scale() != null
        || step.shift() == null
        || !step.shift().isNumber()
        || Double.isInfinite(clip.min())
        || Double.isInfinite(clip.max())
        || sum.inputs().stream().noneMatch(id -> copy.to(id) == step.x() && uses[id] > 1)) {
      return -1;
    }
    double c = step.shift().number();
    Op between = new Op.Clip(clip.min() - c, clip.max() - c);
    int clipped = builder.node(between, List.of(step.x()), node.place());
    Op back = new Op.Scalar(Binary.ADD, c, false);
    return builder.node(back, List.of(clipped), node.place());
  }
}
