package org.djlmpc.transport.memory;

import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import org.djlmpc.transport.Frame;
import org.djlmpc.transport.Link;
import org.djlmpc.transport.LinkedNetwork;
import org.djlmpc.transport.Network;
import org.djlmpc.transport.NetworkOptions;
import org.djlmpc.transport.PartyId;

/**
 * Networks between parties that are threads of one process. Payloads pass by ownership, without a
 * copy. Gives no privacy: whoever owns the process sees every share.
 */
public final class MemoryNetwork {
  private MemoryNetwork() {}

  /**
   * Connects parties with each other.
   *
   * @param parties all of them
   * @param options limits, the same for each
   * @return the network of each party; each is closed by its party
   */
  public static Map<PartyId, Network> create(Set<PartyId> parties, NetworkOptions options) {
    Map<PartyId, LinkedNetwork> networks = new EnumMap<>(PartyId.class);
    for (PartyId party : parties) {
      Set<PartyId> others = EnumSet.copyOf(parties);
      others.remove(party);
      networks.put(party, new LinkedNetwork(party, others, options, () -> {}));
    }
    networks.forEach(
        (self, network) ->
            networks.forEach(
                (peer, other) -> {
                  if (self != peer) {
                    network.attach(peer, new MemoryLink(self, other));
                  }
                }));
    return new EnumMap<>(networks);
  }

  private record MemoryLink(PartyId self, LinkedNetwork peer) implements Link {
    @Override
    public void send(Frame frame) {
      peer.deliver(self, frame);
    }

    @Override
    public boolean writable() {
      return true;
    }

    @Override
    public void close() {}
  }
}
