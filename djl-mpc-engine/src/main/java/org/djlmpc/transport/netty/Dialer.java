package org.djlmpc.transport.netty;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;
import org.djlmpc.transport.PartyId;
import org.djlmpc.transport.netty.Greeting.Verdict;
import org.jspecify.annotations.Nullable;

/**
 * Connects to a party that listens. Parties start in any order, so a connection that cannot be made
 * is tried again, after 50 ms at first and at most 1 s later, until the rendezvous ends.
 */
// Netty tells of a failed close or write by closing the connection, which is handled.
@SuppressWarnings("FutureReturnValueIgnored")
final class Dialer {
  private static final int FIRST_PAUSE_MILLIS = 50;
  private static final int LONGEST_PAUSE_MILLIS = 1000;

  private final Rendezvous rendezvous;
  private final EventLoopGroup loops;
  private final PartyId peer;
  private final InetSocketAddress address;
  private int pauseMillis = FIRST_PAUSE_MILLIS;

  Dialer(Rendezvous rendezvous, EventLoopGroup loops, PartyId peer, InetSocketAddress address) {
    this.rendezvous = rendezvous;
    this.loops = loops;
    this.peer = peer;
    this.address = address;
  }

  void dial() {
    NettyNetwork.tune(new Bootstrap().group(loops).channel(NioSocketChannel.class))
        .handler(
            new ChannelInitializer<Channel>() {
              @Override
              protected void initChannel(Channel connection) {
                rendezvous.config().security().install(connection.pipeline(), peer);
                connection.pipeline().addLast(new Greeter());
              }
            })
        .connect(address)
        .addListener(
            connected -> {
              if (!connected.isSuccess()) {
                dialAgain();
              }
            });
  }

  private void dialAgain() {
    if (loops.isShuttingDown()) {
      return;
    }
    loops.next().schedule(this::dial, pauseMillis, TimeUnit.MILLISECONDS);
    pauseMillis = Math.min(2 * pauseMillis, LONGEST_PAUSE_MILLIS);
  }

  /** Introduces this party and reads the answer. */
  private final class Greeter extends ByteToMessageDecoder {
    private boolean answered;

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
      NettyConfig config = rendezvous.config();
      ctx.writeAndFlush(Greeting.write(config.self(), peer, config.session()), ctx.voidPromise());
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
      if (in.readableBytes() < Greeting.ANSWER_BYTES) {
        return;
      }
      answered = true;
      int magic = in.readInt();
      int version = in.readUnsignedShort();
      Verdict verdict = magic == Greeting.MAGIC ? Verdict.ofCode(in.readByte()) : null;
      try {
        if (verdict != Verdict.WELCOME) {
          throw refusal(verdict, version);
        }
        rendezvous.config().security().verify(ctx.channel(), peer);
      } catch (MpcException e) {
        rendezvous.fail(e);
        in.skipBytes(in.readableBytes());
        ctx.close();
        return;
      }
      rendezvous.join(ctx.pipeline(), this, peer);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
      if (!answered) {
        dialAgain(); // the other side went away while it started or stopped
      }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      MpcException reason = rendezvous.config().security().explain(cause, peer + " at " + address);
      if (reason != null) {
        answered = true; // trying again would end the same way
        rendezvous.fail(reason);
      }
      ctx.close();
    }
  }

  private MpcException refusal(@Nullable Verdict verdict, int version) {
    PartyId self = rendezvous.config().self();
    String refused = peer + " at " + address + " refused " + self + ": ";
    if (verdict == null) {
      return new MpcException(
          ErrorCode.CONNECT,
          "What listens at " + address + " is not a party of djl-mpc.",
          ErrorCode.CONNECT.nextStep());
    }
    return switch (verdict) {
      case OTHER_VERSION ->
          new MpcException(
              ErrorCode.VERSION_MISMATCH,
              refused
                  + "it speaks version "
                  + version
                  + " of the wire format, not "
                  + Greeting.VERSION
                  + ".",
              ErrorCode.VERSION_MISMATCH.nextStep());
      case OTHER_SESSION ->
          new MpcException(
              ErrorCode.CONFIGURATION_MISMATCH,
              refused + "it belongs to another session.",
              "Give all parties the same session id.");
      case OTHER_PARTY ->
          new MpcException(
              ErrorCode.CONFIGURATION_MISMATCH,
              refused + "it is another party than " + peer + ".",
              "Correct the addresses of the parties.");
      case TLS_ONLY, PLAIN_ONLY ->
          new MpcException(
              ErrorCode.NOT_TLS,
              refused
                  + "it speaks "
                  + (verdict == Verdict.TLS_ONLY ? "TLS only." : "plain TCP only."),
              ErrorCode.NOT_TLS.nextStep());
      case NOT_AUTHENTIC ->
          new MpcException(
              ErrorCode.CERTIFICATE_REFUSED,
              refused + "its certificate names another party.",
              ErrorCode.CERTIFICATE_REFUSED.nextStep());
      case NOT_EXPECTED, ALREADY_CONNECTED, WELCOME ->
          new MpcException(
              ErrorCode.CONFIGURATION_MISMATCH,
              refused
                  + (verdict == Verdict.NOT_EXPECTED
                      ? "it expects no connection from " + self + "."
                      : self + " is connected already."),
              "Start each party once, with the same list of parties.");
    };
  }
}
