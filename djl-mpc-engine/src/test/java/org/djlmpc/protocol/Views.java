package org.djlmpc.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntToLongFunction;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.djlmpc.protocol.ChosenParties.Label;
import org.djlmpc.protocol.ChosenParties.Message;
import org.djlmpc.ring.Ring;
import org.djlmpc.ring.RingTensor;
import org.djlmpc.transport.FrameType;
import org.djlmpc.transport.PartyId;
import org.djlmpc.transport.TensorFrames;

/**
 * The exact distribution of what a share holder sees, by running the real protocol on a small ring
 * for all inputs and all values of every random element that this party does not know.
 *
 * <p>Element i of each tensor is one case. The bits of i are cut into fields: one for each secret
 * input, one for each random tensor that the viewer does not know, and one bit that chooses one of
 * two values for everything that it does know (its shares of inputs, its own streams). So for each
 * of these two, the view of an input is a multiset of tuples, and the protocol is private exactly
 * if it is the same multiset for all inputs.
 *
 * <p>A view holds all tensors and bits that the viewer receives. What it has sent is a function of
 * these. Opened bits count as opened, since a share of one is the other's function key evaluated,
 * and function keys (correction words), of which there are too many to enumerate, are left out:
 * what one of them reveals is tested with {@code Dpf}.
 */
public final class Views {
  private static final int OWN_BITS = 1;
  private static final int MOST_BITS = 20;

  private final ProtocolSuite suite;
  private final Ring ring;
  private final List<Integer> inputBits;
  private final Work work;
  private Predicate<Label> enumerated = label -> true;
  private UnaryOperator<Label> renaming = label -> label;
  private int wireBits;

  /** A computation on secrets that the other party gave. */
  public interface Work {
    /** Runs it, and returns this party's summand of the result. */
    RingTensor run(ShareHolder holder, PartyId owner, List<RingTensor> inputs);
  }

  /** What the viewer may learn of a case, as a number; views are compared where it is the same. */
  @FunctionalInterface
  public interface Learnt {
    /**
     * What may be learnt.
     *
     * @param inputs the signed inputs
     * @param result the signed result
     * @param received what the viewer received
     */
    long of(long[] inputs, long result, int[] received);
  }

  /** Checks a result; called for every case. */
  @FunctionalInterface
  public interface Check {
    /** Whether this is a right result for these signed inputs. */
    boolean isRight(long[] inputs, long result);
  }

  /**
   * Prepares views.
   *
   * @param inputBits for each input, how many of its low bits take all values
   */
  public Views(ProtocolSuite suite, Ring ring, List<Integer> inputBits, Work work) {
    this.suite = suite;
    this.ring = ring;
    this.inputBits = inputBits;
    this.work = work;
    wireBits = ring.bits();
  }

  /**
   * Enumerates only these random tensors. What the viewer receives under another one that it does
   * not know is left out of the view.
   */
  public Views enumerating(Predicate<Label> labels) {
    enumerated = labels;
    return this;
  }

  /** For work that opens fewer bits of each element than the ring has. */
  public Views onWire(int bits) {
    wireBits = bits;
    return this;
  }

  /** Draws random tensors under other names: equal names are a mask used twice. */
  public Views renaming(UnaryOperator<Label> names) {
    renaming = names;
    return this;
  }

  /** A field of the bits of i. */
  private record Field(int offset, int bits) {
    long at(int i) {
      return i >>> offset & (1 << bits) - 1;
    }
  }

  /** The values of all random tensors. */
  private final class Assignment implements ChosenParties.Choice {
    private final Map<Label, Boolean> seen = new ConcurrentHashMap<>();
    private final Map<Label, Field> fields = new HashMap<>();
    private Label changed;
    private Field own = new Field(0, 0);

    @Override
    public IntToLongFunction values(Label original, boolean bits) {
      Label label = renaming.apply(original);
      seen.put(label, bits);
      Field field = fields.get(label);
      if (field != null) {
        return field::at;
      }
      long change = label.equals(changed) ? 1 : 0;
      long[] constants =
          new SplittableRandom(label.toString().hashCode()).longs(1 << OWN_BITS).toArray();
      return i -> constants[(int) own.at(i)] + change;
    }
  }

  /** Everything that a run showed to a viewer, one array of small numbers for each tensor. */
  private record Seen(List<byte[]> columns, RingTensor result) {}

