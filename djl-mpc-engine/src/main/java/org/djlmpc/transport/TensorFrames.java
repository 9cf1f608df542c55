package org.djlmpc.transport;

import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;
import org.djlmpc.ring.BitTensor;
import org.djlmpc.ring.RingTensor;

/**
 * Moves tensors over a channel as one message of as few frames as possible, straight between arrays
 * and frames.
 *
 * <p>Sender and receiver cut the same list of shapes in the same way, so frames carry no lengths of
 * their own. An element never straddles two frames; bit tensors are cut at multiples of 64 bits.
 */
public final class TensorFrames {
  /**
   * Payload of a full frame: small enough to overlap copying with sending, large enough to cost
   * little.
   */
  static final int FRAME = 4 << 20;

  private TensorFrames() {}

  /** A tensor on the wire. */
  public sealed interface Part {
    /** Bytes of the tensor on the wire. */
    long bytes();
  }

  /** A tensor of ring elements. */
  public record Elements(RingTensor tensor) implements Part {
    @Override
    public long bytes() {
      return (long) tensor.size() * tensor.ring().bytes();
    }
  }

  /** A tensor of bits. */
  public record Bits(BitTensor tensor) implements Part {
    @Override
    public long bytes() {
      return tensor.byteLength();
    }
  }

  /** Sends the parts as one message. */
  public static void send(
      Channel channel, FrameType type, int operation, List<? extends Part> parts) {
    send(parts, frame -> channel.send(type, operation, frame));
  }

  /** Writes the parts as the frames of one message. */
  public static void send(List<? extends Part> parts, Consumer<byte[]> frames) {
    var cursor =
        new Cursor(
            parts,
            new FrameIo() {
              @Override
              public byte[] begin(int size) {
                return new byte[size];
              }

              @Override
              public void end(byte[] frame) {
                frames.accept(frame);
              }

              @Override
              public void move(RingTensor tensor, int from, int count, byte[] frame, int offset) {
                tensor.store(frame, offset, from, count);
              }

              @Override
              public void move(BitTensor tensor, int from, int count, byte[] frame, int offset) {
                try (BitTensor range = tensor.range(from, count)) {
                  range.store(frame, offset);
                }
              }
            });
    cursor.run();
  }

  /** Receives a message into the parts, which must have the sender's shapes. */
  public static void receive(
      Channel channel, FrameType type, int operation, List<? extends Part> parts) {
    receive(channel.peer(), () -> channel.receive(type, operation), parts);
  }

  /**
   * Reads a message from frames which came from a peer into the parts, which must have the sender's
   * shapes.
   */
  public static void receive(PartyId peer, Supplier<byte[]> frames, List<? extends Part> parts) {
    var cursor =
        new Cursor(
            parts,
            new FrameIo() {
              @Override
              public byte[] begin(int size) {
                byte[] frame = frames.get();
                if (frame.length != size) {
                  throw new MpcException(
                      ErrorCode.BAD_FRAME,
                      "A frame from "
                          + peer
                          + " has "
                          + frame.length
                          + " bytes instead of "
                          + size
                          + ".",
                      "Run the same program with the same shapes at all parties.");
                }
                return frame;
              }

              @Override
              public void end(byte[] frame) {
                // it may hold shares, and nobody else will erase them
                Arrays.fill(frame, (byte) 0);
              }

              @Override
              public void move(RingTensor tensor, int from, int count, byte[] frame, int offset) {
                tensor.load(frame, offset, from, count);
              }

              @Override
              public void move(BitTensor tensor, int from, int count, byte[] frame, int offset) {
                try (BitTensor range = BitTensor.zeros(count)) {
                  range.load(frame, offset);
                  tensor.setRange(from, range);
                }
              }
            });
    cursor.run();
  }

  private interface FrameIo {
    byte[] begin(int size);

    void end(byte[] frame);

    void move(RingTensor tensor, int from, int count, byte[] frame, int offset);

    void move(BitTensor tensor, int from, int count, byte[] frame, int offset);
  }

  /** Walks through parts and frames in step. */
  private static final class Cursor {
    private final List<? extends Part> parts;
    private final FrameIo io;
    private long remaining;
    private byte[] frame = new byte[0];
    private int used;

    Cursor(List<? extends Part> parts, FrameIo io) {
      this.parts = parts;
      this.io = io;
      remaining = parts.stream().mapToLong(Part::bytes).sum();
    }

    void run() {
      for (Part part : parts) {
        if (part instanceof Elements elements) {
          run(elements.tensor());
        } else if (part instanceof Bits bits) {
          run(bits.tensor());
        }
      }
      if (frame.length > 0) {
        io.end(frame);
      }
    }

    private void run(RingTensor tensor) {
      int width = tensor.ring().bytes();
      for (int from = 0; from < tensor.size(); ) {
        int count = Math.min(tensor.size() - from, room(width) / width);
        io.move(tensor, from, count, frame, used);
        advance(count * width);
        from += count;
      }
    }

    private void run(BitTensor tensor) {
      for (int from = 0; from < tensor.size(); ) {
        int rest = tensor.size() - from;
        int room = room(Math.min(Long.BYTES, (rest + 7) / 8));
        int count = (rest + 7) / 8 <= room ? rest : room / Long.BYTES * Long.SIZE;
        io.move(tensor, from, count, frame, used);
        advance((count + 7) / 8);
        from += count;
      }
    }

    /**
     * Bytes left in the current frame, at least {@code least}; begins the next frame if there are
     * fewer.
     */
    private int room(int least) {
      if (frame.length - used < least) {
        if (frame.length > 0) {
          io.end(frame);
        }
        // a frame may end early, so the last one can be shorter than planned by less than one
        // element
        frame = io.begin((int) Math.min(FRAME, remaining));
        used = 0;
      }
      return frame.length - used;
    }

    private void advance(int bytes) {
      used += bytes;
      remaining -= bytes;
    }
  }
}
