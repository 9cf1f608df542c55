package org.djlmpc.graph;

import java.util.List;
import org.djlmpc.protocol.Rounds;

/**
 * Pools rows and columns one after the other where windows overlap: the maximum over k x k elements
 * is the maximum over one axis of maxima over the other, and overlapping windows share these. A
 * window of 3 x 3 moved by 2 then costs 6 comparisons in place of 8, moved by 1 it costs 4.
 *
 * <p>Padding never wins a maximum, so it may be given to each axis alone; rounding up the output's
 * length is a matter of one axis too. Windows that do not overlap gain nothing and stay.
 *
 * <p>A window stays whole where that costs no more, rounds included ({@link Rounds}): a tournament
 * over all of it may have fewer steps than two, and comparing all its pairs has fewer rounds.
 *
 * <p>The axis comes first whose maxima are fewer.
 */
public final class SeparableMaxPool implements Rewrite {
  private final Rounds rounds;

  /** For sessions that spare rounds or bytes. */
  public SeparableMaxPool(Rounds rounds) {
    this.rounds = rounds;
  }

  @Override
  public Graph apply(Graph graph) {
    GraphCopy copy = new GraphCopy(graph);
    for (Node node : graph.nodes()) {
      if (!(node.op() instanceof Op.Pool pool) || pool.pooling().kind() != Pooling.Kind.MAX) {
        copy.keep(node);
        continue;
      }
      Pooling p = pool.pooling();
      var in = graph.type(node.inputs().get(0)).shape();
      var out = graph.type(node.id()).shape();
      long images = out.get(0) * out.get(1);
      long last = images * out.get(2) * out.get(3);
      double rowsFirst =
          rounds.costOfMaxima(p.kernelH(), images * out.get(2) * in.get(3))
              + rounds.costOfMaxima(p.kernelW(), last);
      double columnsFirst =
          rounds.costOfMaxima(p.kernelW(), images * in.get(2) * out.get(3))
              + rounds.costOfMaxima(p.kernelH(), last);
      double whole = rounds.costOfMaxima((long) p.kernelH() * p.kernelW(), last);
      if (p.kernelH() == 1 || p.kernelW() == 1 || Math.min(rowsFirst, columnsFirst) >= whole) {
        copy.keep(node);
        continue;
      }
      Op first = new Op.Pool(rowsFirst <= columnsFirst ? rows(p) : columns(p));
      Op second = new Op.Pool(rowsFirst <= columnsFirst ? columns(p) : rows(p));
      int maxima = copy.builder().node(first, copy.to(node.inputs()), node.place());
      copy.replace(node, copy.builder().node(second, List.of(maxima), node.place()));
    }
    return copy.finish();
  }

  /** Over the rows of each column. */
  private static Pooling rows(Pooling p) {
    return new Pooling(
        p.kind(), p.kernelH(), 1, p.strideH(), 1, p.padH(), 0, p.ceil(), p.countPadding());
  }

  /** Over the columns of each row. */
  private static Pooling columns(Pooling p) {
    return new Pooling(
        p.kind(), 1, p.kernelW(), 1, p.strideW(), 0, p.padW(), p.ceil(), p.countPadding());
  }
}
