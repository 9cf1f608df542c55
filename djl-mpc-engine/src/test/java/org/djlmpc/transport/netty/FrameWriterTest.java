package org.djlmpc.transport.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.ByteArrayOutputStream;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.djlmpc.transport.Frame;
import org.djlmpc.transport.FrameType;
import org.djlmpc.transport.WireFormat;
import org.junit.jupiter.api.Test;

class FrameWriterTest {
  private final Random random = new Random(3);
  private final AtomicInteger signals = new AtomicInteger();
  private final FrameWriter writer = new FrameWriter(signals::incrementAndGet);
  private final EmbeddedChannel connection = new EmbeddedChannel(writer);

  private ChannelFuture send(Frame frame) {
    writer.announce(frame);
    return connection.writeAndFlush(frame);
  }

  private Frame frame(int sequence, int length) {
    byte[] payload = new byte[length];
    random.nextBytes(payload);
    return new Frame(FrameType.OPEN, 1, 0, sequence, 1, payload);
  }

  private void socketTakes(boolean bytes) {
    connection.unsafe().outboundBuffer().setUserDefinedWritability(1, bytes);
    connection.runPendingTasks();
  }

  /** What the connection has written since the last call; slices are short. */
  private byte[] written() {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (ByteBuf slice = connection.readOutbound();
        slice != null;
        slice = connection.readOutbound()) {
      assertThat(slice.readableBytes()).isLessThanOrEqualTo((128 << 10) + WireFormat.HEADER_BYTES);
      byte[] bytes = new byte[slice.readableBytes()];
      slice.readBytes(bytes);
      slice.release();
      all.writeBytes(bytes);
    }
    return all.toByteArray();
  }

  private static byte[] onWire(List<Frame> frames) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (Frame frame : frames) {
      all.writeBytes(WireFormat.header(frame));
      all.writeBytes(frame.payload());
    }
    return all.toByteArray();
  }

  @Test
  void framesOfAllLengthsArriveWholeAndInOrder() {
    List<Frame> frames = new ArrayList<>();
    for (int length : new int[] {0, 1, (128 << 10) - 1, 128 << 10, (128 << 10) + 1, 1 << 20, 0}) {
      frames.add(frame(frames.size(), length));
    }
    for (Frame frame : frames) {
      assertThat(send(frame).isSuccess()).isTrue();
    }
    assertThat(written()).isEqualTo(onWire(frames));
  }

  @Test
  void sendersWaitWhileTheSocketTakesNothing() {
    socketTakes(false);
    List<Frame> frames = new ArrayList<>();
    List<ChannelFuture> sent = new ArrayList<>();
    while (writer.writable()) {
      frames.add(frame(frames.size(), 3 << 20));
      sent.add(send(frames.get(frames.size() - 1)));
    }
    assertThat(frames).hasSize(6);
    assertThat(written()).isEmpty();
    assertThat(sent).noneMatch(ChannelFuture::isDone);

    socketTakes(true);
    assertThat(written()).isEqualTo(onWire(frames));
    assertThat(sent).allMatch(ChannelFuture::isSuccess);
    assertThat(writer.writable()).isTrue();
    assertThat(signals).hasValue(1);
  }

  @Test
  void whatCannotBeSentFails() {
    socketTakes(false);
    ChannelFuture waiting = send(frame(0, 1 << 20));
    connection.close();
    ChannelFuture late = send(frame(1, 5));
    assertThat(waiting.cause()).isInstanceOf(ClosedChannelException.class);
    assertThat(late.cause()).isInstanceOf(ClosedChannelException.class);
  }
}
