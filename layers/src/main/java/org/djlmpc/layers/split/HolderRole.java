package org.djlmpc.layers.split;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;
import org.djlmpc.transport.Channel;
import org.djlmpc.transport.FrameType;
import org.djlmpc.transport.PartyId;
import org.jspecify.annotations.Nullable;

/**
 * A holder of SPNN: its columns, its theta_i, and at one of them the labels with the last layer.
 */
final class HolderRole implements Role {
  private final SplitPlan plan;
  private final HolderSetup setup;
  private final FirstWeights theta;
  private final @Nullable LabelWork labels;
  private final Part part;

  HolderRole(SplitPlan plan, PartyId self, HolderSetup setup) {
    this.plan = plan;
    this.setup = setup;
    if (setup.data().isEmpty()) {
      throw new MpcException(
          ErrorCode.ARGUMENT, "A holder has no data.", "Give every holder a data set.");
    }
    FeatureSchema schema = setup.data().values().iterator().next().schema();
    theta = new FirstWeights(schema, plan, plan.roles().holderIds().indexOf(self), setup.seed());
    labels =
        self == plan.roles().labelParty()
            ? new LabelWork(plan, setup.seed(), setup.results())
            : null;
    part = new HolderPart(theta, labels == null ? null : labels.part());
  }

  private record HolderPart(FirstWeights theta, @Nullable Part labels) implements Part {
    @Override
    public void save(DataOutput out) throws IOException {
      theta.save(out);
      if (labels != null) {
        labels.save(out);
      }
    }

    @Override
    public void load(DataInput in) throws IOException {
      theta.load(in);
      if (labels != null) {
        labels.load(in);
      }
    }

    @Override
    public void close() {
      theta.close();
      if (labels != null) {
        labels.close();
      }
    }
  }

  @Override
  public Part part() {
    return part;
  }

  @Override
  public long rows(String dataset, boolean required) {
    RowSource source = setup.data().get(dataset);
    if (source == null && required) {
      throw new MpcException(
          ErrorCode.ARGUMENT,
          "A holder has no data set \"" + dataset + "\".",
          "Give every holder data of this name.");
    }
    return source == null ? 0 : source.rows();
  }

  @Override
  public Work begin(SplitJob job) {
    FirstLayer.HolderSide first = plan.firstLayer().holder(job, theta);
    Channel server = job.channel(Roles.SERVER);
    int width = theta.width();
    Window window = new Window();
    return new Work() {
      @Override
      public void train(Step step, @Nullable Step next, long[] rows) {
        RowBatch x = read(HolderSetup.TRAIN, rows);
        first.contribute(step, next, x);
        if (labels != null) {
          labels.train(server, step, x);
        }
        float[] g1 =
            FloatFrames.receive(
                server, FrameType.OPEN, step.number(), x.rows() * width, "gradients");
        theta.update(x, g1);
      }

      @Override
      public void infer(
          Step step, @Nullable Step next, String dataset, long[] rows, boolean predicts) {
        if (labels == null) {
          window.enter(server, step);
        }
        RowBatch x = read(dataset, rows);
        first.contribute(step, next, x);
        if (labels != null) {
          labels.infer(server, step, x, predicts ? dataset : null, rows[0]);
        }
      }

      private RowBatch read(String dataset, long[] rows) {
        RowSource source = setup.data().get(dataset);
        if (source == null) {
          throw new MpcException(ErrorCode.INTERNAL, "No data set.", "Report this.");
        }
        return source.read(rows);
      }

      @Override
      public void endEpoch(int epoch) {
        if (labels != null) {
          labels.endEpoch(epoch);
        }
      }

      @Override
      public Verdict verdict() {
        return labels == null ? Verdict.NONE : labels.verdict();
      }

      @Override
      public void endInference(String dataset) {
        if (labels != null) {
          labels.endInference(dataset);
        }
      }

      @Override
      public void close() {
        first.close();
      }
    };
  }

  @Override
  public void close() {
    part.close();
  }
}
