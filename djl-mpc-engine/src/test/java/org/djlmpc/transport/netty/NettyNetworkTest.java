package org.djlmpc.transport.netty;

import java.util.Map;
import java.util.Set;
import org.djlmpc.transport.Network;
import org.djlmpc.transport.NetworkContract;
import org.djlmpc.transport.NetworkOptions;
import org.djlmpc.transport.PartyId;

/** Parties that talk over TCP. */
final class NettyNetworkTest extends NetworkContract {
  @Override
  protected Map<PartyId, Network> connect(Set<PartyId> parties, NetworkOptions options) {
    return Loopback.connect(Loopback.configs(parties, options));
  }
}
