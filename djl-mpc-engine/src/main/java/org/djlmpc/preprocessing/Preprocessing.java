package org.djlmpc.preprocessing;

import ai.djl.ndarray.types.Shape;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongConsumer;
import org.djlmpc.crypto.Prg;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;
import org.djlmpc.ring.BitTensor;
import org.djlmpc.ring.Ring;
import org.djlmpc.ring.RingTensor;
import org.djlmpc.transport.Channel;
import org.djlmpc.transport.FrameType;
import org.djlmpc.transport.PartyId;
import org.djlmpc.transport.Payload;
import org.djlmpc.transport.TensorFrames;
import org.jspecify.annotations.Nullable;

/**
 * A share holder's keys for one request, in the announced order. Each key is handed out once; a
 * request that fails takes its keys with it.
 *
 * <p>A program that is known beforehand announces all its operations and prepares as many keys as
 * fit into the window before the first opening; the rest streams in while the online phase runs. A
 * program that is not known announces each operation when it comes.
 *
 * <p>Used by one thread.
 */
public final class Preprocessing implements AutoCloseable {
  private static final Set<PartyId> HOLDERS = EnumSet.of(PartyId.P0, PartyId.P1);

  private final Channel dealer;
  private final Streams streams;
  private final long request;
  private final HolderMessages messages;
  private final LongConsumer offlineNanos;
  private final Deque<Slot> slots = new ArrayDeque<>();
  private final Deque<Slot> unread = new ArrayDeque<>();
  private @Nullable Slot last;
  private KeyCost usedBeforeLast = KeyCost.ZERO;
  private int announced;
  private boolean preparing;

  /**
   * What keys have cost a share holder.
   *
   * @param nanos time to wait for them and to prepare them
   * @param bytes payload bytes received
   */
  public record KeyCost(long nanos, long bytes) {
    /** Nothing. */
    public static final KeyCost ZERO = new KeyCost(0, 0);

    /** The sum of both. */
    public KeyCost plus(KeyCost other) {
      return new KeyCost(nanos + other.nanos, bytes + other.bytes);
    }

    /** What was added since an earlier reading. */
    public KeyCost minus(KeyCost earlier) {
      return new KeyCost(nanos - earlier.nanos, bytes - earlier.bytes);
    }
  }

  /**
   * Starts a request.
   *
   * @param dealer channel to the dealer
   * @param streams streams from the seed shared with the dealer
   * @param window the keys held ahead of use
   * @param offlineNanos learns how long each key was waited for or prepared
   */
  public Preprocessing(
      Channel dealer, Streams streams, KeyWindow window, LongConsumer offlineNanos) {
    this.dealer = dealer;
    this.streams = streams;
    this.request = dealer.request();
    this.offlineNanos = offlineNanos;
    messages = new HolderMessages(dealer, window);
  }

  /** Most bytes of keys that either share holder needs for a program. */
  public static long bytes(List<? extends Prepared<?>> program) {
    return program.stream().mapToLong(prepared -> bytes(prepared.operation())).sum();
  }

  private static long bytes(Operation operation) {
    return HOLDERS.stream().mapToLong(operation::materialBytes).max().orElse(0);
  }

  /** Makes room for so many bytes of keys at once, if the window was smaller. */
  public void widenTo(long bytes) {
    messages.widenTo(bytes);
  }

  /** Announces the operations of a program. */
  public void announce(List<? extends Prepared<?>> program) {
    for (int from = 0; from < program.size(); from += OperationCodec.MAX_OPERATIONS) {
      int to = Math.min(program.size(), from + OperationCodec.MAX_OPERATIONS);
      List<Operation> operations = new ArrayList<>(to - from);
      for (Prepared<?> prepared : program.subList(from, to)) {
        operations.add(prepared.operation());
        Slot slot = new Slot(prepared, announced++);
        slots.add(slot);
        unread.add(slot);
      }
      messages.announce(operations);
    }
  }

  /**
   * Prepares announced keys up to the window. All share holders stop at the same operation, so that
   * nobody waits for keys which the dealer holds back because another party's window is full.
   */
  public void prefetch() {
    messages.giveBackAll();
    long held = 0;
    for (Slot slot : slots) {
      if (slot.prepared.operation().online()) {
        return;
      }
      held += bytes(slot.prepared.operation());
      if (held > messages.window()) {
        return;
      }
      slot.prepare();
      slot.readAll();
    }
  }

  /** Announces the next operation if the program did not. */
  public void announceNext(Prepared<?> next) {
    if (slots.isEmpty()) {
      announce(List.of(next));
    }
  }

  /** The key for the next operation; announces it if the program did not. */
  public <K extends OneTimeKey> K key(Prepared<K> expected) {
    announceNext(expected);
    Slot slot = slots.remove();
    usedBeforeLast = used();
    last = slot;
    if (!slot.prepared.operation().equals(expected.operation())) {
      throw new MpcException(
          ErrorCode.ANNOUNCEMENT_MISMATCH,
          "The program runs "
              + expected.operation()
              + " where it announced "
              + slot.prepared.operation()
              + ".",
          "Run the program that was planned, with the shapes that were planned.");
    }
    slot.prepare();
    @SuppressWarnings("unchecked") // equal operations make keys of the same type
    K key = (K) slot.takeKey();
    return key;
  }

