package org.djlmpc.layers.split;

import ai.djl.ndarray.types.Shape;
import org.djlmpc.fixedpoint.FixedPoint;
import org.djlmpc.ring.Ring;
import org.djlmpc.ring.RingTensor;
import org.djlmpc.transport.PartyId;

/**
 * {@code ss}: masked sums (protocols.md, section 8; the masks are those of Bonawitz et al.,
 * Practical secure aggregation, CCS 2017, without drop-outs).
 *
 * <pre>
 * holder i: 1. p_i = round(X_i theta_i, f)
 *           2. m_i = p_i + sum over j &gt; i of PRG(s_ij) - sum over j &lt; i of PRG(s_ij)   mod 2^64
 *           3. m_i to the server
 * server:   4. h1 = sum of m_i = sum of p_i
 * </pre>
 *
 * <p>s_ij is derived from the seed of holders i and j, the job and the step. 8 bytes a value and
 * holder, one message. The server sees the m_i: any of them but one are uniform and independent of
 * the data, and their sum is h1. Holders see nothing. Secure while two holders do not collude with
 * the server: it and all holders but one can always subtract.
 */
public record MaskedSum() implements FirstLayer {
  private static final String MASK = "split/ss";

  @Override
  public String name() {
    return "ss";
  }

  @Override
  public HolderSide holder(SplitJob job, FirstWeights theta) {
    FixedPoint fixedPoint = new FixedPoint(Ring.Z64, job.plan().fractionBits());
    return (step, next, x) -> {
      Shape shape = step.shape(theta.width());
      try (RingTensor m = fixedPoint.encode(theta.product(x), shape)) {
        for (PartyId peer : job.plan().roles().holderIds()) {
          if (peer != job.self()) {
            addMask(job, peer, step, m);
          }
        }
        SummedShares.send(job, step, m);
      }
    };
  }

  private static void addMask(SplitJob job, PartyId peer, Step step, RingTensor m) {
    try (RingTensor mask =
        job.streams(peer).tensor(MASK, job.number(), step.number(), Ring.Z64, m.shape())) {
      if (job.self().compareTo(peer) < 0) {
        m.addInPlace(mask);
      } else {
        m.subtractInPlace(mask);
      }
    }
  }

  @Override
  public ServerSide server(SplitJob job) {
    return new SummedShares(job);
  }
}
