package org.djlmpc.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.types.Shape;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.djlmpc.error.MpcException;
import org.djlmpc.ring.RingTensor;
import org.djlmpc.session.Request;
import org.djlmpc.transport.FrameType;
import org.djlmpc.transport.Network;
import org.djlmpc.transport.PartyId;
import org.junit.jupiter.api.Test;

/**
 * What the parties of any suite see: uniformly random frames, whatever the secret is, and other
 * ones each time; and what is left of them afterwards: nothing.
 */
public abstract class ProtocolViews extends SuiteTest {
  private static final int RUNS = 16;
  private static final Shape SHAPE = new Shape(32, 32);
  private static final int SIZE = 1024;

  /** Frames that carry shares, keys or masked values. */
  private static final Set<FrameType> DATA =
      EnumSet.of(FrameType.PREPROCESSING, FrameType.SETUP, FrameType.OPEN, FrameType.SHARE);

  /** Every interactive primitive once, each on the secret itself. */
  private static Share everything(Protocol p, Share x) {
    Share bit = p.nonNegative(x);
    Share product = p.multiply(Bilinear.ELEMENTWISE, x, x);
    Share matrix = p.multiply(Bilinear.LINEAR, x, product);
    Share relu = p.relu(x, 0);
    Share less = p.truncate(p.withScale(x, 3), 3);
    Share positive = p.relu(p.withScale(x, 3), 3);
    Share narrow = p.add(p.within(9).nonNegative(x), p.within(9).relu(p.withScale(x, 3), 3));
    narrow = p.add(narrow, p.between(x, -3, 500));
    Share sum =
        p.add(matrix, p.add(p.select(bit, x), p.add(relu, p.add(less, p.add(positive, narrow)))));
    return p.add(sum, p.isZero(x));
  }

  private ShareHolder.Program<Integer> program(RingTensor secret) {
    return (request, suite) -> {
      Protocol p = suite.bind(request);
      Share x = inputs(p, secret).get(0);
      Share w = p.owned(PartyId.P0, SHAPE, 0, request.self() == PartyId.P0 ? secret : null);
      request.setup(() -> p.fix(w));
      Share result = p.add(everything(p, x), p.multiply(Bilinear.LINEAR, x, w));
      p.reveal(result, BOTH, "test");
      return 0;
    };
  }

  /** The place of a frame in a request. */
  private record Slot(PartyId from, PartyId to, FrameType type, int index) {}

  /** Counts of byte values. */
  private static final class Histogram {
    private final long[] counts = new long[256];
    private long total;

    void add(byte[] bytes) {
      for (byte b : bytes) {
        counts[b & 0xff]++;
      }
      total += bytes.length;
    }

    /** Chi-square with 255 degrees of freedom stays below 255 + 9 standard deviations. */
    void assertUniform(String what) {
      if (total < 1500) {
        return;
      }
      double expected = total / 256.0;
      double chiSquare = 0;
      for (long count : counts) {
        chiSquare += (count - expected) * (count - expected) / expected;
      }
      assertThat(chiSquare).as(what + ", " + total + " bytes").isLessThan(458);
    }
  }

  /** Gathers the data frames of requests that run one after the other. */
  private final class Recorder implements ObservedNetwork.Observer {
    private final Map<Slot, Integer> next = new ConcurrentHashMap<>();
    private final Map<Slot, byte[]> frames = new ConcurrentHashMap<>();

    @Override
    public void sending(
        Network at, PartyId to, long request, FrameType type, int operation, byte[] payload) {
      if (DATA.contains(type) && payload.length > 0) {
        Slot first = new Slot(at.self(), to, type, 0);
        int index = next.merge(first, 1, Integer::sum);
        frames.put(new Slot(at.self(), to, type, index), payload.clone());
      }
    }

    Map<Slot, byte[]> take() {
      Map<Slot, byte[]> taken = Map.copyOf(frames);
      frames.clear();
      next.clear();
      return taken;
    }
  }

  @Test
  void everyFrameIsUniformAndFreshWhateverTheSecretIs() {
    RingTensor zeros = RingTensor.zeros(ring(), SHAPE);
    long bound = limit(2);
    RingTensor other = RingTensor.tabulate(ring(), SHAPE, i -> new Random(i).nextLong() % bound);
    for (RingTensor secret : List.of(zeros, other)) {
      Recorder recorder = new Recorder();
      Map<Slot, Histogram> values = new ConcurrentHashMap<>();
      Map<Slot, Histogram> changes = new ConcurrentHashMap<>();
      Map<Slot, Histogram> opened = new ConcurrentHashMap<>();
      Map<Slot, byte[]> previous = Map.of();
      try (var parties =
          ThreadedParties.start(
              suite(), options(), ObservedNetwork.create(suite(), options(), recorder))) {
        for (int run = 0; run < RUNS; run++) {
          parties.submit(program(secret)).await(TIME);
          Map<Slot, byte[]> frames = recorder.take();
          if (run > 0) {
            assertThat(frames.keySet()).isEqualTo(previous.keySet());
          }
          for (var frame : frames.entrySet()) {
            Slot slot = frame.getKey();
            add(values, slot, frame.getValue());
            if (run > 0) {
              add(changes, slot, difference(frame.getValue(), previous.get(slot)));
            }
            Slot reverse = new Slot(slot.to, slot.from, slot.type, slot.index);
            byte[] share = frames.get(reverse);
            if (slot.from == PartyId.P0
                && slot.to == PartyId.P1
                && slot.type == FrameType.OPEN
                && share != null
                && share.length == frame.getValue().length) {
              add(opened, slot, sum(frame.getValue(), share));
            }
          }
          if (secret == other && run < 2) {
            assertThat(frames.values()).noneMatch(encodings(secret)::occurIn);
          }
          previous = frames;
        }
      }
      assertThat(opened).isNotEmpty();
      values.forEach((slot, histogram) -> histogram.assertUniform(slot.toString()));
      changes.forEach((slot, histogram) -> histogram.assertUniform("changes of " + slot));
      opened.forEach((slot, histogram) -> histogram.assertUniform("opening " + slot));
    }
  }

