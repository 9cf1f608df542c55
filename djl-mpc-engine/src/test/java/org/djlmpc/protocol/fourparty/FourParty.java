package org.djlmpc.protocol.fourparty;

import java.io.DataInput;
import java.io.IOException;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import org.djlmpc.preprocessing.Assistant;
import org.djlmpc.preprocessing.Generator;
import org.djlmpc.preprocessing.Operation;
import org.djlmpc.protocol.PlanLog;
import org.djlmpc.protocol.Protocol;
import org.djlmpc.protocol.ProtocolSuite;
import org.djlmpc.ring.Ring;
import org.djlmpc.session.Request;
import org.djlmpc.session.SessionConfig;
import org.djlmpc.transport.PartyId;

/**
 * A throw-away suite whose two assistants P2 and P3 compute online: proof that the interface of
 * suites fits systems such as PrivPy. Products are PrivPy's; comparisons trust P2 with the value,
 * so this is no secure system.
 */
public final class FourParty implements ProtocolSuite {
  /** The suite. */
  public static final FourParty FOUR_PARTY = new FourParty();

  private static final Map<Integer, Generator<?>> AT_P2 =
      Map.of(
          Product.KIND, (Generator<Product>) Product::serve,
          Comparison.KIND, (Generator<Comparison>) Comparison::compute);

  private static final Map<Integer, Generator<?>> AT_P3 =
      Map.of(
          Product.KIND, (Generator<Product>) Product::serve,
          Comparison.KIND, (Generator<Comparison>) Comparison::forward,
          DealtTruncation.KIND, (Generator<DealtTruncation>) DealtTruncation::deal);

  private FourParty() {}

  @Override
  public String name() {
    return "four-party";
  }

  @Override
  public Map<String, String> options() {
    return Map.of();
  }

  @Override
  public Set<PartyId> parties() {
    return EnumSet.range(PartyId.P0, PartyId.P3);
  }

  @Override
  public Protocol bind(Request request) {
    request.bind();
    return new FourPartyProtocol(request);
  }

  @Override
  public Protocol plan(PartyId self, long request, Ring ring, int fractionBits, PlanLog log) {
    return new FourPartyProtocol(self, ring, fractionBits, log);
  }

  @Override
  public Assistant assistant(PartyId self, SessionConfig config) {
    return new Assistant(FourParty::decode, self == PartyId.P2 ? AT_P2 : AT_P3, config.keyWindow());
  }

  private static Operation decode(int kind, DataInput in) throws IOException {
    return switch (kind) {
      case Product.KIND -> Product.decode(in);
      case Comparison.KIND -> Comparison.decode(in);
      case DealtTruncation.KIND -> DealtTruncation.decode(in);
      default -> throw new IOException("operation kind " + kind);
    };
  }
}
