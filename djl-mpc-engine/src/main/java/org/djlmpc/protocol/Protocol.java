package org.djlmpc.protocol;

import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.Set;
import org.djlmpc.ring.IndexMap;
import org.djlmpc.ring.Ring;
import org.djlmpc.ring.RingTensor;
import org.djlmpc.transport.PartyId;
import org.jspecify.annotations.Nullable;

/**
 * The primitives of a protocol suite, at one share holder, for one request.
 *
 * <p>Everything here is exact ring arithmetic on whole tensors; fixed-point conventions,
 * broadcasting and composed functions are built on top once for all suites ({@link SecretMath}).
 * Local primitives send nothing. Both share holders call the same primitives in the same order with
 * the same shapes.
 *
 * <p>A protocol made by {@link ProtocolSuite#plan} runs the same program on absent shares and only
 * adds up costs.
 */
public interface Protocol {
  /** The ring of the shares. */
  Ring ring();

  /** Fraction bits of values that are not products. */
  int fractionBits();

  /** The share holder at this end. */
  PartyId self();

  /**
   * The same primitives, for comparisons of small values: what {@link #nonNegative}, {@link #relu}
   * (after its truncation) and {@link #maximum} (as a difference) compare is in [-2^(bits-1),
   * 2^(bits-1)), in units of the last place and with one unit added. Both share holders know so,
   * and name the same bits; outside of it their results are silently wrong. Fraction bits beyond
   * {@link #fractionBits} need not be seen: what is negative by less than 2^-f may count as 0.
   *
   * <p>A view, which shares everything with this protocol, and in which nothing else limits
   * comparisons; this protocol itself where a suite gains nothing.
   */
  default Protocol within(int bits) {
    return this;
  }

  /**
   * The same primitives, for values that are small beside the ring: every value that is truncated
   * or compared is in [-2^(bits-2), 2^(bits-2)), in units of the last place, and so is every
   * result. Both share holders know so, and name the same bits; outside of it results are silently
   * wrong. A suite may then open no more than these bits, and keep shares modulo 2^bits until a
   * truncation (protocols.md, section 4, wire width).
   *
   * <p>A view, which shares everything with this protocol; this protocol itself where a suite gains
   * nothing, and where {@code bits} are no fewer than the ring's.
   */
  default Protocol onWire(int bits) {
    return this;
  }

  /** What {@link #onWire} said last; the ring's bits if nothing. */
  default int wireBits() {
    return ring().bits();
  }

  /**
   * The same secret shared over the whole ring, for who knows nothing of {@link #onWire}; the share
   * itself if it is.
   */
  default Share whole(Share a) {
    return a;
  }

  /**
   * How wide comparisons of values with {@code scale} fraction bits are, in units of the last
   * place: what {@link #within} said last; before it, what an option of the suite says; else the
   * ring's bits.
   */
  default int comparisonBits(int scale) {
    return ring().bits();
  }

  /** What is spared where there is a choice; the same at all parties. */
  default Rounds rounds() {
    return Rounds.BYTES;
  }

  // ---- local

  /** Sum; equal shapes and scales. */
  Share add(Share a, Share b);

  /** Difference; equal shapes and scales. */
  Share subtract(Share a, Share b);

  /** Negation. */
  Share negate(Share a);

  /** Sum with public ring elements of the same shape and scale. */
  Share addPublic(Share a, RingTensor constant);

  /**
   * Elementwise product with public ring elements that have {@code constantScale} fraction bits;
   * scales add.
   */
  Share multiplyPublic(Share a, RingTensor constant, int constantScale);

  /** A bilinear map with a public argument; scales add. */
  Share multiplyPublic(
      Bilinear map, Share a, RingTensor constant, int constantScale, boolean constantFirst);

  /** The same values with {@code bits} more fraction bits. */
  Share scaleUp(Share a, int bits);

  /**
   * The same shared ring elements, read with another scale: multiplies by a power of two without
   * any work.
   */
  Share withScale(Share a, int scale);

  /** Sum over axes. */
  Share sum(Share a, int[] axes, boolean keepAxes);

  /** Rearrangement by public positions; positions without a source become zero. */
  Share rearrange(Share a, IndexMap map);

  /** Another shape of the same elements. */
  Share reshape(Share a, Shape shape);

  /** Concatenation along an axis; equal scales. */
  Share concat(List<Share> shares, int axis);

  /** A share of public values. */
  Share constant(RingTensor values, int scale);

  /**
   * The same share as a planner sees it: what planning remembers about it (a mask, a rescaled
   * value) stays off the real one. Never closed.
   */
  Share shadow(Share real);

  /** A copy that is closed on its own. */
  Share copy(Share a);

  // ---- interactive

  /**
   * Shares a secret of one share holder.
   *
   * @param owner who knows the values
   * @param values the values at the owner, null at the other
   */
  Share input(PartyId owner, Shape shape, int scale, @Nullable RingTensor values);

