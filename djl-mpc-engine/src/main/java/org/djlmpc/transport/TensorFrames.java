package org.djlmpc.transport;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;
import org.djlmpc.ring.BitTensor;
import org.djlmpc.ring.Ring;
import org.djlmpc.ring.RingTensor;
import org.jspecify.annotations.Nullable;

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

  /**
   * A tensor of ring elements.
   *
   * @param bits how many low bits of each travel; those above are zero on arrival. Fewer than a
   *     ring's whole bytes are packed without gaps
   */
  public record Elements(RingTensor tensor, int bits) implements Part {
    /** All bits. */
    public Elements(RingTensor tensor) {
      this(tensor, tensor.ring().bits());
    }

    /** Bytes of so many elements. */
    public static long bytes(Ring ring, int bits, long count) {
      return bits == ring.bits() ? count * ring.bytes() : RingTensor.packedBytes(count, bits);
    }

    private boolean isPacked() {
      return bits < tensor.ring().bits();
    }

    @Override
    public long bytes() {
      return bytes(tensor.ring(), bits, tensor.size());
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
              public void move(Elements part, int from, int count, byte[] frame, int offset) {
                if (part.isPacked()) {
                  part.tensor.storePacked(part.bits, frame, offset, from, count);
                } else {
                  part.tensor.store(frame, offset, from, count);
                }
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
              public void move(Elements part, int from, int count, byte[] frame, int offset) {
                if (part.isPacked()) {
                  part.tensor.loadPacked(part.bits, frame, offset, from, count);
                } else {
                  part.tensor.load(frame, offset, from, count);
                }
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

    void move(Elements part, int from, int count, byte[] frame, int offset);

    void move(BitTensor tensor, int from, int count, byte[] frame, int offset);
  }

  private interface Move {
    void run(FrameIo io, int from, int count);
  }

  /** Walks through parts and frames in step. */
  private static final class Cursor {
    private final List<? extends Part> parts;
    private final @Nullable FrameIo io;
    private final Deque<Integer> sizes = new ArrayDeque<>();
    private long remaining;
    private byte[] frame = new byte[0];
    private int length;
    private int used;

    /** Moves parts between frames that are as long as what they hold. */
    Cursor(List<? extends Part> parts, FrameIo io) {
      this.parts = parts;
      this.io = io;
      Cursor lengths = new Cursor(parts);
      lengths.run();
      sizes.addAll(lengths.sizes);
    }

    /** Finds out how long frames are: the next element may not fit into what is left of one. */
    private Cursor(List<? extends Part> parts) {
      this.parts = parts;
      io = null;
      remaining = parts.stream().mapToLong(Part::bytes).sum();
    }

    void run() {
      for (Part part : parts) {
        if (part instanceof Elements elements) {
          run(elements);
        } else if (part instanceof Bits bits) {
          run(bits.tensor());
        }
      }
      end();
    }

    private void run(Elements part) {
      int width = part.isPacked() ? part.bits : part.tensor.ring().bytes();
      int group = part.isPacked() ? Byte.SIZE : 1;
      run(
          part.tensor.size(),
          width,
          group,
          (to, from, count) -> to.move(part, from, count, frame, used));
    }

    private void run(BitTensor tensor) {
      run(
          tensor.size(),
          Long.BYTES,
          Long.SIZE,
          (to, from, count) -> to.move(tensor, from, count, frame, used));
    }

    /**
     * Moves what takes {@code bytes} bytes for each {@code group}, of which only the last is cut.
     */
    private void run(int size, int bytes, int group, Move move) {
      for (int from = 0; from < size; ) {
        long rest = bytes(size - from, bytes, group);
        int room = room((int) Math.min(bytes, rest));
        int count = rest <= room ? size - from : room / bytes * group;
        if (io != null) {
          move.run(io, from, count);
        }
        int moved = (int) bytes(count, bytes, group);
        used += moved;
        remaining -= moved;
        from += count;
      }
    }

    private static long bytes(long count, int bytes, int group) {
      return (count * bytes + group - 1) / group;
    }

    /**
     * Bytes left in the current frame, at least {@code least}; begins the next frame if there are
     * fewer.
     */
    private int room(int least) {
      if (length - used < least) {
        end();
        if (io == null) {
          length = (int) Math.min(FRAME, remaining);
        } else {
          length = sizes.remove();
          frame = io.begin(length);
        }
        used = 0;
      }
      return length - used;
    }

    private void end() {
      if (length > 0) {
        if (io == null) {
          sizes.add(used);
        } else {
          io.end(frame);
        }
      }
    }
  }
}
