package org.djlmpc.layers.split;

import java.util.List;
import org.djlmpc.fixedpoint.FixedPoint;
import org.djlmpc.ring.Ring;
import org.djlmpc.ring.RingTensor;
import org.djlmpc.transport.FrameType;
import org.djlmpc.transport.PartyId;
import org.djlmpc.transport.TensorFrames;

/** The server's end where every holder sends a summand of h1 modulo 2^64. */
record SummedShares(SplitJob job) implements FirstLayer.ServerSide {
  @Override
  public float[] sum(Step step) {
    int width = job.plan().network().width();
    int fractionBits = job.plan().fractionBits();
    try (RingTensor sum = RingTensor.zeros(Ring.Z64, step.shape(width));
        RingTensor summand = RingTensor.zeros(Ring.Z64, step.shape(width))) {
      for (PartyId holder : job.plan().roles().holderIds()) {
        TensorFrames.receive(
            job.channel(holder),
            FrameType.SHARE,
            step.number(),
            List.of(new TensorFrames.Elements(summand)));
        sum.addInPlace(summand);
      }
      return new FixedPoint(Ring.Z64, fractionBits).decodeFloats(sum, fractionBits);
    }
  }

  /** Sends a holder's summand, (rows, width). */
  static void send(SplitJob job, Step step, RingTensor summand) {
    TensorFrames.send(
        job.channel(Roles.SERVER),
        FrameType.SHARE,
        step.number(),
        List.of(new TensorFrames.Elements(summand)));
  }
}
