package org.djlmpc.transport.netty;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.DecoderException;
import java.io.IOException;
import java.util.function.Consumer;
import javax.net.ssl.SSLException;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;
import org.djlmpc.transport.Frame;
import org.djlmpc.transport.FrameType;
import org.djlmpc.transport.LinkedNetwork;
import org.djlmpc.transport.PartyId;
import org.djlmpc.transport.Payload;
import org.djlmpc.transport.WireFormat;
import org.jspecify.annotations.Nullable;

/**
 * Cuts the bytes of one peer into frames. A payload is copied once, from the socket's buffer into
 * the array that the receiver gets; that array is taken only after the header was found possible.
 */
// Netty tells of a failed close or write by closing the connection, which is handled.
@SuppressWarnings("FutureReturnValueIgnored")
final class FrameReader extends ChannelInboundHandlerAdapter {
  private static final Payload NOTHING = Payload.of(new byte[0]);

  private final LinkedNetwork network;
  private final PartyId peer;
  private final Consumer<MpcException> onLost;

  private final byte[] headerBytes = new byte[WireFormat.HEADER_BYTES];
  private WireFormat.@Nullable Header header;
  private Payload payload = NOTHING;
  private int filled;
  private boolean finished;
  private @Nullable Throwable cause;

  FrameReader(LinkedNetwork network, PartyId peer, Consumer<MpcException> onLost) {
    this.network = network;
    this.peer = peer;
    this.onLost = onLost;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    ByteBuf in = (ByteBuf) message;
    try {
      while (in.isReadable() && !finished) {
        read(ctx, in);
      }
    } catch (MpcException e) {
      finished = true;
      lost(e);
      // Tells the peer why, as far as it still listens.
      Frame abort = WireFormat.abort(WireFormat.ALL_REQUESTS, e);
      ctx.writeAndFlush(abort).addListener(ChannelFutureListener.CLOSE);
    } finally {
      in.release();
    }
  }

  private void read(ChannelHandlerContext ctx, ByteBuf in) {
    byte[] target = header == null ? headerBytes : payload.bytes();
    int taken = Math.min(in.readableBytes(), target.length - filled);
    in.readBytes(target, filled, taken);
    filled += taken;
    if (filled < target.length) {
      return;
    }
    filled = 0;
    WireFormat.Header complete = header;
    if (complete == null) {
      complete = WireFormat.parse(headerBytes, peer);
      if (complete.length() > 0) {
        header = complete;
        payload = complete.room();
        return;
      }
    }
    header = null;
    Frame frame = complete.withPayload(payload);
    payload = NOTHING;
    network.deliver(peer, frame);
    if (frame.type() == FrameType.END && frame.request() == WireFormat.ALL_REQUESTS) {
      // Nothing follows, and what this side would still send nobody reads.
      finished = true;
      ctx.close();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    if (!network.hasEnded(peer)) {
      boolean inFrame = header != null || filled > 0;
      lost(
          new MpcException(
              ErrorCode.PEER_GONE,
              peer
                  + " closed its connection to "
                  + network.self()
                  + (inFrame ? " in the middle of a frame." : " without saying that it is done."),
              ErrorCode.PEER_GONE.nextStep(),
              cause));
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable thrown) {
    cause = thrown;
    if (thrown instanceof DecoderException && thrown.getCause() instanceof SSLException) {
      lost(
          new MpcException(
              ErrorCode.BAD_FRAME,
              "TLS between "
                  + network.self()
                  + " and "
                  + peer
                  + " broke: bytes were changed on their way.",
              "Find out who sits between the two machines.",
              thrown));
    } else if (!(thrown instanceof IOException)) {
      lost(
          new MpcException(
              ErrorCode.INTERNAL,
              network.self() + " failed to read what " + peer + " sent.",
              ErrorCode.INTERNAL.nextStep(),
              thrown));
    }
    ctx.close();
  }

  private void lost(MpcException reason) {
    network.linkFailed(peer, reason);
    onLost.accept(reason);
  }
}
