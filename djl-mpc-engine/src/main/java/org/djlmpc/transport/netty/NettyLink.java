package org.djlmpc.transport.netty;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.djlmpc.transport.Frame;
import org.djlmpc.transport.FrameType;
import org.djlmpc.transport.Link;
import org.djlmpc.transport.WireFormat;
import org.jspecify.annotations.Nullable;

/** The sending side of a TCP connection with one peer. */
final class NettyLink implements Link {
  /** Payloads leave in slices, so that the socket's copies of them come from pooled memory. */
  private static final int SLICE_BYTES = 256 << 10;

  /** After the last frame was written: how long the peer may take to read it and close. */
  private static final int LINGER_SECONDS = 2;

  private static final int FLUSH_SECONDS = 10;

  private final Channel connection;
  private final long flushMillis;
  private volatile @Nullable ChannelFuture lastWrite;

  NettyLink(Channel connection, Duration ioTimeout) {
    this.connection = connection;
    this.flushMillis = Math.min(ioTimeout.toMillis(), TimeUnit.SECONDS.toMillis(FLUSH_SECONDS));
  }

  /** Whole frames must not mingle: aborts come from other threads than the data. */
  @Override
  public synchronized void send(Frame frame) {
    byte[] payload = frame.payload();
    ByteBuf header = Unpooled.wrappedBuffer(WireFormat.header(frame));
    int first = Math.min(payload.length, SLICE_BYTES);
    ChannelFuture last =
        write(Unpooled.wrappedBuffer(header, Unpooled.wrappedBuffer(payload, 0, first)));
    for (int start = first; start < payload.length; start += SLICE_BYTES) {
      int length = Math.min(SLICE_BYTES, payload.length - start);
      last = write(Unpooled.wrappedBuffer(payload, start, length));
    }
    lastWrite = last;
    if (frame.type() == FrameType.PREPROCESSING) {
      last.addListener(written -> frame.erase()); // keys that the assistant needs no more
    }
    connection.flush();
  }

  private ChannelFuture write(ByteBuf bytes) {
    return connection.write(bytes).addListener(ChannelFutureListener.CLOSE_ON_FAILURE);
  }

  @Override
  public boolean writable() {
    return connection.isWritable();
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
