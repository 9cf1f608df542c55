package org.djlmpc.transport.netty;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;
import org.djlmpc.transport.NetworkOptions;
import org.djlmpc.transport.PartyId;

/**
 * How one party reaches the others. Of two parties the lower listens and the higher connects, so
 * the highest needs no address. All parties may be given the same addresses.
 *
 * @param self the party at this end
 * @param parties all parties, with {@code self}
 * @param addresses where each party but the highest listens; this party listens on its own
 * @param session names the run; connections that name another are refused
 * @param connectTimeout how long to wait for all parties
 * @param options limits of the network
 * @param security protection of the connections
 */
public record NettyConfig(
    PartyId self,
    Set<PartyId> parties,
    Map<PartyId, InetSocketAddress> addresses,
    UUID session,
    Duration connectTimeout,
    NetworkOptions options,
    ConnectionSecurity security) {

  /** Checks that no address is missing. */
  public NettyConfig {
    parties = Collections.unmodifiableSet(EnumSet.copyOf(parties));
    addresses = Collections.unmodifiableMap(new EnumMap<>(addresses));
    if (!parties.contains(self) || parties.size() < 2) {
      throw new MpcException(
          ErrorCode.ARGUMENT,
          self + " with the parties " + parties + " has nobody to talk to, or is not among them.",
          "List all parties of the run.");
    }
    PartyId highest = Collections.max(parties);
    for (PartyId party : parties) {
      boolean needed = party.compareTo(self) <= 0 && party != highest;
      if (needed && !addresses.containsKey(party)) {
        throw new MpcException(
            ErrorCode.ARGUMENT,
            "The address of " + party + " is missing.",
            "Give the host and port on which " + party + " listens.");
      }
    }
    if (connectTimeout.isNegative() || connectTimeout.isZero()) {
      throw new MpcException(
          ErrorCode.ARGUMENT,
          "A connect timeout of " + connectTimeout + " is not possible.",
          "Give a positive time.");
    }
  }

  /**
   * Half a minute to connect, default limits.
   *
   * @param self the party at this end
   * @param parties all parties, with {@code self}
   * @param addresses where each party but the highest listens
   * @param session names the run
   * @param security {@link MutualTls}, or {@link PlainTcp} between processes of one machine
   */
  public static NettyConfig of(
      PartyId self,
      Set<PartyId> parties,
      Map<PartyId, InetSocketAddress> addresses,
      UUID session,
      ConnectionSecurity security) {
    return new NettyConfig(
        self,
        parties,
        addresses,
        session,
        Duration.ofSeconds(30),
        NetworkOptions.DEFAULT,
        security);
  }

  /** The same with another time to connect. */
  public NettyConfig withConnectTimeout(Duration timeout) {
    return new NettyConfig(self, parties, addresses, session, timeout, options, security);
  }

  /** The same with other limits. */
  public NettyConfig withOptions(NetworkOptions other) {
    return new NettyConfig(self, parties, addresses, session, connectTimeout, other, security);
  }

  /** The same with other protection. */
  public NettyConfig withSecurity(ConnectionSecurity other) {
    return new NettyConfig(self, parties, addresses, session, connectTimeout, options, other);
  }

  /** All parties but this one. */
  Set<PartyId> peers() {
    Set<PartyId> peers = EnumSet.copyOf(parties);
    peers.remove(self);
    return peers;
  }
}
