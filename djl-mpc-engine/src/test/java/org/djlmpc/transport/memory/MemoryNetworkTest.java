package org.djlmpc.transport.memory;

import java.util.Map;
import java.util.Set;
import org.djlmpc.transport.Network;
import org.djlmpc.transport.NetworkContract;
import org.djlmpc.transport.NetworkOptions;
import org.djlmpc.transport.PartyId;

/** Parties that are threads of one process. */
final class MemoryNetworkTest extends NetworkContract {
  @Override
  protected Map<PartyId, Network> connect(Set<PartyId> parties, NetworkOptions options) {
    return MemoryNetwork.create(parties, options);
  }
}
