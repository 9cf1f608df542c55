package org.djlmpc.transport.netty;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import java.util.concurrent.TimeUnit;

/**
 * After a failed handshake, lets the other side read why. A connection that is closed while bytes
 * wait to be read is reset, and a reset destroys the alert under way. So this side stops sending,
 * reads on without looking, and closes when the other side does, or after a moment.
 */
// Netty tells of a failed close or write by closing the connection, which is handled.
@SuppressWarnings("FutureReturnValueIgnored")
final class LingeringClose extends ChannelDuplexHandler {
  private static final int LONGEST_MILLIS = 1000;

  private boolean lingering;

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (lingering) {
      ReferenceCountUtil.release(message);
    } else {
      ctx.fireChannelRead(message);
    }
  }

  @Override
  public void close(ChannelHandlerContext ctx, ChannelPromise promise) {
    boolean connected = ctx.channel().isActive() && !ctx.executor().isShuttingDown();
    if (lingering && connected) {
      ctx.channel().closeFuture().addListener(closed -> promise.trySuccess());
    } else if (connected && handshakeFailed(ctx)) {
      lingering = true;
      ctx.writeAndFlush(Unpooled.EMPTY_BUFFER)
          .addListener(written -> ((DuplexChannel) ctx.channel()).shutdownOutput());
      ctx.executor().schedule(() -> ctx.close(), LONGEST_MILLIS, TimeUnit.MILLISECONDS);
      ctx.channel().closeFuture().addListener(closed -> promise.trySuccess());
    } else {
      ctx.close(promise);
    }
  }

  private static boolean handshakeFailed(ChannelHandlerContext ctx) {
    SslHandler tls = ctx.pipeline().get(SslHandler.class);
    return tls != null && tls.handshakeFuture().isDone() && !tls.handshakeFuture().isSuccess();
  }
}