  private Seen run(PartyId viewer, Assignment assignment, List<Field> inputs, int size) {
    List<RingTensor> secrets =
        inputs.stream()
            .map(
                field -> RingTensor.tabulate(ring, new ai.djl.ndarray.types.Shape(size), field::at))
            .toList();
    PartyId other = viewer == PartyId.P0 ? PartyId.P1 : PartyId.P0;
    var run =
        ChosenParties.run(suite, ring, assignment, holder -> work.run(holder, other, secrets));
    RingTensor result = run.p0().add(run.p1());
    return new Seen(columns(viewer, other, run.messages(), size), result);
  }

  private List<byte[]> columns(PartyId viewer, PartyId other, List<Message> messages, int size) {
    List<byte[]> columns = new ArrayList<>();
    int bits = (size + 7) / 8;
    for (Message message : messages) {
      byte[] payload = message.payload();
      if (message.to() == viewer && message.type() == FrameType.PREPROCESSING) {
        if (payload.length == size) {
          columns.add(payload);
        } else if (payload.length == bits) {
          columns.add(unpacked(payload, 0, size));
        }
      }
    }
    for (Message message : joined(messages)) {
      if (message.from() != other || message.to() != viewer) {
        continue;
      }
      byte[] payload = message.payload();
      int offset = 0;
      int elements = (int) TensorFrames.Elements.bytes(ring, wireBits, size);
      for (; payload.length - offset >= elements; offset += elements) {
        columns.add(elements(payload, offset, size));
      }
      assertThat((payload.length - offset) % bits).as("whole tensors").isZero();
      for (; offset < payload.length; offset += bits) {
        byte[] opened = unpacked(payload, offset, size);
        byte[] sent = unpacked(reply(messages, message), offset, size);
        for (int i = 0; i < size; i++) {
          opened[i] ^= sent[i];
        }
        columns.add(opened);
      }
    }
    return columns;
  }

  private static byte[] reply(List<Message> messages, Message to) {
    return joined(messages).stream()
        .filter(
            m ->
                m.from() == to.to()
                    && m.to() == to.from()
                    && m.type() == to.type()
                    && m.request() == to.request()
                    && m.operation() == to.operation())
        .findFirst()
        .orElseThrow()
        .payload();
  }

  /** Messages between the share holders, each of as many frames as it took. */
  private static List<Message> joined(List<Message> messages) {
    Map<Object, Message> joined = new LinkedHashMap<>();
    for (Message m : messages) {
      if (Set.of(FrameType.OPEN, FrameType.SETUP, FrameType.SHARE).contains(m.type())) {
        joined.merge(
            List.of(m.from(), m.to(), m.request(), m.type(), m.operation()),
            m,
            (first, next) -> {
              byte[] all =
                  Arrays.copyOf(first.payload(), first.payload().length + next.payload().length);
              System.arraycopy(
                  next.payload(), 0, all, first.payload().length, next.payload().length);
              return new Message(m.from(), m.to(), m.request(), m.type(), m.operation(), all);
            });
      }
    }
    return List.copyOf(joined.values());
  }

  private byte[] elements(byte[] payload, int offset, int size) {
    byte[] elements = Arrays.copyOfRange(payload, offset, offset + size);
    if (wireBits < ring.bits()) {
      Arrays.fill(elements, (byte) 0);
      for (int bit = 0; bit < size * wireBits; bit++) {
        int set = payload[offset + bit / 8] >>> bit % 8 & 1;
        elements[bit / wireBits] |= (byte) (set << bit % wireBits);
      }
    }
    return elements;
  }

  private static byte[] unpacked(byte[] packed, int offset, int size) {
    byte[] bits = new byte[size];
    for (int i = 0; i < size; i++) {
      bits[i] = (byte) (packed[offset + i / 8] >>> i % 8 & 1);
    }
    return bits;
  }

  /** The same view for all inputs. */
  public void assertHidden(PartyId viewer, Check check) {
    assertHidden(viewer, (inputs, result, received) -> 0, check);
  }

  /** The same view for all inputs of which the viewer may learn the same. */
  public void assertHidden(PartyId viewer, Learnt learnt, Check check) {
    assertThat(firstDifference(viewer, learnt, check))
        .as("inputs with different views of " + viewer)
        .isNull();
  }

