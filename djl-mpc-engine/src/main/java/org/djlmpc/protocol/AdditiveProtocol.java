package org.djlmpc.protocol;

import ai.djl.ndarray.types.Shape;
import java.util.List;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;
import org.djlmpc.ring.IndexMap;
import org.djlmpc.ring.Ring;
import org.djlmpc.ring.RingTensor;
import org.djlmpc.transport.PartyId;

/**
 * The local primitives of every suite whose secrets are two additive shares at P0 and P1: linear
 * maps act on each share, public constants are added by P0 alone.
 *
 * @param <S> the suite's share
 */
public abstract class AdditiveProtocol<S extends AdditiveShare> implements Protocol {
  private final PartyId self;
  private final Ring ring;
  private final int fractionBits;

  /** The protocol of a share holder. */
  protected AdditiveProtocol(PartyId self, Ring ring, int fractionBits) {
    this.self = self;
    this.ring = ring;
    this.fractionBits = fractionBits;
  }

  /** Makes the suite's share of a summand. */
  protected abstract S share(RingTensor value, int scale);

  /**
   * Makes the suite's share of what this party computed alone from other shares; what a suite knows
   * about those may hold for it.
   */
  protected S derived(RingTensor value, int scale, List<Share> from) {
    return share(value, scale);
  }

  /** A share as this suite's own kind. */
  protected abstract S own(Share share);

  @Override
  public final Ring ring() {
    return ring;
  }

  @Override
  public final int fractionBits() {
    return fractionBits;
  }

  @Override
  public final PartyId self() {
    return self;
  }

  /** This party's number, 0 or 1. */
  protected final int j() {
    return self == PartyId.P0 ? 0 : 1;
  }

  @Override
  public final Share add(Share a, Share b) {
    checkScales(a, b);
    return derived(value(a).add(value(b)), a.scale(), List.of(a, b));
  }

  @Override
  public final Share subtract(Share a, Share b) {
    checkScales(a, b);
    return derived(value(a).subtract(value(b)), a.scale(), List.of(a, b));
  }

  @Override
  public final Share negate(Share a) {
    return derived(value(a).negate(), a.scale(), List.of(a));
  }

  @Override
  public final Share addPublic(Share a, RingTensor constant) {
    return derived(j() == 0 ? value(a).add(constant) : value(a).copy(), a.scale(), List.of(a));
  }

  @Override
  public final Share multiplyPublic(Share a, RingTensor constant, int constantScale) {
    return derived(value(a).multiply(constant), a.scale() + constantScale, List.of(a));
  }

  @Override
  public final Share multiplyPublic(
      Bilinear map, Share a, RingTensor constant, int constantScale, boolean constantFirst) {
    RingTensor product =
        constantFirst ? map.apply(constant, value(a)) : map.apply(value(a), constant);
    return derived(product, a.scale() + constantScale, List.of(a));
  }

  @Override
  public final Share scaleUp(Share a, int bits) {
    return derived(value(a).shiftLeft(bits), a.scale() + bits, List.of(a));
  }

  @Override
  public final Share withScale(Share a, int scale) {
    return derived(value(a).copy(), scale, List.of(a));
  }

  @Override
  public final Share sum(Share a, int[] axes, boolean keepAxes) {
    return derived(value(a).sum(axes, keepAxes), a.scale(), List.of(a));
  }

  @Override
  public final Share rearrange(Share a, IndexMap map) {
    return derived(value(a).rearrange(map), a.scale(), List.of(a));
  }

  @Override
  public final Share reshape(Share a, Shape shape) {
    return derived(value(a).copy().reshape(shape), a.scale(), List.of(a));
  }

  @Override
  public final Share concat(List<Share> shares, int axis) {
    shares.forEach(s -> checkScales(shares.get(0), s));
    return derived(
        RingTensor.concat(shares.stream().map(this::value).toList(), axis),
        shares.get(0).scale(),
        shares);
  }

  @Override
  public final Share constant(RingTensor values, int scale) {
    return share(j() == 0 ? values.copy() : RingTensor.zeros(ring, values.shape()), scale);
  }

  @Override
  public final Share copy(Share a) {
    return derived(value(a).copy(), a.scale(), List.of(a));
  }

  @Override
  public final Share fromClient(RingTensor share, int scale) {
    return share(share, scale);
  }

  @Override
  public Share shadow(Share real) {
    return share(value(real), real.scale());
  }

  /** This party's summand. */
  protected final RingTensor value(Share share) {
    return own(share).value();
  }

  private static void checkScales(Share a, Share b) {
    if (a.scale() != b.scale()) {
      throw new MpcException(
          ErrorCode.INTERNAL,
          "Shares of scales " + a.scale() + " and " + b.scale() + " were added.",
          "Report this with the stack trace.");
    }
  }
}
