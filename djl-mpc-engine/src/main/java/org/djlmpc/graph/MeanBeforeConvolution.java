package org.djlmpc.graph;

import java.util.ArrayList;
import java.util.List;

/**
 * {@code mean(W x + b) = W mean(x) + b} for a convolution of 1 x 1 windows: the mean comes first,
 * so that fewer elements are masked and multiplied, as between the blocks of a DenseNet.
 *
 * <p>The mean must be one over elements of the image alone. If something else multiplies x, its
 * mask is opened anyway, and the order stays.
 */
public final class MeanBeforeConvolution implements Rewrite {
  @Override
  public Graph apply(Graph graph) {
    int[] uses = graph.uses();
    GraphCopy copy = new GraphCopy(graph);
    GraphBuilder builder = copy.builder();
    for (Node node : graph.nodes()) {
      Node layer = graph.node(node.inputs().get(0));
      if (layer != null
          && node.op() instanceof Op.Pool pool
          && isMeanOfImage(pool.pooling())
          && uses[layer.id()] == 1
          && isPointwise(graph, layer)
          && uses[layer.inputs().get(0)] == 1
          && graph.type(node.id()).shape().size() < graph.type(layer.id()).shape().size()) {
        List<Integer> inputs = new ArrayList<>(copy.to(layer.inputs()));
        inputs.set(0, builder.node(pool, List.of(inputs.get(0)), node.place()));
        copy.replace(node, builder.node(layer.op(), inputs, layer.place()));
      } else {
        copy.keep(node);
      }
    }
    return new DeadCode().apply(copy.finish());
  }

  /** Whether a pooling is a mean over elements of the image alone. */
  static boolean isMeanOfImage(Pooling p) {
    boolean whole = p.padH() == 0 && p.padW() == 0 && !p.ceil();
    return p.kind() == Pooling.Kind.MEAN && (whole || !p.countPadding());
  }

  private static boolean isPointwise(Graph graph, Node layer) {
    if (!(layer.op() instanceof Op.Convolution convolution)) {
      return false;
    }
    var weight = graph.type(layer.inputs().get(1)).shape();
    var spec = convolution.spec();
    return weight.get(2) == 1
        && weight.get(3) == 1
        && spec.strideH() == 1
        && spec.strideW() == 1
        && spec.padH() == 0
        && spec.padW() == 0;
  }
}
