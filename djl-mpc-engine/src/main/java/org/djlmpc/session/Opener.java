package org.djlmpc.session;

import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;
import org.djlmpc.ring.BitTensor;
import org.djlmpc.ring.Ring;
import org.djlmpc.ring.RingTensor;
import org.djlmpc.transport.Channel;
import org.djlmpc.transport.FrameType;
import org.djlmpc.transport.TensorFrames;
import org.jspecify.annotations.Nullable;

/**
 * Opens masked values between the two share holders, batched: what is opened before the first wait
 * travels together and costs one round.
 *
 * <p>Values that pass here are masked by the protocol that opens them; results are opened by {@link
 * Request#reveal}.
 */
public final class Opener {
  private final Channel other;
  private final List<Item<?>> items = new ArrayList<>();
  private FrameType type = FrameType.OPEN;
  private int operation;

  Opener(Channel other) {
    this.other = other;
  }

  /** Whether what follows is set-up (depends on no query) and counts as offline. */
  public void setup(boolean setup) {
    flush();
    type = setup ? FrameType.SETUP : FrameType.OPEN;
  }

  /** Opens an additively shared tensor to both: each sends its share, both add. */
  public Pending<RingTensor> open(RingTensor share) {
    return open(share, share.ring().bits());
  }

  /** Opens a tensor that is additively shared modulo 2^bits; no other bits travel, or are left. */
  public Pending<RingTensor> open(RingTensor share, int bits) {
    return add(
        new Item<>(
            new TensorFrames.Elements(share, bits),
            new TensorFrames.Elements(RingTensor.zeros(share.ring(), share.shape()), bits)) {
          @Override
          RingTensor combine(TensorFrames.@Nullable Part received) {
            return elements(received).addInPlace(share).lowInPlace(bits);
          }
        });
  }

  /** Opens XOR-shared bits to both. */
  public Pending<BitTensor> open(BitTensor share) {
    return add(
        new Item<>(
            new TensorFrames.Bits(share), new TensorFrames.Bits(BitTensor.zeros(share.size()))) {
          @Override
          BitTensor combine(TensorFrames.@Nullable Part received) {
            if (received instanceof TensorFrames.Bits bits) {
              bits.tensor().xorInPlace(share);
              return bits.tensor();
            }
            throw unreachable();
          }
        });
  }

  /** Gives a masked tensor to the other share holder only; sent when the result is awaited. */
  public Pending<RingTensor> give(RingTensor masked) {
    return give(masked, masked.ring().bits());
  }

  /** As {@link #give}, the low bits only. */
  public Pending<RingTensor> give(RingTensor masked, int bits) {
    return add(
        new Item<RingTensor>(new TensorFrames.Elements(masked, bits), null) {
          @Override
          RingTensor combine(TensorFrames.@Nullable Part received) {
            return masked;
          }
        });
  }

  /** Takes a masked tensor that the other share holder gives. */
  public Pending<RingTensor> take(Ring ring, Shape shape) {
    return take(ring, shape, ring.bits());
  }

  /** As {@link #take}, the low bits only. */
  public Pending<RingTensor> take(Ring ring, Shape shape, int bits) {
    return add(
        new Item<>(null, new TensorFrames.Elements(RingTensor.zeros(ring, shape), bits)) {
          @Override
          RingTensor combine(TensorFrames.@Nullable Part received) {
            return elements(received);
          }
        });
  }

  /** Sends what is pending and receives what the other sends in the same step. */
  public void flush() {
    if (items.isEmpty()) {
      return;
    }
    List<Item<?>> batch = List.copyOf(items);
    items.clear();
    List<TensorFrames.Part> out = new ArrayList<>();
    List<TensorFrames.Part> in = new ArrayList<>();
    // elements before bits, so that elements stay aligned to frames
    for (boolean elements : new boolean[] {true, false}) {
      for (Item<?> item : batch) {
        if (item.out != null && item.out instanceof TensorFrames.Elements == elements) {
          out.add(item.out);
        }
        if (item.in != null && item.in instanceof TensorFrames.Elements == elements) {
          in.add(item.in);
        }
      }
    }
    int number = operation++;
    TensorFrames.send(other, type, number, out);
    TensorFrames.receive(other, type, number, in);
    batch.forEach(Item::complete);
  }

  private <T> Pending<T> add(Item<T> item) {
    items.add(item);
    return item;
  }

  private static RingTensor elements(TensorFrames.@Nullable Part received) {
    if (received instanceof TensorFrames.Elements elements) {
      return elements.tensor();
    }
    throw unreachable();
  }

  private static MpcException unreachable() {
    return new MpcException(
        ErrorCode.INTERNAL, "An opening received nothing.", "Report this with the stack trace.");
  }

  private abstract class Item<T> implements Pending<T> {
    private final TensorFrames.@Nullable Part out;
    private final TensorFrames.@Nullable Part in;
    private @Nullable T value;

    Item(TensorFrames.@Nullable Part out, TensorFrames.@Nullable Part in) {
      this.out = out;
      this.in = in;
    }

    abstract T combine(TensorFrames.@Nullable Part received);

    void complete() {
      value = combine(in);
    }

    @Override
    public T await() {
      if (value == null) {
        flush();
      }
      T result = value;
      if (result == null) {
        throw unreachable();
      }
      return result;
    }
  }
}
