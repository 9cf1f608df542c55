package org.djlmpc.transport.netty;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.net.InetSocketAddress;
import java.util.Collections;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;
import org.djlmpc.transport.LinkedNetwork;
import org.djlmpc.transport.Network;
import org.djlmpc.transport.PartyId;
import org.jspecify.annotations.Nullable;

/** Networks between parties that are processes, over TCP or TLS. */
public final class NettyNetwork {
  /** What Netty holds for a socket; more waits in a {@link FrameWriter}. */
  private static final WriteBufferWaterMark WATER_MARK =
      new WriteBufferWaterMark(128 << 10, 256 << 10);

  private static final AdaptiveRecvByteBufAllocator RECEIVE_BUFFERS =
      new AdaptiveRecvByteBufAllocator(4 << 10, 64 << 10, 128 << 10);

  private static final int CONNECT_TRY_MILLIS = 5000;

  private NettyNetwork() {}

  /**
   * Connects with all other parties, which may start in any order; listens only until all are
   * there.
   *
   * @return the network; the caller closes it
   * @throws MpcException CONNECT if the port is taken or a party does not come in time;
   *     CONFIGURATION_MISMATCH or VERSION_MISMATCH if a party belongs to another run or version;
   *     NOT_TLS or one of CERTIFICATE_* if one cannot prove to the other who it is
   */
  public static Network connect(NettyConfig config) {
    config.security().checkSelf(config.self());
    config.addresses().values().forEach(config.security()::checkAddress);
    IoThreads threads = new IoThreads(config.self(), config.peers().size());
    EventLoopGroup loops = threads.loops();
    LinkedNetwork network =
        new LinkedNetwork(config.self(), config.peers(), config.options(), threads::stop);
    Rendezvous rendezvous = new Rendezvous(config, network);
    Channel listener = null;
    boolean connected = false;
    try {
      listener = listen(config, loops, rendezvous);
      for (PartyId peer : config.peers()) {
        InetSocketAddress address = config.addresses().get(peer);
        if (peer.compareTo(config.self()) < 0 && address != null) {
          new Dialer(rendezvous, loops, peer, address).dial();
        }
      }
      rendezvous.await();
      connected = true;
      return network;
    } finally {
      if (listener != null) {
        listener.close().awaitUninterruptibly();
      }
      if (!connected) {
        network.close();
      }
    }
  }

  private static @Nullable Channel listen(
      NettyConfig config, EventLoopGroup loops, Rendezvous rendezvous) {
    InetSocketAddress address = config.addresses().get(config.self());
    if (address == null || config.self() == Collections.max(config.parties())) {
      return null;
    }
    ChannelFuture bound =
        new ServerBootstrap()
            .group(loops)
            .channel(NioServerSocketChannel.class)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childOption(ChannelOption.SO_KEEPALIVE, true)
            .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARK)
            .childOption(ChannelOption.RECVBUF_ALLOCATOR, RECEIVE_BUFFERS)
            .childHandler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel connection) {
                    config.security().install(connection.pipeline(), null);
                    connection.pipeline().addLast(new AcceptedGreeter(rendezvous));
                  }
                })
            .bind(address)
            .awaitUninterruptibly();
    if (!bound.isSuccess()) {
      throw new MpcException(
          ErrorCode.CONNECT,
          config.self() + " cannot listen on " + address + ": " + bound.cause().getMessage() + ".",
          "Free the port or choose another one.",
          bound.cause());
    }
    return bound.channel();
  }

  /** Sets the options of a connection that this party makes. */
  static Bootstrap tune(Bootstrap bootstrap) {
    return bootstrap
        .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_TRY_MILLIS)
        .option(ChannelOption.TCP_NODELAY, true)
        .option(ChannelOption.SO_KEEPALIVE, true)
        .option(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARK)
        .option(ChannelOption.RECVBUF_ALLOCATOR, RECEIVE_BUFFERS);
  }
}
