package org.djlmpc.layers.split.compare;

import java.util.List;
import org.djlmpc.layers.split.ColumnRange;
import org.djlmpc.layers.split.FirstLayer;
import org.djlmpc.layers.split.FirstWeights;
import org.djlmpc.layers.split.FloatFrames;
import org.djlmpc.layers.split.Roles;
import org.djlmpc.layers.split.SplitJob;
import org.djlmpc.layers.split.SplitPlan;
import org.djlmpc.transport.FrameType;
import org.djlmpc.transport.PartyId;

/**
 * SplitNN (Vepakomma et al., Split learning for health, arXiv:1812.00564), which SPNN is compared
 * with in its section 6: each holder has an encoder of its own, a layer from its columns to its
 * part of h1, and the server concatenates the parts instead of adding them.
 *
 * <p>The columns of h1 are divided among the holders as evenly as they can be, so that the network
 * has as many units as SPNN's, and theta is that of SPNN with all blocks set to zero that lead from
 * one holder's columns to another holder's units.
 *
 * <p>A baseline: <b>nothing is hidden</b>. The server sees each holder's part in clear, 4 bytes a
 * value.
 */
final class SplitNn implements FirstLayer {
  @Override
  public String name() {
    return "splitnn";
  }

  @Override
  public ColumnRange columns(SplitPlan plan, int holder) {
    return ColumnRange.part(plan.network().width(), holder, plan.roles().holders());
  }

  @Override
  public HolderSide holder(SplitJob job, FirstWeights theta) {
    return (step, next, x) ->
        FloatFrames.send(
            List.of(job.channel(Roles.SERVER)), FrameType.SHARE, step.number(), theta.product(x));
  }

  @Override
  public ServerSide server(SplitJob job) {
    SplitPlan plan = job.plan();
    int width = plan.network().width();
    List<PartyId> holders = plan.roles().holderIds();
    return step -> {
      float[] h1 = new float[step.rows() * width];
      for (int holder = 0; holder < holders.size(); holder++) {
        ColumnRange columns = columns(plan, holder);
        float[] part =
            FloatFrames.receive(
                job.channel(holders.get(holder)),
                FrameType.SHARE,
                step.number(),
                step.rows() * columns.width(),
                "encoded rows");
        for (int row = 0; row < step.rows(); row++) {
          System.arraycopy(
              part, row * columns.width(), h1, row * width + columns.from(), columns.width());
        }
      }
      return h1;
    };
  }
}
