package org.djlmpc.preprocessing;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.djlmpc.crypto.Seed;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;
import org.djlmpc.transport.Channel;
import org.djlmpc.transport.FrameType;
import org.djlmpc.transport.PartyId;
import org.djlmpc.transport.Payload;
import org.djlmpc.transport.TensorFrames;

/**
 * The loop of a dealer or helper for one request: it takes the announcements of P0 and P1, stops if
 * they differ, and runs the generator that the suite registered. It never sees a program, a model
 * or DJL.
 */
public final class Assistant {
  private final OperationCodec codec;
  private final Map<Integer, Generator<?>> generators;
  private final KeyWindow window;
  private final long maxWorkBytes;

  /**
   * Creates an assistant.
   *
   * @param codec reads the suite's operations
   * @param generators one generator for each kind of operation
   * @param window the keys that a share holder takes ahead of use
   */
  public Assistant(OperationCodec codec, Map<Integer, Generator<?>> generators, KeyWindow window) {
    this(codec, generators, window, Runtime.getRuntime().maxMemory() / 4);
  }

  /** The same with another bound on the tensors of one operation, in bytes. */
  Assistant(
      OperationCodec codec,
      Map<Integer, Generator<?>> generators,
      KeyWindow window,
      long maxWorkBytes) {
    this.codec = codec;
    this.generators = Map.copyOf(generators);
    this.window = window;
    this.maxWorkBytes = maxWorkBytes;
  }

  /** Serves one request until both share holders are done with it. */
  public void serve(
      long request, Function<PartyId, Channel> channels, Function<PartyId, Streams> streams) {
    try (Seed own = Seed.random()) {
      serve(request, channels, streams, Streams.of(own));
    }
  }

  /** The same with another source of what only the assistant knows. */
  void serve(
      long request,
      Function<PartyId, Channel> channels,
      Function<PartyId, Streams> streams,
      Streams own) {
    Map<PartyId, MaterialSink> sinks = new EnumMap<>(PartyId.class);
    HolderMessages p0 = new HolderMessages(channels.apply(PartyId.P0), window);
    HolderMessages p1 = new HolderMessages(channels.apply(PartyId.P1), window);
    Context context = new Context(request, channels, sinks, own);
    for (PartyId holder : List.of(PartyId.P0, PartyId.P1)) {
      Channel channel = channels.apply(holder);
      sinks.put(
          holder,
          new ChannelSink(context, channel, streams.apply(holder), holder == PartyId.P0 ? p0 : p1));
    }
    while (true) {
      byte[] announcement = p0.nextAnnouncement();
      byte[] other = p1.nextAnnouncement();
      if (!Arrays.equals(announcement, other)) {
        throw new MpcException(
            ErrorCode.ANNOUNCEMENT_MISMATCH,
            "P0 and P1 announced different operations.",
            "Run the same program with the same shapes at all parties.");
      }
      List<Operation> operations = codec.decode(announcement);
      if (operations.isEmpty()) {
        return;
      }
      for (Operation operation : operations) {
        generate(operation, context);
        context.number++;
      }
    }
  }

  @SuppressWarnings("unchecked") // a generator is registered under the kind of its own operation
  private void generate(Operation operation, Context context) {
    Generator<?> generator = generators.get(operation.kind());
    if (generator == null) {
      throw new MpcException(
          ErrorCode.ANNOUNCEMENT_MISMATCH,
          "No assistant serves operations of kind " + operation.kind() + ".",
          "Choose the same protocol at all parties.");
    }
    long bytes = operation.workBytes();
    if (bytes < 0 || bytes > maxWorkBytes) {
      throw new MpcException(
          ErrorCode.LIMIT,
          operation
              + " takes "
              + (bytes < 0 ? "countless" : bytes)
              + " bytes at the assistant, which gives "
              + maxWorkBytes
              + " to one operation.",
          "Split the tensor, for instance into smaller batches, or give the assistant's JVM more"
              + " memory (-Xmx).");
    }
    ((Generator<Operation>) generator).generate(operation, context);
  }

  private static final class Context implements AssistantContext {
    private final long request;
    private final Function<PartyId, Channel> channels;
    private final Map<PartyId, MaterialSink> sinks;
    private final Streams own;
    private int number;

    Context(
        long request,
        Function<PartyId, Channel> channels,
        Map<PartyId, MaterialSink> sinks,
        Streams own) {
      this.request = request;
      this.channels = channels;
      this.sinks = sinks;
      this.own = own;
    }

    @Override
    public long request() {
      return request;
    }

    @Override
    public int number() {
      return number;
    }

    @Override
    public MaterialSink sink(PartyId holder) {
      MaterialSink sink = sinks.get(holder);
      if (sink == null) {
        throw new MpcException(
            ErrorCode.INTERNAL, holder + " holds no shares.", "Report this with the stack trace.");
      }
      return sink;
    }

    @Override
    public Streams own() {
      return own;
    }

    @Override
    public Channel channel(PartyId peer) {
      return channels.apply(peer);
    }
  }

  private record ChannelSink(
      Context context, Channel channel, Streams streams, HolderMessages holder)
      implements MaterialSink {
    @Override
    public void send(List<? extends TensorFrames.Part> parts) {
      TensorFrames.send(parts, frame -> chunk(Payload.of(frame)));
    }

    @Override
    public void chunk(Payload keys) {
      holder.spend(keys.length());
      channel.send(FrameType.PREPROCESSING, context.number, keys);
    }
  }
}
