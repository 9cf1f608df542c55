package org.djlmpc.layers.split;

import java.util.List;
import java.util.stream.IntStream;
import org.djlmpc.transport.Channel;
import org.djlmpc.transport.FrameType;
import org.jspecify.annotations.Nullable;

/**
 * The server of SPNN: h1 in, hL to the label holder; the gradient for hL back, that for h1 to every
 * holder (SPNN, section 4.6).
 */
final class ServerRole implements Role {
  private final SplitPlan plan;
  private final ServerLayers layers;
  private final ServerObserver observer;

  ServerRole(SplitPlan plan, ServerSetup setup) {
    this.plan = plan;
    layers = new ServerLayers(plan, setup.device(), setup.seed());
    observer = setup.observer();
  }

  @Override
  public Part part() {
    return layers;
  }

  @Override
  public long rows(String dataset, boolean required) {
    return -1;
  }

  @Override
  public Work begin(SplitJob job) {
    FirstLayer.ServerSide first = plan.firstLayer().server(job);
    Channel labelHolder = job.channel(plan.roles().labelParty());
    List<Channel> holders = plan.roles().holderIds().stream().map(job::channel).toList();
    List<Channel> unlabelled = holders.stream().filter(holder -> holder != labelHolder).toList();
    List<ColumnRange> ranges =
        IntStream.range(0, holders.size())
            .mapToObj(holder -> plan.firstLayer().columns(plan, holder))
            .toList();
    return new Work() {
      @Override
      public void train(Step step, @Nullable Step next, long[] rows) {
        float[] h1 = first.sum(step);
        observer.forward(step, rows, h1, true);
        sendHidden(step, rows, layers.forward(h1, true), true);
        float[] g = LabelGradient.receive(plan, labelHolder, step);
        observer.backward(step, rows, g);
        float[] g1 = layers.backward(g);
        observer.toHolders(step, rows, g1);
        // before the own update: the holders have work to do
        sendGradients(step, g1);
        layers.update(g1);
      }

      @Override
      public void infer(
          Step step, @Nullable Step next, String dataset, long[] rows, boolean predicts) {
        float[] h1 = first.sum(step);
        observer.forward(step, rows, h1, false);
        sendHidden(step, rows, layers.forward(h1, false), false);
        Window.passed(unlabelled, step);
      }

      private void sendGradients(Step step, float[] g1) {
        int width = plan.network().width();
        if (ranges.stream().allMatch(range -> range.width() == width)) {
          FloatFrames.send(holders, FrameType.OPEN, step.number(), g1);
          return;
        }
        for (int i = 0; i < holders.size(); i++) {
          float[] part = ranges.get(i).of(g1, width);
          FloatFrames.send(List.of(holders.get(i)), FrameType.OPEN, step.number(), part);
        }
      }

      private void sendHidden(Step step, long[] rows, float[] hL, boolean training) {
        observer.toLabelHolder(step, rows, hL, training);
        FloatFrames.send(List.of(labelHolder), FrameType.SHARE, step.number(), hL);
      }

      @Override
      public void endEpoch(int epoch) {}

      @Override
      public Verdict verdict() {
        return Verdict.NONE;
      }

      @Override
      public void endInference(String dataset) {}

      @Override
      public void close() {
        first.close();
      }
    };
  }

  @Override
  public void close() {
    layers.close();
  }
}
