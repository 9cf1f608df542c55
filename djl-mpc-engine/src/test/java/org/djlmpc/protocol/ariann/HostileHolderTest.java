package org.djlmpc.protocol.ariann;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.djlmpc.transport.PartyId.P0;
import static org.djlmpc.transport.PartyId.P1;
import static org.djlmpc.transport.PartyId.P2;

import ai.djl.ndarray.types.Shape;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;
import org.djlmpc.preprocessing.KeyWindow;
import org.djlmpc.preprocessing.Operation;
import org.djlmpc.preprocessing.OperationCodec;
import org.djlmpc.protocol.AssistantServer;
import org.djlmpc.protocol.Bilinear;
import org.djlmpc.protocol.PartyOptions;
import org.djlmpc.ring.ConvolutionSpec;
import org.djlmpc.ring.Ring;
import org.djlmpc.session.Session;
import org.djlmpc.transport.Awaiting;
import org.djlmpc.transport.ByParty;
import org.djlmpc.transport.Channel;
import org.djlmpc.transport.FrameType;
import org.djlmpc.transport.Network;
import org.djlmpc.transport.PartyId;
import org.djlmpc.transport.memory.MemoryNetwork;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A dealer refuses what share holders should not ask, and goes on to serve others. */
@Timeout(300)
class HostileHolderTest {
  private static final PartyOptions OPTIONS =
      PartyOptions.DEFAULT.withKeyWindow(KeyWindow.of(1 << 20)).withTimeout(Duration.ofSeconds(60));
  private static final Shape SMALL = new Shape(10);
  private static final Operation GOOD = new Truncation(SMALL, 5, Width.of(Ring.Z64));

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final List<Session> sessions = new ArrayList<>();
  private @Nullable AssistantServer dealer;
  private long request;

  @BeforeEach
  void start() throws InterruptedException, ExecutionException {
    Map<PartyId, Future<Session>> openings = new LinkedHashMap<>();
    Map<PartyId, Network> networks =
        MemoryNetwork.create(Ariann.ARIANN.parties(), OPTIONS.network());
    networks.forEach(
        (party, network) ->
            openings.put(
                party,
                threads.submit(() -> Session.open(network, OPTIONS.session(Ariann.ARIANN)))));
    ByParty<Future<Session>> opened = new ByParty<>(openings);
    sessions.add(opened.of(P0).get());
    sessions.add(opened.of(P1).get());
    dealer = AssistantServer.start(opened.of(P2).get(), Ariann.ARIANN);
  }

  @AfterEach
  void stop() {
    sessions.forEach(Session::close);
    if (dealer != null) {
      dealer.close();
    }
    threads.shutdownNow();
    assertThat(Thread.getAllStackTraces().keySet())
        .extracting(Thread::getName)
        .noneMatch(name -> name.startsWith("djl-mpc-P2"));
  }

  // ---- messages

  private static byte[] announcement(byte[] content) {
    byte[] message = new byte[content.length + 1];
    System.arraycopy(content, 0, message, 1, content.length);
    return message;
  }

  private static byte[] announcement(Operation... operations) {
    return announcement(OperationCodec.encode(List.of(operations)));
  }

  private static byte[] credit(long bytes) {
    return ByteBuffer.allocate(9).put((byte) 1).putLong(bytes).array();
  }

  private static byte[] widened(long bytes) {
    return ByteBuffer.allocate(9).put((byte) 2).putLong(bytes).array();
  }

  private interface Writer {
    void write(DataOutputStream out) throws IOException;
  }

