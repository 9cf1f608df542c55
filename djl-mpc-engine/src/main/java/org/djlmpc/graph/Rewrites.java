package org.djlmpc.graph;

import java.util.List;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;
import org.djlmpc.protocol.Rounds;

/**
 * The rewrites that every model goes through before it is planned.
 *
 * <p>They run in the order of {@link #standard}, again and again until one round changes nothing:
 * so the result is rewritten for good, and rewriting it again gives it back. This ends because
 * every rewrite makes progress that no other undoes: it removes nodes or edges (dead code,
 * identities, constants, equal nodes, merged layouts and clips, batch normalizations and scales
 * that move into weights), moves a pooling toward the inputs past one of finitely many nodes, or
 * replaces an operator by others that no rewrite makes it from (matrix products, hard activations,
 * windows, layers on rows).
 *
 * <p>All of them look at the graph alone, in its order: each party reaches the same result.
 */
public final class Rewrites {
  /** More rounds than any model needs: each one shortens a chain of operators. */
  private static final int MAX_ROUNDS = 1000;

  private Rewrites() {}

  /** The standard rewrites in their order, for sessions that spare bytes. */
  public static List<Rewrite> standard() {
    return standard(Rounds.BYTES);
  }

  /** The standard rewrites in their order, for sessions that spare rounds or bytes. */
  public static List<Rewrite> standard(Rounds rounds) {
    return List.of(
        // what nobody reads must not count as a use; an identity, or two layouts that cancel,
        // between two operators would hide one from the other
        new DeadCode(),
        new ConstantFolding(),
        new MergeLayouts(),
        new RemoveIdentity(),
        // one form for the same thing, so that the rewrites below need to know one form
        new MatmulAsLinear(),
        new DivisionAsProduct(),
        new ActivationsAsClips(),
        new MergeClips(),
        new ShiftBehindClip(),
        // poolings move toward the layer in front of them and free what follows for it
        new PoolBeforeRelu(),
        new MeanBeforeConvolution(),
        // batch normalizations become scales where they cannot be folded, then all scales move
        new FoldBatchNorm(),
        new ScaleIntoPreviousLayer(),
        new ScaleIntoNextLayer(),
        // computes the new weights, which the rewrites above wrote as nodes
        new ConstantFolding(),
        // forms that are cheaper to run and that hide what others look for
        new SeparableMaxPool(rounds),
        new LinearOnRows(),
        // equal nodes are one only now: a layer that two others read takes no scale
        new CommonSubexpressions(),
        new DeadCode());
  }

  /** The graph after {@link #standard}, repeated until nothing changes. */
  public static Graph apply(Graph graph) {
    return apply(graph, Rounds.BYTES);
  }

  /** The graph after {@link #standard(Rounds)}, repeated until nothing changes. */
  public static Graph apply(Graph graph, Rounds rounds) {
    Graph before = graph;
    for (int round = 0; round < MAX_ROUNDS; round++) {
      Graph after = before;
      for (Rewrite rewrite : standard(rounds)) {
        after = rewrite.apply(after);
      }
      if (isSame(before, after)) {
        return after;
      }
      before = after;
    }
    throw new MpcException(
        ErrorCode.INTERNAL,
        "A graph of " + graph.nodes().size() + " nodes cannot be rewritten to an end.",
        "Report this with the model.");
  }

  /** Whether two graphs have the same architecture; a hash would read large constants. */
  private static boolean isSame(Graph a, Graph b) {
    return a.nodes().equals(b.nodes())
        && a.outputs().equals(b.outputs())
        && a.weights().stream()
            .map(Graph.Weight::name)
            .toList()
            .equals(b.weights().stream().map(Graph.Weight::name).toList())
        && a.constants().equals(b.constants());
  }
}
