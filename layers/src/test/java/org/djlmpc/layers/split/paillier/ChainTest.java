package org.djlmpc.layers.split.paillier;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;
import org.djlmpc.transport.Channel;
import org.djlmpc.transport.FrameType;
import org.djlmpc.transport.Network;
import org.djlmpc.transport.NetworkOptions;
import org.djlmpc.transport.PartyId;
import org.djlmpc.transport.memory.MemoryNetwork;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Holders and the server on channels in memory, with a key of 62 bits, so that frames are many. */
final class ChainTest {
  private static final PartyId SERVER = PartyId.P0;
  private static final long REQUEST = 1;

  private final PaillierPrivateKey key = PaillierPrivateKey.ofPrimes(2147483647L, 2147483543L);
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private Map<PartyId, Network> networks = Map.of();

  @AfterEach
  void close() {
    networks.values().forEach(Network::close);
    threads.shutdownNow();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 5})
  void theServerLearnsTheSums(int holders) throws Exception {
    connect(holders);
    Packing packing = Packing.of(key.publicKey(), 6, holders);
    // More batches than may be under way, each of another length, one of several frames.
    int[] lengths = {1, 2, 3000, packing.slots(), packing.slots() + 1, 7, 5, 64};
    Random random = new Random(holders);
    long[][][] values = new long[holders][lengths.length][];
    long[][] sums = new long[lengths.length][];
    for (int batch = 0; batch < lengths.length; batch++) {
      sums[batch] = new long[lengths[batch]];
      for (int holder = 0; holder < holders; holder++) {
        values[holder][batch] = random.longs(lengths[batch], -32, 32).toArray();
        for (int i = 0; i < lengths[batch]; i++) {
          sums[batch][i] += values[holder][batch][i];
        }
      }
    }
    List<Future<Void>> work = new ArrayList<>();
    for (int holder = 0; holder < holders; holder++) {
      ChainLink link = link(holder, holders, packing);
      long[][] own = values[holder];
      work.add(
          start(
              () -> {
                for (int batch = 0; batch < own.length; batch++) {
                  link.add(batch, own[batch]);
                }
                return null;
              }));
    }
    SumReceiver receiver = receiver(holders, packing);
    for (int batch = 0; batch < lengths.length; batch++) {
      assertThat(receiver.receive(batch, lengths[batch])).containsExactly(sums[batch]);
    }
    for (Future<Void> holder : work) {
      holder.get();
    }
    for (int holder = 0; holder < holders; holder++) {
      boolean last = holder == holders - 1;
      long toServer = channel(party(holder), SERVER).traffic().totals().online().bytesSent();
      assertThat(toServer > 0).as("holder %d sends to the server", holder).isEqualTo(last);
    }
  }

  /** Zeros change no sum, but nobody who saw a ciphertext before recognizes it after. */
  @Test
  void everyHolderRerandomizes() throws Exception {
    connect(2);
    Packing packing = Packing.of(key.publicKey(), 6, 2);
    Ciphertexts sent = encryptor().encrypt(packing.pack(new long[21], 0, 21));
    channel(party(0), party(1)).send(FrameType.SHARE, 4, sent.toBytes());
    link(1, 2, packing).add(4, new long[21]);
    byte[] frame = channel(SERVER, party(1)).receive(FrameType.SHARE, 4);
    Ciphertexts arrived = Ciphertexts.of(key.publicKey(), sent.size(), frame);
    assertThat(packing.unpack(key.decrypt(arrived), 21)).containsOnly(0);
    // Adding the plaintext alone would be the product with 1 + M n.
    BigInteger square = key.publicKey().modulus().square();
    BigInteger[] plaintexts = packing.pack(new long[21], 0, 21);
    for (int i = 0; i < sent.size(); i++) {
      BigInteger added =
          plaintexts[i]
              .multiply(key.publicKey().n())
              .add(BigInteger.ONE)
              .multiply(sent.get(i))
              .mod(square);
      assertThat(arrived.get(i)).isNotEqualTo(added);
    }
  }

  @Test
  void malformedCiphertextsStopTheChain() throws Exception {
    connect(2);
    Packing packing = Packing.of(key.publicKey(), 6, 2);
    ChainLink link = link(1, 2, packing);
    channel(party(0), party(1))
        .send(FrameType.SHARE, 0, new byte[key.publicKey().ciphertextBytes()]);
    assertFails(ErrorCode.BAD_FRAME, start(() -> add(link, new long[3])));
    SumReceiver receiver = receiver(2, packing);
    channel(party(1), SERVER).send(FrameType.SHARE, 0, new byte[1000]);
    assertFails(ErrorCode.BAD_FRAME, start(() -> receiver.receive(0, 3)));
  }

  @Test
  void aHolderThatHangsUpStopsItsNeighbours() throws Exception {
    connect(3);
    Packing packing = Packing.of(key.publicKey(), 6, 3);
    ChainLink last = link(2, 3, packing);
    Future<Void> waiting = start(() -> add(last, new long[1000]));
    SumReceiver receiver = receiver(3, packing);
    Future<long[]> server = start(() -> receiver.receive(0, 1000));
    network(party(1)).close();
    assertFails(ErrorCode.PEER_GONE, waiting);
    assertFails(ErrorCode.ABORTED, server);
  }

  @Test
  void valuesThatFitNoSlotAreRefusedBeforeTheyLeave() throws Exception {
    connect(2);
    ChainLink link = link(0, 2, Packing.of(key.publicKey(), 6, 2));
    assertFails(ErrorCode.OUT_OF_RANGE, start(() -> add(link, new long[] {32})));
    assertThat(channel(party(0), party(1)).traffic().totals().online().bytesSent()).isZero();
  }

  private static Void add(ChainLink link, long[] values) {
    link.add(0, values);
    return null;
  }

  private void connect(int holders) {
    EnumSet<PartyId> parties = EnumSet.range(SERVER, party(holders - 1));
    networks =
        MemoryNetwork.create(parties, NetworkOptions.DEFAULT.withIoTimeout(Duration.ofSeconds(60)));
  }

  private ChainLink link(int holder, int holders, Packing packing) {
    PartyId self = party(holder);
    return new ChainLink(
        encryptor(),
        packing,
        holder == 0 ? null : channel(self, party(holder - 1)),
        channel(self, holder == holders - 1 ? SERVER : party(holder + 1)));
  }

  private SumReceiver receiver(int holders, Packing packing) {
    return new SumReceiver(key, packing, channel(SERVER, party(holders - 1)));
  }

  private Encryptor encryptor() {
    PaillierPublicKey open = key.publicKey();
    BigInteger base =
        BigInteger.valueOf(-49).mod(open.n()).modPow(open.n(), open.modulus().square());
    return new Encryptor(open, 64, new FixedBase(open.modulus(), base, 8));
  }

  private static PartyId party(int holder) {
    return PartyId.values()[holder + 1];
  }

  private Network network(PartyId party) {
    return networks.get(party);
  }

  private Channel channel(PartyId self, PartyId peer) {
    return network(self).channel(peer, REQUEST);
  }

  private <T> Future<T> start(Callable<T> work) {
    return threads.submit(work);
  }

  private static void assertFails(ErrorCode code, Future<?> work) throws InterruptedException {
    try {
      work.get();
    } catch (ExecutionException e) {
      assertThat(e.getCause())
          .isInstanceOfSatisfying(MpcException.class, m -> assertThat(m.code()).isEqualTo(code));
      return;
    }
    throw new AssertionError("Nothing failed; " + code + " was expected.");
  }
}
