package org.djlmpc.session;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.djlmpc.preprocessing.KeyWindow;
import org.djlmpc.ring.Ring;
import org.djlmpc.transport.PartyId;

/**
 * What all parties of a session must agree on; compared in the handshake before anything else.
 *
 * @param suite name of the protocol suite
 * @param options the suite's options, all public
 * @param parties everybody who takes part
 * @param ring ring of the shares
 * @param fractionBits fraction bits of the fixed-point encoding
 * @param keyWindow the keys that a share holder holds ahead of use
 * @param timeout how long to wait for a peer
 */
public record SessionConfig(
    String suite,
    Map<String, String> options,
    Set<PartyId> parties,
    Ring ring,
    int fractionBits,
    KeyWindow keyWindow,
    Duration timeout) {
  /** Version of the wire format and of the protocols' message order. */
  static final int WIRE_VERSION = 1;

  /** Copies the collections. */
  public SessionConfig {
    options = Map.copyOf(options);
    parties = Set.copyOf(parties);
  }

  /** Field by field, in the order in which the handshake compares. */
  Map<String, String> announcement() {
    Map<String, String> fields = new LinkedHashMap<>();
    fields.put("wire version", Integer.toString(WIRE_VERSION));
    fields.put("protocol", suite);
    fields.put("ring", ring.name());
    fields.put("fraction bits", Integer.toString(fractionBits));
    fields.put("key window", keyWindow.toString());
    fields.put("parties", parties.stream().sorted().toList().toString());
    new TreeMap<>(options).forEach((name, value) -> fields.put("option " + name, value));
    return fields;
  }
}
