package org.djlmpc.benchmarks.kernels;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.djlmpc.transport.Channel;
import org.djlmpc.transport.FrameType;
import org.djlmpc.transport.Network;
import org.djlmpc.transport.PartyId;
import org.djlmpc.transport.Payload;
import org.djlmpc.transport.netty.LoopbackPorts;
import org.djlmpc.transport.netty.NettyConfig;
import org.djlmpc.transport.netty.NettyNetwork;
import org.djlmpc.transport.netty.PlainTcp;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * Function keys on their way from the assistant to two parties over loopback TCP, erased
 * everywhere, in bytes a microsecond.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class WireBenchmark {
  private static final int FRAMES = 32;
  private static final int FRAME = 4 << 20;

  /** As many as there is work: the common pool has too few for parties that wait for each other. */
  private final ExecutorService threads = Executors.newCachedThreadPool();

  private final Map<PartyId, Network> networks = new EnumMap<>(PartyId.class);
  private long request;

  /** Connects the three. */
  @Setup
  public void connect() {
    Set<PartyId> parties = EnumSet.of(PartyId.P0, PartyId.P1, PartyId.P2);
    Map<PartyId, InetSocketAddress> addresses = new EnumMap<>(PartyId.class);
    for (PartyId party : parties) {
      addresses.put(
          party, new InetSocketAddress(InetAddress.getLoopbackAddress(), LoopbackPorts.free()));
    }
    UUID session = UUID.randomUUID();
    Map<PartyId, CompletableFuture<Network>> connecting = new EnumMap<>(PartyId.class);
    for (PartyId party : parties) {
      NettyConfig config =
          NettyConfig.of(party, parties, addresses, session, PlainTcp.LOOPBACK_ONLY);
      connecting.put(
          party, CompletableFuture.supplyAsync(() -> NettyNetwork.connect(config), threads));
    }
    connecting.forEach((party, network) -> networks.put(party, network.join()));
  }

  /** Ends all at once: each waits for the others to read what it sent. */
  @TearDown
  public void close() {
    networks.values().stream()
        .map(network -> CompletableFuture.runAsync(network::close, threads))
        .toList()
        .forEach(CompletableFuture::join);
    threads.shutdown();
  }

  /** Sends, receives and erases. */
  @Benchmark
  @OperationsPerInvocation(2 * FRAMES * FRAME)
  public void keys() {
    request++;
    CompletableFuture<Void> first = CompletableFuture.runAsync(() -> receive(PartyId.P0), threads);
    CompletableFuture<Void> second = CompletableFuture.runAsync(() -> receive(PartyId.P1), threads);
    try (Channel to0 = network(PartyId.P2).channel(PartyId.P0, request);
        Channel to1 = network(PartyId.P2).channel(PartyId.P1, request)) {
      for (int i = 0; i < FRAMES; i++) {
        Payload payload = Payload.take(FRAME, 2);
        to0.send(FrameType.PREPROCESSING, i, payload);
        to1.send(FrameType.PREPROCESSING, i, payload);
      }
      first.join();
      second.join();
    }
  }

  private Network network(PartyId party) {
    return Objects.requireNonNull(networks.get(party));
  }

  private void receive(PartyId party) {
    try (Channel channel = network(party).channel(PartyId.P2, request)) {
      for (int i = 0; i < FRAMES; i++) {
        channel.receivePayload(FrameType.PREPROCESSING, i).close();
      }
    }
  }
}
