package org.djlmpc.layers.split;

import ai.djl.ndarray.types.Shape;
import org.djlmpc.error.MpcException;
import org.djlmpc.fixedpoint.FixedPoint;
import org.djlmpc.protocol.Bilinear;
import org.djlmpc.protocol.PlanLog;
import org.djlmpc.protocol.Protocol;
import org.djlmpc.protocol.Share;
import org.djlmpc.protocol.ariann.Ariann;
import org.djlmpc.ring.Ring;
import org.djlmpc.ring.RingTensor;
import org.djlmpc.session.Request;
import org.djlmpc.session.Session;
import org.djlmpc.transport.PartyId;
import org.jspecify.annotations.Nullable;

/**
 * theta^T X^T for the X and theta of one holder, batch after batch, in a request of its own. The
 * keys of a batch are announced while the one before it is computed.
 */
final class OwnedProduct implements AutoCloseable {
  private final PartyId owner;
  private final int columns;
  private final int width;
  private final FixedPoint fixedPoint;
  private final Request request;
  private final Protocol protocol;
  private final PlanLog log = new PlanLog();
  private final Protocol plan;

  /** The product of the matrices of {@code owner}, P0 or P1. */
  OwnedProduct(Session session, PartyId owner, int columns, int width) {
    this.owner = owner;
    this.columns = columns;
    this.width = width;
    int fractionBits = session.config().fractionBits();
    fixedPoint = new FixedPoint(Ring.Z64, fractionBits);
    int number = owner == PartyId.P0 ? 1 : 2;
    request = session.begin(number);
    protocol = Ariann.ARIANN.bind(request);
    request.online();
    plan = Ariann.ARIANN.plan(session.self(), number, Ring.Z64, fractionBits, log);
  }

  /** Asks the dealer for the keys of a batch. */
  void announce(int rows, boolean truncation) {
    try (Share z = product(plan, rows, null, null)) {
      if (truncation) {
        plan.truncate(z, fixedPoint.fractionBits()).close();
      }
    }
    request.preprocessing(PartyId.P2).announce(log.takeOperations());
  }

  /**
   * Step 2.
   *
   * @param x rows and weights at their owner, null at the other holder
   * @return (width, rows), with 2f fraction bits
   */
  Share multiply(int rows, @Nullable RowBatch x, @Nullable FirstWeights theta) {
    if (x == null || theta == null) {
      return product(protocol, rows, null, null);
    }
    try (RingTensor encoded = fixedPoint.encode(theta.denseRows(x), new Shape(rows, columns));
        RingTensor weights = fixedPoint.encode(theta.transposed(), new Shape(width, columns))) {
      return product(protocol, rows, encoded, weights);
    }
  }

  private Share product(
      Protocol at, int rows, @Nullable RingTensor x, @Nullable RingTensor weights) {
    int f = fixedPoint.fractionBits();
    try (Share theta = at.input(owner, new Shape(width, columns), f, weights);
        Share features = at.owned(owner, new Shape(rows, columns), f, x)) {
      return at.multiply(Bilinear.LINEAR, theta, features);
    }
  }

  /** Step 3, in this product's request. */
  Share truncated(Share a, Share b) {
    try (Share sum = protocol.add(a, b)) {
      return protocol.truncate(sum, fixedPoint.fractionBits());
    }
  }

  /** Step 4: what goes to the server. */
  RingTensor summand(Share h1) {
    return protocol.revealToClient(h1, "server", "the first layer's output");
  }

  /** Tells the dealer that nothing more is needed, and erases what is left. */
  @Override
  public void close() {
    try {
      request.finish();
    } catch (MpcException e) {
      // after a failure; the reason is known
    }
    request.close();
  }
}
