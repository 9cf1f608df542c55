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
  public static final PlainTcp LOOPBACK_ONLY = new PlainTcp();

  private PlainTcp() {}

  @Override
  public void checkSelf(PartyId self) {}

  @Override
  public void checkAddress(InetSocketAddress address) {
    if (address.getAddress() == null || !address.getAddress().isLoopbackAddress()) {
      throw new MpcException(
          ErrorCode.ARGUMENT,
          "Plain TCP to " + address + " would send shares in the clear.",
          "Use TLS between machines; plain TCP is for loopback addresses.");
    }
  }

  @Override
  public void install(ChannelPipeline pipeline, @Nullable PartyId dialled) {}

  @Override
  public void verify(Channel connection, PartyId claimed) {}

  @Override
  public @Nullable MpcException explain(Throwable failure, String peer) {
    return null;
  }
}
