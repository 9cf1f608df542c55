package org.djlmpc.transport.netty;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.util.List;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;
import org.djlmpc.transport.netty.Greeting.Verdict;

/** Tells a party that connects in plain TCP that TLS is wanted; then, or else, it is gone. */
// Netty tells of a failed close or write by closing the connection, which is handled.
@SuppressWarnings("FutureReturnValueIgnored")
final class PlainGreetingGuard extends ByteToMessageDecoder {
  @Override
  protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
    if (in.readableBytes() < Integer.BYTES) {
      return;
    }
    if (in.getInt(in.readerIndex()) == Greeting.MAGIC) {
      in.skipBytes(in.readableBytes());
      ctx.writeAndFlush(Greeting.answer(Verdict.TLS_ONLY)).addListener(ChannelFutureListener.CLOSE);
      ctx.fireExceptionCaught(
          new MpcException(
              ErrorCode.NOT_TLS, "It speaks plain TCP.", ErrorCode.NOT_TLS.nextStep()));
      return;
    }
    ctx.pipeline().remove(this);
  }
}
