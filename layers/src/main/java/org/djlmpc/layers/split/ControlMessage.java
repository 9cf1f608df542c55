package org.djlmpc.layers.split;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;
import org.djlmpc.transport.Channel;
import org.djlmpc.transport.FrameType;
import org.djlmpc.transport.PartyId;

/** What the coordinator and the other parties say to each other: everything that is no data. */
sealed interface ControlMessage {
  /** Most entries of a list in a message. */
  int MAX_ENTRIES = 4096;

  /** What to do next; from the coordinator on the control channel. */
  record Command(Kind kind, long job, String dataset) implements ControlMessage {
    enum Kind {
      TRAIN,
      RESUME,
      INFER,
      CLOSE
    }
  }

  /**
   * A party is there.
   *
   * @param rows of the data set, -1 at the server
   * @param validationRows 0 if there are none, -1 at the server
   * @param saved the checkpoints that it has
   */
  record Ready(long rows, long validationRows, List<Saved> saved) implements ControlMessage {}

  /**
   * All are there.
   *
   * @param run the training that begins or goes on
   * @param epoch whose checkpoint everybody loads, -1 for none
   */
  record Start(long rows, long validationRows, long run, int epoch) implements ControlMessage {}

  /**
   * Another epoch; its order of rows comes from the seed.
   *
   * @param best of the epochs before, 0 for none: its weights are still wanted
   */
  record Epoch(int epoch, long seed, int best) implements ControlMessage {}

  /**
   * No further epoch.
   *
   * @param best whose weights everybody goes back to, 0 for those of the last epoch
   */
  record End(int best) implements ControlMessage {}

  /** From the server, now and then. */
  record Batches(int done) implements ControlMessage {}

  /**
   * After an epoch or a prediction; from the label holder before a resumed training, too.
   *
   * @param nanos of training, without validation
   * @param sent payload and header bytes since the last report, by peer
   * @param verdict what the label holder thinks of it
   */
  record Report(long nanos, Map<PartyId, Long> sent, Verdict verdict) implements ControlMessage {}

  /** Sends a message to a peer. */
  static void send(Channel channel, ControlMessage message) {
    var bytes = new ByteArrayOutputStream();
    try (var out = new DataOutputStream(bytes)) {
      write(out, message);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    channel.send(FrameType.ANNOUNCE, 0, bytes.toByteArray());
  }

  /**
   * Waits for a message as long as the session lives.
   *
   * @throws MpcException BAD_FRAME if it cannot be read or is of another kind
   */
  static <M extends ControlMessage> M receive(Channel channel, Class<M> kind) {
    ControlMessage message = receive(channel);
    if (!kind.isInstance(message)) {
      throw bad(channel, message.getClass().getSimpleName() + ", not " + kind.getSimpleName());
    }
    return kind.cast(message);
  }

  /** Waits for any message. */
  static ControlMessage receive(Channel channel) {
    byte[] frame = channel.receive(FrameType.ANNOUNCE, 0);
    try (var in = new DataInputStream(new ByteArrayInputStream(frame))) {
      ControlMessage message = read(in);
      if (in.available() != 0) {
        throw new IOException("trailing bytes");
      }
      return message;
    } catch (IOException e) {
      throw bad(channel, e.getClass().getSimpleName());
    }
  }

  private static MpcException bad(Channel channel, String what) {
    return new MpcException(
        ErrorCode.BAD_FRAME,
        channel.peer() + " sent a control message that does not fit (" + what + ").",
        "Run the same version of djl-mpc at all parties.");
  }

  private static void write(DataOutputStream out, ControlMessage message) throws IOException {
    if (message instanceof Command command) {
      out.writeByte(0);
      out.writeUTF(command.kind.name());
      out.writeLong(command.job);
      out.writeUTF(command.dataset);
    } else if (message instanceof Ready ready) {
      out.writeByte(1);
      out.writeLong(ready.rows);
      out.writeLong(ready.validationRows);
      out.writeInt(ready.saved.size());
      for (Saved saved : ready.saved) {
        out.writeLong(saved.run());
        out.writeInt(saved.epoch());
      }
    } else if (message instanceof Start start) {
      out.writeByte(2);
      out.writeLong(start.rows);
      out.writeLong(start.validationRows);
      out.writeLong(start.run);
      out.writeInt(start.epoch);
    } else if (message instanceof Epoch epoch) {
      out.writeByte(3);
      out.writeInt(epoch.epoch);
      out.writeLong(epoch.seed);
      out.writeInt(epoch.best);
    } else if (message instanceof End end) {
      out.writeByte(4);
      out.writeInt(end.best);
    } else if (message instanceof Batches batches) {
      out.writeByte(5);
      out.writeInt(batches.done);
    } else if (message instanceof Report report) {
      out.writeByte(6);
      out.writeLong(report.nanos);
      out.writeInt(report.sent.size());
      for (var entry : report.sent.entrySet()) {
        out.writeUTF(entry.getKey().name());
        out.writeLong(entry.getValue());
      }
      out.writeBoolean(report.verdict.stop());
      out.writeInt(report.verdict.best());
    }
  }

  private static ControlMessage read(DataInputStream in) throws IOException {
    return switch (in.readByte()) {
      case 0 -> new Command(constant(Command.Kind.class, in), in.readLong(), in.readUTF());
      case 1 -> {
        long rows = in.readLong();
        long validationRows = in.readLong();
        List<Saved> saved = new ArrayList<>();
        for (int count = count(in); count > 0; count--) {
          saved.add(new Saved(in.readLong(), in.readInt()));
        }
        yield new Ready(rows, validationRows, saved);
      }
      case 2 -> new Start(in.readLong(), in.readLong(), in.readLong(), in.readInt());
      case 3 -> new Epoch(in.readInt(), in.readLong(), in.readInt());
      case 4 -> new End(in.readInt());
      case 5 -> new Batches(in.readInt());
      case 6 -> {
        long nanos = in.readLong();
        Map<PartyId, Long> sent = new EnumMap<>(PartyId.class);
        for (int count = count(in); count > 0; count--) {
          sent.put(constant(PartyId.class, in), in.readLong());
        }
        yield new Report(nanos, sent, new Verdict(in.readBoolean(), in.readInt()));
      }
      default -> throw new IOException("kind");
    };
  }

  private static int count(DataInputStream in) throws IOException {
    int count = in.readInt();
    if (count < 0 || count > MAX_ENTRIES) {
      throw new IOException("count");
    }
    return count;
  }

  private static <E extends Enum<E>> E constant(Class<E> type, DataInputStream in)
      throws IOException {
    try {
      return Enum.valueOf(type, in.readUTF());
    } catch (IllegalArgumentException e) {
      throw new IOException("constant", e);
    }
  }
}