  /**
   * Shares values which their owner, a share holder, keeps in clear (owner mode). Products with
   * them need one matrix product online instead of two.
   */
  Share owned(PartyId owner, Shape shape, int scale, @Nullable RingTensor values);

  /** A share that a client made outside, as this party received it. */
  Share fromClient(RingTensor share, int scale);

  /** Opens the masks of weights once, so that each request only masks its own input. Offline. */
  void fix(Share weights);

  /**
   * Shares weights for many requests and opens their masks once, as {@link #input} or {@link
   * #owned} and {@link #fix} do, but without ever holding more of them than later products need.
   * Offline.
   *
   * @param inClear whether the owner keeps the weights in clear
   * @param values the weights at the owner, null at the other
   */
  default Share fixed(
      PartyId owner, Shape shape, int scale, boolean inClear, @Nullable Rows values) {
    Share weights;
    if (values == null) {
      weights = inClear ? owned(owner, shape, scale, null) : input(owner, shape, scale, null);
    } else {
      try (RingTensor whole = values.copy()) {
        weights = inClear ? owned(owner, shape, scale, whole) : input(owner, shape, scale, whole);
      }
    }
    fix(weights);
    return weights;
  }

  /** A bilinear map of two secrets; scales add. */
  Share multiply(Bilinear map, Share a, Share b);

  /** Removes fraction bits: floor(x / 2^bits), or one more. */
  Share truncate(Share a, int bits);

  /**
   * What is revealed instead of values with {@code bits} fraction bits too many, which would tell
   * more than the result: the same but for half a unit of the bits before, in as many bits or
   * fewer. What somebody learns of it is no more than of {@link #truncate}.
   */
  default Share blurred(Share a, int bits) {
    return truncate(a, bits);
  }

  /** max(0, truncate(a, bits)); {@code bits} may be 0. */
  Share relu(Share a, int bits);

  /**
   * A secret with fewer fraction bits, and its positive part.
   *
   * @param value the secret
   * @param positive max(0, value)
   */
  record Truncated(Share value, Share positive) {}

  /** {@link #truncate} and {@link #relu} of one secret, which may share an opening. */
  default Truncated truncateAndRelu(Share a, int bits) {
    Share value = truncate(a, bits);
    return new Truncated(value, relu(value, 0));
  }

  /**
   * A secret between two bounds.
   *
   * @param clipped min(max(value, low), high)
   * @param value the secret with fewer fraction bits, if that came of itself
   */
  record Clipped(Share clipped, @Nullable Share value) {}

  /**
   * min(max(truncate(a, bits), low), high); {@code bits} may be 0. What is compared, after the
   * truncation, is the value less each bound.
   *
   * <p>Here two ReLUs in one call, low + max(0, a - low) - max(0, a - high), which are truncated
   * apart: after a truncation the result may pass a bound by one unit.
   *
   * @param low lower bound, in units of the result's last place
   * @param high upper bound, not below the lower one
   */
  default Clipped clip(Share a, int bits, long low, long high) {
    Share flat = reshape(a, new Shape(1).addAll(a.shape()));
    Share above = addPublic(flat, RingTensor.full(ring(), flat.shape(), -low << bits));
    Share beyond = addPublic(flat, RingTensor.full(ring(), flat.shape(), -high << bits));
    Share both = relu(concat(List.of(above, beyond), 0), bits);
    Share moved =
        subtract(
            rearrange(both, IndexMap.gather(both.shape(), 0, new long[] {0})),
            rearrange(both, IndexMap.gather(both.shape(), 0, new long[] {1})));
    RingTensor back = RingTensor.full(ring(), a.shape(), low);
    return new Clipped(addPublic(reshape(moved, a.shape()), back), null);
  }

  /** 1 where a is at least 0, else 0; scale 0. */
  Share nonNegative(Share a);

  /** 1 where a is 0, else 0; scale 0. */
  Share isZero(Share a);

  /**
   * 1 where low &lt;= a &lt; high, as signed ring elements, else 0; scale 0. Over the whole ring,
   * whatever {@link #within} says; low is at least -2^(n-2) and high at most 2^(n-2).
   *
   * <p>Here two comparisons, and a product of their bits.
   */
  default Share between(Share a, long low, long high) {
    Share plain = withScale(a, 0);
    Share above = nonNegative(addPublic(plain, RingTensor.full(ring(), a.shape(), -low)));
    Share below =
        nonNegative(addPublic(negate(plain), RingTensor.full(ring(), a.shape(), high - 1)));
    return select(above, below);
  }

  /** {@code a} where the bit (0 or 1, scale 0) is set, else 0; equal shapes. */
  Share select(Share bit, Share a);

  /** Elementwise maximum; equal shapes and scales. */
  default Share maximum(Share a, Share b) {
    return add(b, relu(subtract(a, b), 0));
  }

  /** Reveals values to some share holders; written to the disclosure log. Null where not learnt. */
  @Nullable RingTensor reveal(Share a, Set<PartyId> learns, String reason);

  /** This party's part for a client outside, who adds both parts; written to the disclosure log. */
  RingTensor revealToClient(Share a, String client, String reason);
}
