package org.djlmpc.protocol.ariann;

import java.io.DataInput;
import java.io.IOException;
import java.util.Map;
import java.util.Set;
import org.djlmpc.preprocessing.Assistant;
import org.djlmpc.preprocessing.Generator;
import org.djlmpc.preprocessing.Operation;
import org.djlmpc.protocol.PlanLog;
import org.djlmpc.protocol.Protocol;
import org.djlmpc.protocol.ProtocolSuite;
import org.djlmpc.protocol.Rounds;
import org.djlmpc.ring.Ring;
import org.djlmpc.session.Request;
import org.djlmpc.session.SessionConfig;
import org.djlmpc.transport.PartyId;

/**
 * AriaNN: two share holders and a dealer, function secret sharing (T. Ryffel, P. Tholoniat, D.
 * Pointcheval, F. Bach, PoPETs 2022, arXiv 2006.04593).
 *
 * <p>Semi-honest, at most one of P0, P1 and the dealer (P2) corrupted. The dealer learns operators
 * and shapes; P0 and P1 learn masked values only. The dealer with either holder learns everything.
 */
public final class Ariann implements ProtocolSuite {
  /** AriaNN with exact comparisons over the whole ring. */
  public static final Ariann ARIANN = new Ariann(AriannOptions.DEFAULT);

  private static final Map<Integer, Generator<?>> GENERATORS =
      Map.ofEntries(
          Map.entry(Triple.KIND, (Generator<Triple>) Triple::generate),
          Map.entry(Truncation.KIND, (Generator<Truncation>) Truncation::generate),
          Map.entry(Sign.KIND, (Generator<Sign>) Sign::generate),
          Map.entry(Zero.KIND, (Generator<Zero>) Zero::generate),
          Map.entry(Relu.KIND, (Generator<Relu>) Relu::generate),
          Map.entry(TruncateRelu.KIND, (Generator<TruncateRelu>) TruncateRelu::generate),
          Map.entry(Selector.KIND, (Generator<Selector>) Selector::generate),
          Map.entry(Interval.KIND, (Generator<Interval>) Interval::generate),
          Map.entry(DirectSign.KIND, (Generator<DirectSign>) DirectComparison::generate),
          Map.entry(DirectRelu.KIND, (Generator<DirectRelu>) DirectComparison::generate),
          Map.entry(
              DirectTruncateRelu.KIND,
              (Generator<DirectTruncateRelu>) DirectTruncateRelu::generate),
          Map.entry(Blur.KIND, (Generator<Blur>) Blur::generate));

  private final AriannOptions options;

  /** For {@link java.util.ServiceLoader}; programs use {@link #ARIANN}. */
  public Ariann() {
    this(AriannOptions.DEFAULT);
  }

  private Ariann(AriannOptions options) {
    this.options = options;
  }

  /**
   * The comparison as the paper prints it, wrong with probability |x| / 2^n; only to reproduce its
   * tables.
   */
  public Ariann withPaperComparison() {
    return new Ariann(
        new AriannOptions(DReluGate.Variant.PAPER, options.comparisonBits(), options.rounds()));
  }

  /**
   * A reduced width for the comparisons of operators without a {@link
   * org.djlmpc.protocol.Precision}: cheaper, and silently wrong where a compared value x, in units
   * of 2^-f, is not in [-2^(bits-1), 2^(bits-1)). Fraction bits beyond f are not seen.
   */
  public Ariann withComparisonBits(int bits) {
    return new Ariann(new AriannOptions(options.variant(), bits, options.rounds()));
  }

  /** What a round is worth, where there is a choice; all parties must have the same. */
  public Ariann withRounds(Rounds rounds) {
    return new Ariann(new AriannOptions(options.variant(), options.comparisonBits(), rounds));
  }

  @Override
  public Rounds rounds() {
    return options.rounds();
  }

  @Override
  public String name() {
    return "ariann";
  }

  @Override
  public Map<String, String> options() {
    return options.announcement();
  }

  @Override
  public Set<PartyId> parties() {
    return Set.of(PartyId.P0, PartyId.P1, PartyId.P2);
  }

  @Override
  public Protocol bind(Request request) {
    request.bind();
    return new AriannProtocol(options, request);
  }

  @Override
  public Protocol plan(PartyId self, long request, Ring ring, int fractionBits, PlanLog log) {
    return new AriannProtocol(options, self, request, ring, fractionBits, log);
  }

  @Override
  public Assistant assistant(PartyId self, SessionConfig config) {
    return new Assistant(Ariann::decode, GENERATORS, config.keyWindow());
  }

  private static Operation decode(int kind, DataInput in) throws IOException {
    return switch (kind) {
      case Triple.KIND -> Triple.decode(in);
      case Truncation.KIND -> Truncation.decode(in);
      case Sign.KIND -> Sign.decode(in);
      case Zero.KIND -> Zero.decode(in);
      case Relu.KIND -> Relu.decode(in);
      case TruncateRelu.KIND -> TruncateRelu.decode(in);
      case Selector.KIND -> Selector.decode(in);
      case Interval.KIND -> Interval.decode(in);
      case DirectSign.KIND -> DirectSign.decode(in);
      case DirectRelu.KIND -> DirectRelu.decode(in);
      case DirectTruncateRelu.KIND -> DirectTruncateRelu.decode(in);
      case Blur.KIND -> Blur.decode(in);
      default -> throw new IOException("operation kind " + kind);
    };
  }
}
