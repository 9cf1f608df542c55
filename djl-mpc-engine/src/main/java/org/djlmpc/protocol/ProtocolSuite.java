package org.djlmpc.protocol;

import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.Set;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;
import org.djlmpc.preprocessing.Assistant;
import org.djlmpc.ring.Ring;
import org.djlmpc.session.Request;
import org.djlmpc.session.SessionConfig;
import org.djlmpc.transport.PartyId;

/**
 * One published system: who takes part, what the share holders run, and what the assistants do.
 *
 * <p>Implementations are stateless and reached as constants or by name through {@link
 * java.util.ServiceLoader}.
 */
public interface ProtocolSuite {
  /**
   * The suite of a name, with its default options.
   *
   * @throws MpcException ARGUMENT, naming those that exist
   */
  static ProtocolSuite named(String name) {
    List<ProtocolSuite> suites =
        ServiceLoader.load(ProtocolSuite.class, ProtocolSuite.class.getClassLoader()).stream()
            .map(ServiceLoader.Provider::get)
            .toList();
    return suites.stream()
        .filter(suite -> suite.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new MpcException(
                    ErrorCode.ARGUMENT,
                    "There is no protocol " + name + ".",
                    "Choose one of "
                        + suites.stream().map(ProtocolSuite::name).sorted().toList()
                        + "."));
  }

  /** The suite's name, as in {@code --protocol}. */
  String name();

  /** Public options; part of the handshake. */
  Map<String, String> options();

  /** What the suite spares where it has the choice; one of the {@link #options} if it has. */
  default Rounds rounds() {
    return Rounds.BYTES;
  }

  /** All parties; P0 and P1 hold the shares. */
  Set<PartyId> parties();

  /** The primitives at a share holder, for one request; once for each request. */
  Protocol bind(Request request);

  /** The primitives on absent shares: adds up costs and operations instead of computing. */
  Protocol plan(PartyId self, long request, Ring ring, int fractionBits, PlanLog log);

  /** What an assistant does for one request. */
  Assistant assistant(PartyId self, SessionConfig config);
}
