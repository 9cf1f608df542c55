package org.djlmpc.transport.netty;

import io.netty.channel.Channel;
import io.netty.channel.ChannelPipeline;
import java.net.InetSocketAddress;
import org.djlmpc.error.MpcException;
import org.djlmpc.transport.PartyId;
import org.jspecify.annotations.Nullable;

/**
 * What protects the bytes of a connection and proves who is at its other end: {@link MutualTls}, or
 * {@link PlainTcp}, which does neither.
 */
public interface ConnectionSecurity {
  /**
   * Checks that this party can prove who it is, before it opens anything.
   *
   * @throws MpcException if it cannot, now
   */
  void checkSelf(PartyId self);

  /**
   * Checks an address before this party listens on it or connects to it.
   *
   * @throws MpcException if the protection does not suffice for this address
   */
  void checkAddress(InetSocketAddress address);

  /**
   * Adds handlers to a new, empty pipeline; what the parties exchange passes through them.
   *
   * @param pipeline of the connection
   * @param dialled the party that this side connects to, or null if the connection was accepted
   */
  void install(ChannelPipeline pipeline, @Nullable PartyId dialled);

  /**
   * Checks the claim of the other side, before any frame passes.
   *
   * @param connection after the handlers have done their handshake
   * @param claimed the party that the other side says it is
   * @throws MpcException if it is not, or cannot be told
   */
  void verify(Channel connection, PartyId claimed);

  /**
   * What a failure of the handlers means.
   *
   * @param failure what a handler threw
   * @param peer the other side, as the message shall call it
   * @return the reason, or null if it is just a connection that ended, and may be tried again
   */
  @Nullable MpcException explain(Throwable failure, String peer);
}