  /** An announcement of one operation, written by hand. */
  private static byte[] written(Writer content) {
    var bytes = new ByteArrayOutputStream();
    try (var out = new DataOutputStream(bytes)) {
      out.writeByte(0);
      content.write(out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private static byte[] shape(int... lengths) {
    return written(
        out -> {
          out.writeInt(1);
          out.writeInt(Selector.KIND);
          out.writeByte(lengths.length);
          for (int length : lengths) {
            out.writeInt(length);
          }
          out.writeByte(1);
        });
  }

  // ---- attacks

  /** Both holders send the same messages; both learn why the dealer stops. */
  private void refused(String what, ErrorCode code, byte[]... messages) {
    refused(what, code, messages, messages);
  }

  private void refused(String what, ErrorCode code, byte[][] byP0, byte[][] byP1) {
    long number = ++request;
    List<Channel> channels = sessions.stream().map(s -> s.channel(P2, number)).toList();
    for (Channel channel : channels) {
      try {
        for (byte[] message : channel.self() == P0 ? byP0 : byP1) {
          channel.send(FrameType.ANNOUNCE, 0, message.clone());
        }
      } catch (MpcException e) {
        assertRefused(what, code, e); // already by what the other sent
      }
    }
    for (Channel channel : channels) {
      assertThatExceptionOfType(MpcException.class)
          .as(what)
          .isThrownBy(
              () -> {
                while (true) {
                  channel.receive(FrameType.PREPROCESSING, 0);
                }
              })
          .satisfies(e -> assertRefused(what, code, e));
      channel.close();
    }
    serves();
  }

  private static void assertRefused(String what, ErrorCode code, MpcException e) {
    assertThat(e.code()).as(what + ": " + e.getMessage()).isEqualTo(ErrorCode.ABORTED);
    assertThat(e).as(what).hasMessageContaining("P2 stopped").hasMessageContaining(code.id());
    assertThat(e.getMessage()).as(what).hasSizeLessThan(1000);
  }

  /** The dealer still serves honest requests. */
  private void serves() {
    long number = ++request;
    Channel p0 = sessions.get(0).channel(P2, number);
    Channel p1 = sessions.get(1).channel(P2, number);
    for (Channel channel : List.of(p0, p1)) {
      channel.send(FrameType.ANNOUNCE, 0, announcement(GOOD));
      channel.send(FrameType.ANNOUNCE, 0, announcement());
    }
    for (int tensor = 0; tensor < 2; tensor++) {
      assertThat(p1.receive(FrameType.PREPROCESSING, 0)).hasSize(80);
    }
    p0.close();
    p1.close();
  }

  @Test
  void messagesThatAreNotAnnouncements() {
    refused("nothing", ErrorCode.BAD_FRAME, new byte[0]);
    refused("an unknown message", ErrorCode.BAD_FRAME, new byte[] {7, 0, 0, 0, 0});
    refused("no count", ErrorCode.BAD_FRAME, new byte[] {0, 0, 0});
    Random random = new Random(1);
    for (int i = 0; i < 200; i++) {
      byte[] garbage = new byte[random.nextInt(60)];
      random.nextBytes(garbage);
      refused("garbage", ErrorCode.BAD_FRAME, announcement(garbage));
    }
    for (int count : new int[] {-1, Integer.MIN_VALUE, Integer.MAX_VALUE, 10_001, 2}) {
      refused(
          count + " operations",
          ErrorCode.BAD_FRAME,
          written(
              out -> {
                out.writeInt(count);
                out.writeInt(GOOD.kind());
                GOOD.encode(out);
              }));
    }
    for (int kind : new int[] {0, -1, 99, Integer.MAX_VALUE}) {
      refused(
          "kind " + kind,
          ErrorCode.BAD_FRAME,
          written(
              out -> {
                out.writeInt(1);
                out.writeInt(kind);
                GOOD.encode(out);
              }));
    }
    byte[] good = announcement(GOOD);
    refused("trailing bytes", ErrorCode.BAD_FRAME, Arrays.copyOf(good, good.length + 1));
    for (int length = 1; length < good.length; length++) {
      refused("cut off at " + length, ErrorCode.BAD_FRAME, Arrays.copyOf(good, length));
    }
  }

  @Test
  void shapesThatCannotBe() {
    int max = Integer.MAX_VALUE;
    refused("a negative length", ErrorCode.BAD_FRAME, shape(5, -1));
    refused("too many elements", ErrorCode.BAD_FRAME, shape(65536, 65536));
    refused("an overflow to few elements", ErrorCode.BAD_FRAME, shape(max, max, max, 4));
    refused("an overflow to 0", ErrorCode.BAD_FRAME, shape(1 << 30, 1 << 30, 16));
    refused("17 dimensions", ErrorCode.BAD_FRAME, shape(new int[17]));
    refused("-1 dimensions", ErrorCode.BAD_FRAME, written(out -> out.writeLong(1L << 32 | 7)));
  }

  @Test
  void parametersThatCannotBe() {
    DReluGate wide = new DReluGate(DReluGate.Variant.EXACT, 64);
    refused(
        "s = 0", ErrorCode.BAD_FRAME, announcement(new Truncation(SMALL, 0, Width.of(Ring.Z64))));
    refused("m > n", ErrorCode.BAD_FRAME, announcement(new Zero(SMALL, new Width(Ring.Z32, 33))));
    refused("m < 3", ErrorCode.BAD_FRAME, announcement(new Zero(SMALL, new Width(Ring.Z32, 2))));
    refused(
        "k > m",
        ErrorCode.BAD_FRAME,
        announcement(new DirectRelu(SMALL, wide, new Width(Ring.Z64, 59))));
    refused(
        "no paper in one round",
        ErrorCode.BAD_FRAME,
        announcement(
            new DirectSign(SMALL, new DReluGate(DReluGate.Variant.PAPER, 20), Width.of(Ring.Z64))));
    refused(
        "s of Z64",
        ErrorCode.BAD_FRAME,
        announcement(new Truncation(SMALL, 40, Width.of(Ring.Z32))));
    refused(
        "k of Z64", ErrorCode.BAD_FRAME, announcement(new Relu(SMALL, wide, Width.of(Ring.Z32))));
    refused(
        "k of Z64", ErrorCode.BAD_FRAME, announcement(new Sign(SMALL, wide, Width.of(Ring.Z32))));
    refused(
        "k > n - s",
        ErrorCode.BAD_FRAME,
        announcement(new TruncateRelu(SMALL, 5, List.of(0L), wide, Width.of(Ring.Z64))));
    for (int count : new int[] {0, 3, 100}) {
      refused(
          count + " knots",
          ErrorCode.BAD_FRAME,
          announcement(
              new TruncateRelu(
                  SMALL,
                  5,
                  Collections.nCopies(count, 0L),
                  new DReluGate(DReluGate.Variant.EXACT, 20),
                  Width.of(Ring.Z64))));
    }
    for (int k : new int[] {-1, 0, 1, 65, 127}) {
      refused(
          "k = " + k,
          ErrorCode.BAD_FRAME,
          announcement(
              new Relu(SMALL, new DReluGate(DReluGate.Variant.EXACT, k), Width.of(Ring.Z64))));
    }
    refused(
        "a mask of P3",
        ErrorCode.BAD_FRAME,
        announcement(
            new Triple(
                Bilinear.ELEMENTWISE,
                new Mask(1, 0, SMALL, PartyId.P3),
                new Mask(1, 1, SMALL, null),
                Ring.Z64)));
  }

  private static byte[] triple(Bilinear map, Shape a, Shape b) {
    return announcement(
        new Triple(map, new Mask(1, 0, a, null), new Mask(1, 1, b, null), Ring.Z64));
  }

  private static Bilinear convolution(int stride, int pad, int dilation, int groups) {
    return Bilinear.convolution(
        new ConvolutionSpec(stride, stride, pad, pad, dilation, dilation, groups));
  }

  @Test
  void productsThatCannotBe() {
    int max = Integer.MAX_VALUE;
    refused(
        "inner lengths",
        ErrorCode.SHAPE,
        triple(Bilinear.MATMUL, new Shape(2, 3), new Shape(2, 3)));
    refused("no rows", ErrorCode.SHAPE, triple(Bilinear.LINEAR, new Shape(3), new Shape(3)));
    refused("4 axes", ErrorCode.SHAPE, triple(Bilinear.MATMUL, shape4(1), shape4(1)));
    refused("scalars", ErrorCode.SHAPE, triple(Bilinear.MATMUL, new Shape(), new Shape()));
    refused(
        "a result of 2^32",
        ErrorCode.BAD_FRAME,
        triple(Bilinear.MATMUL, new Shape(1 << 16, 1), new Shape(1, 1 << 16)));
    refused(
        "a result of 2^62",
        ErrorCode.BAD_FRAME,
        triple(Bilinear.MATMUL, new Shape(max, 1), new Shape(1, max)));
    refused("groups", ErrorCode.SHAPE, triple(convolution(1, 0, 1, 3), shape4(4), shape4(2)));
    refused(
        "a kernel too large",
        ErrorCode.SHAPE,
        triple(convolution(1, 0, max, 1), shape4(4), shape4(4)));
    refused(
        "padding to 2^62",
        ErrorCode.BAD_FRAME,
        triple(convolution(1, max, 1, 1), shape4(4), shape4(4)));
    refused(
        "a stride of 0",
        ErrorCode.ARGUMENT,
        written(
            out -> {
              out.writeInt(1);
              out.writeInt(Triple.KIND);
              out.writeByte(Bilinear.Kind.CONVOLUTION.ordinal());
              out.write(new byte[28]);
            }));
  }

  private static Shape shape4(int length) {
    return new Shape(length, length, length, length);
  }

  @Test
  void whatIsTooLargeIsRefusedBeforeAnythingIsMade() {
    int max = Integer.MAX_VALUE;
    Shape huge = new Shape(max);
    DReluGate gate = new DReluGate(DReluGate.Variant.EXACT, 32);
    for (Operation operation :
        List.of(
            new Truncation(huge, 5, Width.of(Ring.Z64)),
            new Relu(huge, gate, Width.of(Ring.Z64)),
            new Sign(huge, gate, Width.of(Ring.Z64)),
            new TruncateRelu(huge, 5, List.of(0L, 1L), gate, Width.of(Ring.Z64)),
            new DirectSign(huge, gate, Width.of(Ring.Z64)),
            new DirectRelu(huge, gate, Width.of(Ring.Z64)),
            new DirectTruncateRelu(huge, 5, gate, Width.of(Ring.Z64)),
            new Zero(huge, Width.of(Ring.Z32)),
            new Selector(huge, Width.of(Ring.Z32)))) {
      refused("all elements", ErrorCode.LIMIT, announcement(operation));
    }
    refused("2^31", ErrorCode.LIMIT, triple(Bilinear.ELEMENTWISE, huge, huge));
    refused(
        "a large result",
        ErrorCode.LIMIT,
        triple(Bilinear.MATMUL, new Shape(40_000, 1), new Shape(1, 40_000)));
    refused(
        "large masks",
        ErrorCode.LIMIT,
        triple(Bilinear.MATMUL, new Shape(1, max), new Shape(max, 1)));
    refused(
        "much padding", ErrorCode.LIMIT, triple(convolution(1, 5000, 1, 1), shape4(2), shape4(2)));
    refused(
        "a good one first",
        ErrorCode.LIMIT,
        announcement(GOOD, new Truncation(huge, 5, Width.of(Ring.Z64))));
  }

  @Test
  void creditThatNobodyGave() {
    refused("credit", ErrorCode.BAD_FRAME, credit(1));
    refused("all credit", ErrorCode.BAD_FRAME, credit(Long.MAX_VALUE));
    refused("negative credit", ErrorCode.BAD_FRAME, credit(-1));
    refused("an overflow", ErrorCode.BAD_FRAME, credit(Long.MIN_VALUE));
    refused("short credit", ErrorCode.BAD_FRAME, Arrays.copyOf(credit(1), 8));
    refused("more than was spent", ErrorCode.BAD_FRAME, announcement(GOOD), credit(161));
  }

  @Test
  void aWindowWiderThanTheSessionAllows() {
    refused("a wider window", ErrorCode.BAD_FRAME, widened(1));
    refused("any window", ErrorCode.BAD_FRAME, widened(Long.MAX_VALUE));
    refused("a narrower window", ErrorCode.BAD_FRAME, widened(-1));
    refused("a short message", ErrorCode.BAD_FRAME, Arrays.copyOf(widened(0), 8));
  }

  @Test
  void holdersThatDiffer() {
    byte[] good = announcement(GOOD);
    byte[] other = announcement(new Truncation(SMALL, 6, Width.of(Ring.Z64)));
    refused(
        "other work", ErrorCode.ANNOUNCEMENT_MISMATCH, new byte[][] {good}, new byte[][] {other});
    refused(
        "more work",
        ErrorCode.ANNOUNCEMENT_MISMATCH,
        new byte[][] {good, good},
        new byte[][] {good, announcement()});
    // one holder alone cannot even make the dealer read what it announced
    refused(
        "garbage of one",
        ErrorCode.ANNOUNCEMENT_MISMATCH,
        new byte[][] {announcement(new byte[8 << 19])},
        new byte[][] {good});
  }

  @Test
  void announcementsFarAheadOfTheWork() {
    // more keys than the window holds, which P0 does not take, and no end of announcements
    byte[] work = announcement(new Selector(new Shape(1 << 20), Width.of(Ring.Z64)));
    byte[][] flood = new byte[10][];
    Arrays.fill(flood, new byte[Channel.MAX_PAYLOAD]);
    flood[0] = work;
    refused("a flood", ErrorCode.BAD_FRAME, new byte[][] {work}, flood);
  }

  @Test
  void aHolderThatTakesNoKeysHoldsUpItsOwnRequestOnly() {
    long stuck = ++request;
    for (Session session : sessions) {
      session
          .channel(P2, stuck)
          .send(
              FrameType.ANNOUNCE,
              0,
              announcement(new Selector(new Shape(1 << 20), Width.of(Ring.Z64))));
    }
    serves();
    sessions
        .get(0)
        .network()
        .abort(stuck, new MpcException(ErrorCode.CANCELLED, "Enough.", "Try again."));
    Awaiting.until(() -> requestThreads() == 0);
  }

  @Test
  void requestsWithoutEnd() {
    int most = 256;
    List<Channel> channels = new ArrayList<>();
    for (int i = 1; i <= most + 100; i++) {
      Channel channel = sessions.get(0).channel(P2, ++request);
      channels.add(channel);
      channel.send(FrameType.ANNOUNCE, 0, announcement(GOOD));
      // one after the other: of many at once some would be refused because too many wait
      if (i <= most) {
        int served = i;
        Awaiting.until(() -> requestThreads() == served);
      } else {
        assertThatExceptionOfType(MpcException.class)
            .isThrownBy(() -> channel.receive(FrameType.PREPROCESSING, 0))
            .satisfies(e -> assertRefused("too many", ErrorCode.LIMIT, e));
      }
    }
    assertThat(requestThreads()).isEqualTo(most);
    for (Channel channel : channels) {
      sessions
          .get(0)
          .network()
          .abort(channel.request(), new MpcException(ErrorCode.CANCELLED, "Enough.", "Try again."));
      channel.close();
    }
    Awaiting.until(() -> requestThreads() == 0);
    serves();
  }

  private static long requestThreads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("djl-mpc-P2-request"))
        .count();
  }
}
