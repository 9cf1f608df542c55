package org.djlmpc.graph;

import java.util.List;
import java.util.stream.IntStream;
import org.djlmpc.protocol.Precision;
import org.djlmpc.protocol.Protocol;
import org.djlmpc.protocol.SecretMath;
import org.djlmpc.protocol.Share;
import org.jspecify.annotations.Nullable;

/**
 * Whether the values that a program compares keep the bounds of its {@link Precision}s, and of the
 * session's default where operators have none: a gate of reduced width gives no sign of an overflow
 * (protocols.md, section 10).
 *
 * <p>One range gate over the whole ring for each element that a narrow comparison takes; the
 * results are added up, and one bit says whether any is outside. Neither which nor how many is ever
 * opened.
 */
final class RangeChecks implements EvaluationListener<Operand> {
  private final SecretMath math;
  private final Protocol protocol;
  private @Nullable Share inside;
  private long count;

  /** Nothing is checked yet. */
  RangeChecks(SecretMath math) {
    this.math = math;
    protocol = math.protocol();
  }

  @Override
  public void started(Node node, List<? extends Operand> arguments) {
    for (int i = 0; i < Comparisons.arguments(node).size(); i++) {
      if (arguments.get(i) instanceof Operand.Secret secret) {
        check(secret.share(), node);
      }
    }
  }

  private void check(Share x, Node node) {
    Precision precision = node.precision();
    double bound = bound(x.scale(), node);
    if (bound >= Math.scalb(1.0, protocol.ring().bits() - 1)) {
      return;
    }
    // two units of what it is rescaled to stay free
    int pending = x.scale() - precision.fractionBits(protocol.fractionBits());
    long most = Math.max(0, (long) bound - (pending >= 0 ? 2L << pending : 0));
    try (Share contained = protocol.between(x, -most, most + 1)) {
      int[] axes = IntStream.range(0, x.shape().dimension()).toArray();
      Share sum = protocol.sum(contained, axes, false);
      Share before = inside;
      inside = before == null ? sum : protocol.add(before, sum);
      count += x.shape().size();
    }
  }

  /**
   * A node compares rightly what is smaller than this, in units of the last place: by its
   * precision; without one by the session's default width, of which a difference of two arguments
   * leaves half to each.
   */
  private double bound(int scale, Node node) {
    if (node.precision().bounded()) {
      return Math.scalb(1.0, node.precision().magnitudeBits() + scale);
    }
    int width = protocol.comparisonBits(scale);
    if (width >= protocol.ring().bits()) {
      return Double.POSITIVE_INFINITY;
    }
    double room = Math.scalb(1.0, width - 1) - Math.scalb(Comparisons.distance(node), scale);
    return node.op() instanceof Op.Scalar ? room : room / Comparisons.times(node);
  }

  /** 1 if any value was outside of its bound, else 0; null if no operator has one. */
  @Nullable Share outside() {
    Share all = inside;
    if (all == null) {
      return null;
    }
    return math.not(protocol.isZero(math.addPublic(all, (double) -count)));
  }
}
