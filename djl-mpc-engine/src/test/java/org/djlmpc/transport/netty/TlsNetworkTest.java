package org.djlmpc.transport.netty;

import io.netty.handler.ssl.SslProvider;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import org.djlmpc.transport.ByParty;
import org.djlmpc.transport.Network;
import org.djlmpc.transport.NetworkContract;
import org.djlmpc.transport.NetworkOptions;
import org.djlmpc.transport.PartyId;
import org.djlmpc.transport.certificates.TestCertificates;

/** Parties that talk over TLS: P0 and P1 with the JDK's, the others with BoringSSL. */
final class TlsNetworkTest extends NetworkContract {
  @Override
  protected Map<PartyId, Network> connect(Set<PartyId> parties, NetworkOptions options) {
    Map<PartyId, NettyConfig> configs = new EnumMap<>(PartyId.class);
    Loopback.configs(parties, options)
        .map()
        .forEach((party, config) -> configs.put(party, config.withSecurity(security(party))));
    return Loopback.connect(new ByParty<>(configs));
  }

  private static MutualTls security(PartyId party) {
    boolean jdk = party == PartyId.P0 || party == PartyId.P1;
    return MutualTls.with(
        TestCertificates.good(party), jdk ? SslProvider.JDK : SslProvider.OPENSSL);
  }
}
