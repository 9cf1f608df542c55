package org.djlmpc.transport.netty;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.djlmpc.transport.Frame;
import org.djlmpc.transport.FrameType;
import org.djlmpc.transport.Link;
import org.jspecify.annotations.Nullable;

/** The sending side of a TCP connection with one peer. */
final class NettyLink implements Link {
  /** After the last frame was written: how long the peer may take to read it and close. */
  private static final int LINGER_SECONDS = 2;

  private static final int FLUSH_SECONDS = 10;

  private final Channel connection;
  private final FrameWriter writer;
  private final long flushMillis;
  private volatile @Nullable ChannelFuture lastWrite;

  NettyLink(Channel connection, FrameWriter writer, Duration ioTimeout) {
    this.connection = connection;
    this.writer = writer;
    this.flushMillis = Math.min(ioTimeout.toMillis(), TimeUnit.SECONDS.toMillis(FLUSH_SECONDS));
  }

  /** One at a time, so that the last write is what it is called: aborts come from other threads. */
  @Override
  public synchronized void send(Frame frame) {
    writer.announce(frame);
    ChannelFuture written = connection.writeAndFlush(frame);
    lastWrite = written;
    if (frame.type() == FrameType.PREPROCESSING) {
      written.addListener(done -> frame.erase()); // keys that the assistant needs no more
    }
  }

  @Override
  public boolean writable() {
    return writer.writable();
  }

  /**
   * Waits until what was sent is written and the peer has closed its side. Closing earlier could
   * reset the connection and destroy frames that the peer has not read.
   */
  @Override
  public void close() {
    if (connection.eventLoop().inEventLoop()) {
      var unused = connection.close(); // came too late: the network is closed already
      return;
    }
    ChannelFuture last = lastWrite;
    if (last != null) {
      last.awaitUninterruptibly(flushMillis);
    }
    connection.closeFuture().awaitUninterruptibly(LINGER_SECONDS, TimeUnit.SECONDS);
    connection.close().awaitUninterruptibly();
  }
}
