package org.djlmpc.layers.split;

import java.util.Map;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;
import org.djlmpc.protocol.PartyOptions;
import org.djlmpc.protocol.ariann.Ariann;
import org.djlmpc.ring.Ring;
import org.djlmpc.session.Session;
import org.djlmpc.transport.PartyId;

/**
 * {@code ss-paper}: Algorithm 2 of the SPNN paper, for comparison with its figures. Two holders A
 * and B compute X theta = X_A theta_A + X_B theta_B by Beaver's triples, as shares, and send these
 * to the server. The coordinator is the dealer.
 *
 * <pre>
 * A, B:   1. share theta_A and theta_B (from a seed of A and B: nothing travels)
 *         2. [z] = X_A [theta_A] + X_B [theta_B] by AriaNN's product with a factor at its owner:
 *            A gives X_A - U_A to B, where the dealer and A know the mask U_A, and B likewise
 *         3. [h1] = truncate([z], f), error below 2^-f
 *         4. both shares to the server
 * server: 5. h1 = sum of the shares
 * </pre>
 *
 * <p>Differs from the paper's text where that costs less and tells nobody more: a matrix stays at
 * its owner and its masked form travels one way, instead of shares both ways; the two products run
 * side by side; the truncation is the one that never fails by much (protocols.md, section 4), where
 * the paper's is SecureML's (ADR 0021). Categorical columns become one-hot columns here.
 *
 * <p>Holders see masked values only; the server sees h1 rounded to f bits. The coordinator with
 * either holder learns everything, as does the server with either holder and the dealer.
 */
public record BeaverSum() implements FirstLayer {
  /** The holders compute in these two requests, one for each product. */
  static final int PRODUCTS = 2;

  private static final int MOST_FRACTION_BITS = 20;

  @Override
  public String name() {
    return "ss-paper";
  }

  @Override
  public void check(Roles roles, int fractionBits) {
    if (roles.holders() != PRODUCTS || fractionBits < 1 || fractionBits > MOST_FRACTION_BITS) {
      throw new MpcException(
          ErrorCode.ARGUMENT,
          "ss-paper with " + roles.holders() + " holders and " + fractionBits + " fraction bits.",
          "Use two holders and 1 to "
              + MOST_FRACTION_BITS
              + " fraction bits, or ss for any number of holders.");
    }
  }

  @Override
  public HolderSide holder(SplitJob job, FirstWeights theta) {
    Session session = open(job);
    try {
      return new BeaverHolder(job, theta, session);
    } catch (RuntimeException | Error e) {
      session.close();
      throw e;
    }
  }

  @Override
  public ServerSide server(SplitJob job) {
    return new SummedShares(job);
  }

  @Override
  public CoordinatorSide coordinator(SplitJob job) {
    return new BeaverDealer(job);
  }

  /** The session between the holders, P0 and P1, and the dealer, P2. */
  static Session open(SplitJob job) {
    Roles roles = job.plan().roles();
    SubNetwork network =
        new SubNetwork(
            job,
            Map.of(
                PartyId.P0, roles.holder(0),
                PartyId.P1, roles.holder(1),
                PartyId.P2, Roles.COORDINATOR));
    PartyOptions options =
        PartyOptions.DEFAULT
            .withFixedPoint(Ring.Z64, job.plan().fractionBits())
            .withTimeout(job.plan().timeout());
    return Session.open(network, options.session(Ariann.ARIANN));
  }
}