  /** Two inputs whose views differ though the viewer may learn the same of them, or null. */
  public String firstDifference(PartyId viewer, Learnt learnt, Check check) {
    Assignment assignment = new Assignment();
    Set<Integer> hidden = new java.util.HashSet<>();
    discover(viewer, assignment, hidden);
    List<Field> inputs = new ArrayList<>();
    int offset = 0;
    for (int bits : inputBits) {
      inputs.add(new Field(offset, bits));
      offset += bits;
    }
    int inputWidth = offset;
    for (var label : new TreeMap<>(bySortedName(assignment.seen)).values()) {
      if (!label.holders().contains(viewer) && enumerated.test(label)) {
        int bits = Boolean.TRUE.equals(assignment.seen.get(label)) ? 1 : ring.bits();
        assignment.fields.put(label, new Field(offset, bits));
        offset += bits;
      }
    }
    assertThat(offset).as("bits to enumerate").isLessThanOrEqualTo(MOST_BITS);
    assignment.own = new Field(offset, Math.min(OWN_BITS, MOST_BITS - offset));
    int size = 1 << (offset + assignment.own.bits);
    Seen seen = run(viewer, assignment, inputs, size);
    List<byte[]> columns = new ArrayList<>();
    for (int c = 0; c < seen.columns.size(); c++) {
      if (!hidden.contains(c)) {
        columns.add(seen.columns.get(c));
      }
    }
    return compare(seen, columns, assignment.own, inputs, inputWidth, learnt, check);
  }

  private static Map<String, Label> bySortedName(Map<Label, Boolean> seen) {
    Map<String, Label> byName = new HashMap<>();
    seen.keySet().forEach(label -> byName.put(label.toString(), label));
    return byName;
  }

  /** Finds which random tensors there are, and what depends on those that are not enumerated. */
  private void discover(PartyId viewer, Assignment assignment, Set<Integer> hidden) {
    List<Field> inputs = inputBits.stream().map(bits -> new Field(0, bits)).toList();
    int size = 64;
    Seen seen = run(viewer, assignment, inputs, size);
    for (Label label : assignment.seen.keySet()) {
      if (!label.holders().contains(viewer) && !enumerated.test(label)) {
        assignment.changed = label;
        List<byte[]> changed = run(viewer, assignment, inputs, size).columns;
        for (int c = 0; c < changed.size(); c++) {
          if (!Arrays.equals(changed.get(c), seen.columns.get(c))) {
            hidden.add(c);
          }
        }
      }
    }
    assignment.changed = null;
  }

  private String compare(
      Seen seen,
      List<byte[]> columns,
      Field own,
      List<Field> inputs,
      int inputWidth,
      Learnt learnt,
      Check check) {
    int size = seen.result.size();
    int width = ring.bits();
    int tupleBits = columns.size() * width;
    assertThat(tupleBits + inputWidth).as("bits of a view and its input").isLessThan(48);
    // which group of views that must agree, which input, which view: one number a case
    Map<List<Long>, Long> groups = new HashMap<>();
    long[] cases = new long[size];
    long[] values = new long[inputs.size()];
    int[] received = new int[columns.size()];
    int unused = Long.SIZE - width;
    for (int i = 0; i < size; i++) {
      for (int k = 0; k < values.length; k++) {
        values[k] = inputs.get(k).at(i) << unused >> unused;
      }
      long result = seen.result.getLong(i);
      if (!check.isRight(values, result)) {
        throw new AssertionError(Arrays.toString(values) + " gave " + result);
      }
      long view = 0;
      for (int c = 0; c < received.length; c++) {
        received[c] = columns.get(c)[i];
        view = view << width | received[c];
      }
      List<Long> key = List.of(own.at(i), learnt.of(values, result, received));
      long group = groups.computeIfAbsent(key, k -> (long) groups.size());
      long input = i & (1 << inputWidth) - 1;
      cases[i] = group << 48 | input << tupleBits | view;
    }
    Arrays.parallelSort(cases);
    return firstDifference(cases, tupleBits);
  }

  /** Sorted cases: within a group, each input's run of views must equal the first input's. */
  private static String firstDifference(long[] cases, int tupleBits) {
    long view = (1L << tupleBits) - 1;
    int first = 0;
    for (int from = 0; from < cases.length; from = end(cases, from, tupleBits)) {
      if (cases[from] >> 48 != cases[first] >> 48) {
        first = from;
      }
      int to = end(cases, from, tupleBits);
      int firstTo = end(cases, first, tupleBits);
      boolean same = to - from == firstTo - first;
      for (int i = 0; same && i < to - from; i++) {
        same = (cases[from + i] & view) == (cases[first + i] & view);
      }
      if (!same) {
        return "inputs " + input(cases[first], tupleBits) + " and " + input(cases[from], tupleBits);
      }
    }
    return null;
  }

  /** Where the run of one input's views ends. */
  private static int end(long[] cases, int from, int tupleBits) {
    int to = from;
    while (to < cases.length && cases[to] >> tupleBits == cases[from] >> tupleBits) {
      to++;
    }
    return to;
  }

  private static long input(long word, int tupleBits) {
    return (word & (1L << 48) - 1) >> tupleBits;
  }
}