  private static void add(Map<Slot, Histogram> histograms, Slot slot, byte[] bytes) {
    histograms.computeIfAbsent(slot, s -> new Histogram()).add(bytes);
  }

  private static byte[] difference(byte[] a, byte[] b) {
    assertThat(a).hasSameSizeAs(b);
    byte[] result = new byte[a.length];
    for (int i = 0; i < a.length; i++) {
      result[i] = (byte) (a[i] - b[i]);
    }
    return result;
  }

  /**
   * What two shares open: elements add up, then come bits, if any, which are exclusive-or shares.
   */
  private byte[] sum(byte[] a, byte[] b) {
    int width = ring().bytes();
    int elements = a.length - a.length % (SIZE * width);
    byte[] result = new byte[a.length];
    for (int from = 0; from < elements; from += width) {
      int carry = 0;
      for (int i = from; i < from + width; i++) {
        carry += (a[i] & 0xff) + (b[i] & 0xff);
        result[i] = (byte) carry;
        carry >>= 8;
      }
    }
    for (int i = elements; i < a.length; i++) {
      result[i] = (byte) (a[i] ^ b[i]);
    }
    return result;
  }

  /** Eight bytes of the plain encoding at each element. */
  private record Encodings(Set<Long> words, boolean[] starts) {
    boolean occurIn(byte[] frame) {
      long word = 0;
      for (int i = 0; i < frame.length; i++) {
        word = word >>> 8 | (long) frame[i] << 56;
        if (i >= 7 && starts[(int) (word & 0xffff)] && words.contains(word)) {
          return true;
        }
      }
      return false;
    }
  }

  private static Encodings encodings(RingTensor secret) {
    byte[] plain = new byte[secret.byteLength()];
    secret.store(plain, 0, 0, secret.size());
    Encodings encodings = new Encodings(new HashSet<>(), new boolean[1 << 16]);
    for (int i = 0; i + 8 <= plain.length; i += secret.ring().bytes()) {
      long word = ByteBuffer.wrap(plain).order(ByteOrder.LITTLE_ENDIAN).getLong(i);
      encodings.words.add(word);
      encodings.starts[(int) (word & 0xffff)] = true;
    }
    assertThat(encodings.occurIn(plain)).as("the search finds what is there").isTrue();
    return encodings;
  }

  /** Keeps every array with data that was ever sent; in memory the receiver gets the same array. */
  private static final class Keeper implements ObservedNetwork.Observer {
    private static final Set<FrameType> ERASED = EnumSet.copyOf(DATA);

    static {
      ERASED.add(FrameType.SEED);
    }

    private final Queue<byte[]> frames = new ConcurrentLinkedQueue<>();

    @Override
    public void sending(
        Network at, PartyId to, long request, FrameType type, int operation, byte[] payload) {
      if (ERASED.contains(type)) {
        frames.add(payload);
      }
    }
  }

  @Test
  void framesAreErasedOnceTheyAreUsedOrUseless() {
    RingTensor secret = random(SHAPE, 1);
    Keeper keeper = new Keeper();
    try (var parties =
        ThreadedParties.start(
            suite(), options(), ObservedNetwork.create(suite(), options(), keeper))) {
      parties.submit(program(secret)).await(TIME);
      assertThat(keeper.frames).isNotEmpty();
      assertErased(keeper);
      // prepared and dealt, but never used
      var failing =
          parties.submit(
              (request, suite) -> {
                Protocol p = suite.bind(request);
                announce(request, (q, in) -> everything(q, in.get(0)), inputs(p, secret));
                p.truncate(p.withScale(inputs(p, secret).get(0), 3), 3);
                return 0;
              });
      try {
        failing.await(TIME);
      } catch (MpcException e) {
        assertThat(e).hasMessageContaining("announced");
      }
    }
    assertErased(keeper);
  }

  private void announce(Request request, Work work, List<Share> inputs) {
    request.announce(plan(request, work, inputs).operations());
  }

  private static void assertErased(Keeper keeper) {
    for (byte[] frame : keeper.frames) {
      assertThat(Arrays.equals(frame, new byte[frame.length])).isTrue();
    }
    keeper.frames.clear();
  }
}
