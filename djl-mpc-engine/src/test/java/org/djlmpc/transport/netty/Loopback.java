package org.djlmpc.transport.netty;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.djlmpc.transport.ByParty;
import org.djlmpc.transport.Network;
import org.djlmpc.transport.NetworkOptions;
import org.djlmpc.transport.PartyId;

/** Parties of one test, on free ports of the loopback address. */
final class Loopback {
  private Loopback() {}

  static InetSocketAddress freeAddress() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), LoopbackPorts.free());
  }

  static ByParty<NettyConfig> configs(Set<PartyId> parties, NetworkOptions options) {
    Map<PartyId, InetSocketAddress> addresses = new EnumMap<>(PartyId.class);
    parties.forEach(party -> addresses.put(party, freeAddress()));
    UUID session = UUID.randomUUID();
    Map<PartyId, NettyConfig> configs = new EnumMap<>(PartyId.class);
    parties.forEach(
        party ->
            configs.put(
                party,
                NettyConfig.of(party, parties, addresses, session, PlainTcp.LOOPBACK_ONLY)
                    .withOptions(options)));
    return new ByParty<>(configs);
  }

  static Map<PartyId, Network> connect(ByParty<NettyConfig> configs) {
    ExecutorService threads = Executors.newCachedThreadPool();
    Map<PartyId, CompletableFuture<Network>> connecting = new EnumMap<>(PartyId.class);
    configs
        .map()
        .forEach(
            (party, config) ->
                connecting.put(
                    party,
                    CompletableFuture.supplyAsync(() -> NettyNetwork.connect(config), threads)));
    Map<PartyId, Network> networks = new EnumMap<>(PartyId.class);
    try {
      connecting.forEach((party, network) -> networks.put(party, network.join()));
      return networks;
    } catch (CompletionException e) {
      threads.shutdownNow(); // the others need not wait for the one that failed
      connecting.values().forEach(network -> network.thenAccept(Network::close));
      throw e;
    } finally {
      threads.shutdown();
    }
  }
}
