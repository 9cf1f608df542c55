package org.djlmpc.transport.netty;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;
import org.djlmpc.transport.PartyId;
import org.djlmpc.transport.netty.Greeting.Verdict;

/** Reads the greeting on a connection that was accepted, and answers it. */
// Netty tells of a failed close or write by closing the connection, which is handled.
@SuppressWarnings("FutureReturnValueIgnored")
final class AcceptedGreeter extends ByteToMessageDecoder {
  private static final int PATIENCE_SECONDS = 10;

  private final Rendezvous rendezvous;
  private boolean versionRead;
  private boolean decided;

  AcceptedGreeter(Rendezvous rendezvous) {
    this.rendezvous = rendezvous;
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    if (!rendezvous.admitStranger()) {
      decided = true;
      ctx.close();
      return;
    }
    ctx.channel().closeFuture().addListener(closed -> strangerDecided());
    ctx.executor()
        .schedule(
            () -> {
              if (!decided) {
                rendezvous.logRefusal(ctx.channel().remoteAddress(), "it did not say who it is");
                ctx.close();
              }
            },
            PATIENCE_SECONDS,
            TimeUnit.SECONDS);
  }

  private void strangerDecided() {
    if (!decided) {
      decided = true;
      rendezvous.strangerLeft();
    }
  }

  @Override
  protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
    if (decided) {
      in.skipBytes(in.readableBytes());
      return;
    }
    if (!versionRead) {
      if (in.readableBytes() < Greeting.PREFIX_BYTES) {
        return;
      }
      int magic = in.readInt();
      if (magic >>> Short.SIZE == Greeting.TLS_RECORD) {
        in.skipBytes(in.readableBytes());
        rendezvous.strangerFailed(
            ctx.channel().remoteAddress(),
            new MpcException(ErrorCode.NOT_TLS, "It speaks TLS.", ErrorCode.NOT_TLS.nextStep()));
        answer(ctx, Verdict.PLAIN_ONLY); // whoever speaks TLS understands that this is not TLS
        return;
      }
      if (magic != Greeting.MAGIC) {
        rendezvous.logRefusal(ctx.channel().remoteAddress(), "it speaks another protocol");
        strangerDecided();
        ctx.close();
        return;
      }
      if (in.readShort() != Greeting.VERSION) {
        answer(ctx, Verdict.OTHER_VERSION);
        return;
      }
      versionRead = true;
    }
    if (in.readableBytes() < Greeting.BODY_BYTES) {
      return;
    }
    Greeting greeting = Greeting.readBody(in);
    Verdict verdict = rendezvous.judge(greeting, ctx.channel());
    answer(ctx, verdict);
    PartyId peer = rendezvous.expected(greeting.from());
    if (verdict == Verdict.WELCOME && peer != null) {
      rendezvous.join(ctx.pipeline(), this, peer);
    }
  }

  private void answer(ChannelHandlerContext ctx, Verdict verdict) {
    strangerDecided();
    var written = ctx.writeAndFlush(Greeting.answer(verdict));
    if (verdict != Verdict.WELCOME) {
      rendezvous.logRefusal(ctx.channel().remoteAddress(), verdict.toString());
      written.addListener(ChannelFutureListener.CLOSE);
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    rendezvous.strangerFailed(ctx.channel().remoteAddress(), cause);
    ctx.close();
  }
}
