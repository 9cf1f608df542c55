package org.djlmpc.zoo.torchscript.archive;

import static java.nio.charset.StandardCharsets.UTF_8;

import ai.djl.MalformedModelException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads the pickles that TorchScript writes: protocol 2, a few opcodes, and names out of a short
 * list.
 *
 * <p>A pickle is a program for a stack machine, and Python's runs whatever functions it names. This
 * machine builds {@link Pickled} data only: a name that is not on the list, or an opcode that
 * TorchScript does not write, ends it. It takes no more steps than there are bytes and its stack,
 * memo and number of values are bounded.
 */
public final class Unpickler {
  /** Far above any model's count of attributes; a bound for memory. */
  private static final int MAX_VALUES = 1_000_000;

  private final ByteBuffer in;
  private final List<Pickled> stack = new ArrayList<>();
  private final List<Integer> marks = new ArrayList<>();
  private final Map<Integer, Pickled> memo = new HashMap<>();
  private final PickledCalls calls = new PickledCalls();
  private int values;

  private Unpickler(byte[] bytes) {
    this.in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  /**
   * Reads one pickle.
   *
   * @throws MalformedModelException if it is not one that TorchScript writes
   */
  public static Pickled read(byte[] bytes) throws MalformedModelException {
    return new Unpickler(bytes).run();
  }

  private Pickled run() throws MalformedModelException {
    while (true) {
      int at = in.position();
      int opcode = uint8();
      switch (opcode) {
        case 0x80 -> protocol(uint8());
        case '.' -> {
          return pop();
        }
        case '(' -> mark();
        case 'N' -> push(Pickled.None.NONE);
        case 0x88 -> push(new Pickled.Bool(true));
        case 0x89 -> push(new Pickled.Bool(false));
        case 'K' -> push(new Pickled.Int(uint8()));
        case 'M' -> push(new Pickled.Int(Short.toUnsignedInt(need(2).getShort())));
        case 'J' -> push(new Pickled.Int(need(4).getInt()));
        case 0x8a -> push(new Pickled.Int(longInteger(uint8())));
        case 'G' -> push(new Pickled.Real(bigEndianReal()));
        case 'X', 'T' -> push(new Pickled.Text(text(need(4).getInt())));
        case 'U' -> push(new Pickled.Text(text(uint8())));
        case ']' -> push(Pickled.Sequence.emptyList());
        case ')' -> push(new Pickled.Sequence(true, List.of()));
        case '}' -> push(new Pickled.Dictionary());
        case 't' -> push(new Pickled.Sequence(true, popToMark()));
        case 0x85 -> push(tuple(1));
        case 0x86 -> push(tuple(2));
        case 0x87 -> push(tuple(3));
        case 'a' -> append(List.of(pop()));
        case 'e' -> append(popToMark());
        case 's' -> {
          Pickled value = pop();
          set(List.of(pop(), value));
        }
        case 'u' -> set(popToMark());
        case 'c' -> push(calls.global(line(), line()));
        case 'R' -> {
          Pickled arguments = pop();
          push(calls.reduce(pop(), arguments));
        }
        case 0x81 -> {
          Pickled arguments = pop();
          push(calls.newObject(pop(), arguments));
        }
        case 'b' -> build(pop());
        case 'Q' -> push(calls.storage(pop()));
        case 'q' -> memoize(uint8());
        case 'r' -> memoize(need(4).getInt());
        case 'h' -> push(recall(uint8()));
        case 'j' -> push(recall(need(4).getInt()));
        default ->
            throw new MalformedModelException(
                "a pickle has the opcode 0x"
                    + Integer.toHexString(opcode)
                    + " at byte "
                    + at
                    + ", which TorchScript never writes");
      }
    }
  }

  private static void protocol(int version) throws MalformedModelException {
    if (version != 2) {
      throw new MalformedModelException("a pickle has protocol " + version + " in place of 2");
    }
  }

  private void mark() throws MalformedModelException {
    // a mark is a value too: it takes memory
    count();
    marks.add(stack.size());
  }

  private void count() throws MalformedModelException {
    if (++values > MAX_VALUES) {
      throw new MalformedModelException("a pickle has more than " + MAX_VALUES + " values");
    }
  }

  private void push(Pickled value) throws MalformedModelException {
    count();
    stack.add(value);
  }

  /** The top of the stack; what is below a mark belongs to somebody else. */
  private Pickled pop() throws MalformedModelException {
    int floor = marks.isEmpty() ? 0 : marks.get(marks.size() - 1);
    if (stack.size() <= floor) {
      throw new MalformedModelException("a pickle takes a value that it never pushed");
    }
    return stack.remove(stack.size() - 1);
  }

  private Pickled top() throws MalformedModelException {
    Pickled top = pop();
    stack.add(top);
    return top;
  }

  private List<Pickled> popToMark() throws MalformedModelException {
    if (marks.isEmpty()) {
      throw new MalformedModelException("a pickle returns to a mark that it never set");
    }
    List<Pickled> tail = stack.subList(marks.remove(marks.size() - 1), stack.size());
    List<Pickled> popped = new ArrayList<>(tail);
    tail.clear();
    return popped;
  }

  private Pickled tuple(int length) throws MalformedModelException {
    Pickled[] items = new Pickled[length];
    for (int i = length - 1; i >= 0; i--) {
      items[i] = pop();
    }
    return new Pickled.Sequence(true, List.of(items));
  }

  private void append(List<Pickled> items) throws MalformedModelException {
    if (!(top() instanceof Pickled.Sequence list) || list.isTuple()) {
      throw new MalformedModelException("a pickle appends to a value that is no list");
    }
    list.items().addAll(items);
  }

  private void set(List<Pickled> keysAndValues) throws MalformedModelException {
    if (!(top() instanceof Pickled.Dictionary dictionary) || keysAndValues.size() % 2 != 0) {
      throw new MalformedModelException("a pickle sets entries of a value that is no dictionary");
    }
    for (int i = 0; i < keysAndValues.size(); i += 2) {
      Pickled key = keysAndValues.get(i);
      if (!(key instanceof Pickled.Text
          || key instanceof Pickled.Int
          || key instanceof Pickled.Bool
          || key instanceof Pickled.Real)) {
        throw new MalformedModelException("a dictionary's key is neither a number nor a string");
      }
      dictionary.entries().put(key, keysAndValues.get(i + 1));
    }
  }

  private void build(Pickled state) throws MalformedModelException {
    if (!(top() instanceof Pickled.Instance instance)) {
      throw new MalformedModelException("a pickle gives state to a value that is no object");
    }
    instance.build(state);
  }

  private void memoize(int key) throws MalformedModelException {
    memo.put(key, top());
    if (memo.size() > MAX_VALUES) {
      throw new MalformedModelException("a pickle keeps more than " + MAX_VALUES + " values");
    }
  }

  private Pickled recall(int key) throws MalformedModelException {
    Pickled value = memo.get(key);
    if (value == null) {
      throw new MalformedModelException("a pickle recalls value " + key + ", which it never kept");
    }
    return value;
  }

  private ByteBuffer need(int bytes) throws MalformedModelException {
    if (bytes < 0 || in.remaining() < bytes) {
      throw new MalformedModelException("a pickle is cut off");
    }
    return in;
  }

  private int uint8() throws MalformedModelException {
    return need(1).get() & 0xFF;
  }

  private long longInteger(int bytes) throws MalformedModelException {
    if (bytes > 8) {
      throw new MalformedModelException("a pickle has an integer of " + bytes + " bytes");
    }
    need(bytes);
    long value = 0;
    for (int i = 0; i < bytes; i++) {
      value |= (in.get() & 0xFFL) << 8 * i;
    }
    // the highest byte carries the sign
    return bytes == 0 ? 0 : value << 64 - 8 * bytes >> 64 - 8 * bytes;
  }

  private double bigEndianReal() throws MalformedModelException {
    return Double.longBitsToDouble(Long.reverseBytes(need(8).getLong()));
  }

  private String text(int length) throws MalformedModelException {
    need(length);
    byte[] bytes = new byte[length];
    in.get(bytes);
    return new String(bytes, UTF_8);
  }

  /** Bytes up to the next line feed. */
  private String line() throws MalformedModelException {
    int start = in.position();
    while (uint8() != '\n') {
      // to the end of the line
    }
    return new String(in.array(), start, in.position() - 1 - start, UTF_8);
  }
}