  /** What the keys have cost that were handed out, whenever they came. */
  public KeyCost used() {
    return last == null ? usedBeforeLast : usedBeforeLast.plus(last.cost);
  }

  /** Whether every announced key has been used. */
  public boolean exhausted() {
    return slots.isEmpty();
  }

  /** Tells the dealer that this request announces nothing more. */
  public void finish() {
    if (!slots.isEmpty()) {
      throw new MpcException(
          ErrorCode.ANNOUNCEMENT_MISMATCH,
          slots.size() + " announced operations were not run.",
          "Run the program that was planned.");
    }
    messages.announce(List.of());
  }

  /** Erases keys that were not used. */
  @Override
  public void close() {
    if (last != null) {
      last.erase();
    }
    slots.forEach(Slot::erase);
    slots.clear();
    unread.clear();
  }

  /** One announced operation and the frames read for it so far. */
  private final class Slot implements Material {
    private final Prepared<?> prepared;
    private final int number;
    private final Deque<Payload> frames = new ArrayDeque<>();
    private long unreadBytes;
    private KeyCost cost = KeyCost.ZERO;
    private @Nullable OneTimeKey key;

    Slot(Prepared<?> prepared, int number) {
      this.prepared = prepared;
      this.number = number;
      unreadBytes = prepared.operation().materialBytes(dealer.self());
    }

    void prepare() {
      if (key == null) {
        long start = System.nanoTime();
        preparing = true;
        key = prepared.prepare(this);
        preparing = false;
        spent(System.nanoTime() - start, 0);
      }
    }

    private void spent(long nanos, long bytes) {
      cost = cost.plus(new KeyCost(nanos, bytes));
      offlineNanos.accept(nanos);
    }

    OneTimeKey takeKey() {
      OneTimeKey result = key;
      if (result == null) {
        throw used();
      }
      key = null;
      return result;
    }

    private MpcException used() {
      return new MpcException(
          ErrorCode.KEY_REUSED,
          "The keys of operation " + number + " were already used.",
          "Start a new request; a key is used once.");
    }

    void erase() {
      frames.forEach(Payload::close);
      frames.clear();
      if (key != null) {
        key.close();
        key = null;
      }
    }

    void readAll() {
      while (unreadBytes > 0) {
        frames.add(read());
      }
    }

    /** Reads this slot's next frame from the channel, after all frames of the slots before it. */
    private Payload read() {
      if (unreadBytes <= 0) {
        throw used();
      }
      while (unread.peek() != this) {
        Slot before = unread.remove();
        before.readAll();
      }
      long start = System.nanoTime();
      Payload frame = dealer.receivePayload(FrameType.PREPROCESSING, number);
      // while a key is prepared, its clock runs already
      spent(preparing ? 0 : System.nanoTime() - start, frame.length());
      unreadBytes -= frame.length();
      if (unreadBytes < 0 || frame.length() == 0) {
        frame.close();
        throw new MpcException(
            ErrorCode.BAD_FRAME,
            "The frames that the assistant sent for "
                + prepared.operation()
                + " are not what was announced.",
            "Run the same version of djl-mpc at all parties.");
      }
      return frame;
    }

    private Payload next() {
      Payload frame = frames.isEmpty() ? read() : frames.remove();
      messages.giveBack(frame.length());
      return frame;
    }

    @Override
    public int number() {
      return number;
    }

    @Override
    public Prg stream(String name) {
      return streams.stream(name, request, number);
    }

    @Override
    public RingTensor seeded(String name, Ring ring, Shape shape) {
      return streams.tensor(name, request, number, ring, shape);
    }

    @Override
    public BitTensor seededBits(String name, int count) {
      return streams.bits(name, request, number, count);
    }

    @Override
    public Streams streams() {
      return streams;
    }

    @Override
    public RingTensor tensor(Ring ring, Shape shape) {
      RingTensor tensor = RingTensor.zeros(ring, shape);
      TensorFrames.receive(
          dealer.peer(), () -> next().bytes(), List.of(new TensorFrames.Elements(tensor)));
      return tensor;
    }

    @Override
    public BitTensor bits(int count) {
      BitTensor bits = BitTensor.zeros(count);
      TensorFrames.receive(
          dealer.peer(), () -> next().bytes(), List.of(new TensorFrames.Bits(bits)));
      return bits;
    }

    @Override
    public Payload chunk(int length) {
      Payload chunk = next();
      if (chunk.length() != length) {
        throw new MpcException(
            ErrorCode.BAD_FRAME,
            "The assistant sent " + chunk.length() + " bytes of keys instead of " + length + ".",
            "Run the same version of djl-mpc at all parties.");
      }
      return chunk;
    }
  }
}
