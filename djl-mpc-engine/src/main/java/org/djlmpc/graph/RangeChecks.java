package org.djlmpc.graph;

import java.util.List;
import java.util.stream.IntStream;
import org.djlmpc.protocol.Precision;
import org.djlmpc.protocol.Protocol;
import org.djlmpc.protocol.SecretMath;
import org.djlmpc.protocol.Share;
import org.jspecify.annotations.Nullable;

/**
 * Whether the values that a program compares keep the bounds of its {@link Precision}s: a gate of
 * reduced width gives no sign of an overflow (protocols.md, section 10).
 *
 * <p>One range gate over the whole ring for each element that an operator with a bound compares;
 * the results are added up, and one bit says whether any is outside. Neither which nor how many is
 * ever opened.
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
    if (!node.precision().bounded()) {
      return;
    }
    for (int i = 0; i < Comparisons.arguments(node).size(); i++) {
      if (arguments.get(i) instanceof Operand.Secret secret) {
        check(secret.share(), node.precision());
      }
    }
  }

  /** |x| is below 2^R by two units of what it is rescaled to. */
  private void check(Share x, Precision precision) {
    int bits = precision.magnitudeBits() + x.scale();
    if (bits >= protocol.ring().bits() - 1) {
      return;
    }
    int pending = x.scale() - precision.fractionBits(protocol.fractionBits());
    long most = (1L << bits) - (pending >= 0 ? 2L << pending : 0);
    try (Share contained = protocol.between(x, -most, most + 1)) {
      int[] axes = IntStream.range(0, x.shape().dimension()).toArray();
      Share sum = protocol.sum(contained, axes, false);
      Share before = inside;
      inside = before == null ? sum : protocol.add(before, sum);
      count += x.shape().size();
    }
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
