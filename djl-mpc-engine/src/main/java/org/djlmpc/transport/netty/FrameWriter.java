package org.djlmpc.transport.netty;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicLong;
import org.djlmpc.transport.Frame;
import org.djlmpc.transport.WireFormat;

/**
 * Writes frames in slices, each when the socket has taken those before it. Netty copies a slice
 * into memory of its own; slices that wait there by the megabyte are written to cold memory and
 * read from it again, which costs more than the socket does.
 *
 * <p>All that is sent to the peer passes here, so frames of several threads never mingle.
 */
// Netty tells of a failed write by closing the connection, which is handled.
@SuppressWarnings("FutureReturnValueIgnored")
final class FrameWriter extends ChannelDuplexHandler {
  /** Less than a second-level cache, much more than a call costs. */
  private static final int SLICE_BYTES = 128 << 10;

  /** Senders wait while more than this waits here... */
  private static final long MOST_WAITING = 16 << 20;

  /** ... and go on below this. */
  private static final long GO_ON = 8 << 20;

  private final Runnable onWritable;
  private final Queue<Waiting> queue = new ArrayDeque<>();
  private final AtomicLong waitingBytes = new AtomicLong();

  /** Bytes of the first frame's payload that were written. */
  private int written;

  private boolean writing;

  private record Waiting(Frame frame, ChannelPromise promise) {}

  /**
   * Creates the writer of one connection.
   *
   * @param onWritable told when senders may go on, in the connection's thread
   */
  FrameWriter(Runnable onWritable) {
    this.onWritable = onWritable;
  }

  /** Counts a frame that is about to be sent; from any thread. */
  void announce(Frame frame) {
    waitingBytes.addAndGet(frame.payload().length);
  }

  /** Whether a sender of data may go on; from any thread. */
  boolean writable() {
    return waitingBytes.get() <= MOST_WAITING;
  }

  @Override
  public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
    if (!(message instanceof Frame frame)) {
      ctx.write(message, promise);
    } else if (ctx.channel().isActive()) {
      queue.add(new Waiting(frame, promise));
    } else {
      promise.tryFailure(new ClosedChannelException());
    }
  }

  @Override
  public void flush(ChannelHandlerContext ctx) {
    ctx.flush();
    writeSlices(ctx);
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    writeSlices(ctx);
    ctx.fireChannelWritabilityChanged();
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    drop();
    ctx.fireChannelInactive();
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    drop();
  }

  /** A write may call back with a change of writability, hence the flag. */
  private void writeSlices(ChannelHandlerContext ctx) {
    if (writing) {
      return;
    }
    writing = true;
    try {
      while (!queue.isEmpty() && ctx.channel().isWritable()) {
        writeSlice(ctx, queue.element());
        ctx.flush();
      }
    } finally {
      writing = false;
    }
  }

  private void writeSlice(ChannelHandlerContext ctx, Waiting first) {
    byte[] payload = first.frame().payload();
    int length = Math.min(SLICE_BYTES, payload.length - written);
    ByteBuf slice = Unpooled.wrappedBuffer(payload, written, length);
    if (written == 0) {
      ByteBuf header = Unpooled.wrappedBuffer(WireFormat.header(first.frame()));
      slice = Unpooled.wrappedBuffer(header, slice);
    }
    written += length;
    ChannelPromise promise = ctx.newPromise();
    if (written == payload.length) {
      queue.remove();
      written = 0;
      promise = first.promise();
    }
    ctx.write(slice, promise).addListener(ChannelFutureListener.CLOSE_ON_FAILURE);
    long before = waitingBytes.getAndAdd(-length);
    if (before > GO_ON && before - length <= GO_ON) {
      onWritable.run();
    }
  }

  private void drop() {
    for (Waiting waiting = queue.poll(); waiting != null; waiting = queue.poll()) {
      waiting.promise().tryFailure(new ClosedChannelException());
    }
  }
}
