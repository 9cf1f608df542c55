package org.djlmpc.transport.netty;

import io.netty.channel.Channel;
import io.netty.channel.ChannelPipeline;
import java.net.InetSocketAddress;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;
import org.djlmpc.transport.PartyId;
import org.jspecify.annotations.Nullable;

/**
 * No protection at all: whoever reads the traffic of both share holders learns the secrets, and
 * whoever knows the session's id can pose as a party.
 */
public final class PlainTcp implements ConnectionSecurity {
  /** For parties on one machine; refuses addresses that lead elsewhere. */
  public static final PlainTcp LOOPBACK_ONLY = new PlainTcp(false);

  /** For networks that are protected by other means, such as a VPN of the parties. */
  public static final PlainTcp ANYWHERE = new PlainTcp(true);

  private final boolean anywhere;

  private PlainTcp(boolean anywhere) {
    this.anywhere = anywhere;
  }

  @Override
  public void checkAddress(InetSocketAddress address) {
    boolean loopback = address.getAddress() != null && address.getAddress().isLoopbackAddress();
    if (!anywhere && !loopback) {
      throw new MpcException(
          ErrorCode.ARGUMENT,
          "Plain TCP to " + address + " would send shares in the clear.",
          "Use a loopback address, or allow plain TCP on a network that is protected otherwise.");
    }
  }

  @Override
  public void install(ChannelPipeline pipeline, @Nullable PartyId dialled) {}

  @Override
  public void verify(Channel connection, PartyId claimed) {}
}
