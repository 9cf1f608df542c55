package org.djlmpc.protocol.ariann;

import ai.djl.ndarray.types.Shape;
import java.util.List;
import org.djlmpc.preprocessing.AssistantContext;
import org.djlmpc.preprocessing.Material;
import org.djlmpc.preprocessing.Streams;
import org.djlmpc.ring.BitTensor;
import org.djlmpc.ring.Ring;
import org.djlmpc.ring.RingTensor;
import org.djlmpc.transport.PartyId;
import org.djlmpc.transport.TensorFrames;

/**
 * How correlated randomness is split: a free mask is the sum of two streams and costs nothing; a
 * dependent value (a product, a shifted mask) has P0's summand from P0's stream, and only P1's
 * summand travels.
 */
final class Correlations {
  /** Mask, dependent value, its summand, and what the gate derives from the mask. */
  private static final int TENSORS = 5;

  private Correlations() {}

  /** About what the dealer of an element-wise step holds at once. */
  static long workBytes(Shape shape, Ring ring) {
    return TENSORS * shape.size() * ring.bytes();
  }

  /**
   * Dealer: the mask, modulo 2^m, that the parties hold as summands of their streams with this
   * name.
   */
  static RingTensor mask(AssistantContext context, String name, Width width, Shape shape) {
    RingTensor mask = seeded(context, PartyId.P0, name, width.ring(), shape);
    try (RingTensor summand = seeded(context, PartyId.P1, name, width.ring(), shape)) {
      mask.addInPlace(summand);
    }
    return mask.lowInPlace(width.bits());
  }

  /** Dealer: rho, uniformly random bits that only the dealer knows. */
  static BitTensor rho(AssistantContext context, int size) {
    return rho(context, "rho", size);
  }

  /** Dealer: one rho of several. */
  static BitTensor rho(AssistantContext context, String name, int size) {
    return context.own().bits(name, context.request(), context.number(), size);
  }

  /** Dealer: shares a dependent value; erases it. */
  static void send(AssistantContext context, String name, RingTensor value) {
    try (value;
        RingTensor summand = seeded(context, PartyId.P0, name, value.ring(), value.shape())) {
      value.subtractInPlace(summand);
      context.sink(PartyId.P1).send(List.of(new TensorFrames.Elements(value)));
    }
  }

  /** Dealer: XOR-shares dependent bits; erases them. */
  static void send(AssistantContext context, String name, BitTensor value) {
    Streams streams = context.sink(PartyId.P0).streams();
    try (value;
        BitTensor summand = streams.bits(name, context.request(), context.number(), value.size())) {
      value.xorInPlace(summand);
      context.sink(PartyId.P1).send(List.of(new TensorFrames.Bits(value)));
    }
  }

  /** Party j: its summand of a dependent value, in the order in which the dealer sent. */
  static RingTensor receive(int j, Material material, String name, Ring ring, Shape shape) {
    return j == 0 ? material.seeded(name, ring, shape) : material.tensor(ring, shape);
  }

  /** Party j: its summand of dependent bits. */
  static BitTensor receiveBits(int j, Material material, String name, int size) {
    return j == 0 ? material.seededBits(name, size) : material.bits(size);
  }

  private static RingTensor seeded(
      AssistantContext context, PartyId holder, String name, Ring ring, Shape shape) {
    return context
        .sink(holder)
        .streams()
        .tensor(name, context.request(), context.number(), ring, shape);
  }
}
