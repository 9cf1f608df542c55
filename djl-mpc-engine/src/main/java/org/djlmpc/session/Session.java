package org.djlmpc.session;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import org.djlmpc.crypto.Seed;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;
import org.djlmpc.preprocessing.Streams;
import org.djlmpc.transport.Channel;
import org.djlmpc.transport.FrameType;
import org.djlmpc.transport.Network;
import org.djlmpc.transport.PartyId;

/**
 * One party's view of a group of parties that compute together: connections, a seed with each peer,
 * and the record of what was disclosed. Opened by a handshake which compares the configuration of
 * all parties.
 */
public final class Session implements AutoCloseable {
  private static final long CONTROL = 0;
  private static final int MAX_FIELDS = 64;

  /** Fewer than the ended requests that a network remembers and refuses. */
  private static final int REQUESTS_OUT_OF_ORDER = 4096;

  private final Network network;
  private final SessionConfig config;
  private final BiFunction<PartyId, Seed, Streams> source;
  private final Map<PartyId, Seed> pairSeeds = new EnumMap<>(PartyId.class);
  private final DisclosureLog disclosures = new DisclosureLog();

  /** Numbers that were taken, but for those that are refused because they are too old. */
  private final NavigableSet<Long> begun = new TreeSet<>();

  private Session(
      Network network, SessionConfig config, BiFunction<PartyId, Seed, Streams> source) {
    this.network = network;
    this.config = config;
    this.source = source;
  }

  /**
   * Shakes hands with every peer and agrees on a seed with each of them.
   *
   * @throws MpcException VERSION_MISMATCH or CONFIGURATION_MISMATCH if a party has another version
   *     or configuration, naming the field; every party finds it itself
   */
  public static Session open(Network network, SessionConfig config) {
    return open(network, config, (peer, seed) -> Streams.of(seed));
  }

  /** The same with another way from the seed that is shared with a peer to streams. */
  static Session open(
      Network network, SessionConfig config, BiFunction<PartyId, Seed, Streams> source) {
    Session session = new Session(network, config, source);
    try {
      session.compareConfigurations();
      session.agreeOnSeeds();
      return session;
    } catch (MpcException e) {
      if (e.code() != ErrorCode.VERSION_MISMATCH && e.code() != ErrorCode.CONFIGURATION_MISMATCH) {
        network.abort(e);
      }
      // after a mismatch only close: an abort would overtake the comparison at the peers, and two
      // parties that differ differ from every third one, so all of them find it
      session.close();
      throw e;
    }
  }

  private void compareConfigurations() {
    for (PartyId peer : network.peers()) {
      network.channel(peer, CONTROL).send(FrameType.HELLO, 0, encode(config.announcement()));
    }
    for (PartyId peer : network.peers()) {
      compare(
          peer,
          config.announcement(),
          decode(network.channel(peer, CONTROL).receive(FrameType.HELLO, 0)));
    }
    Set<PartyId> connected = EnumSet.of(self());
    connected.addAll(network.peers());
    if (!connected.equals(config.parties())) {
      throw new MpcException(
          ErrorCode.CONFIGURATION_MISMATCH,
          "The protocol runs between "
              + config.parties()
              + ", but connected are "
              + connected
              + ".",
          "Start exactly the parties of the protocol.");
    }
  }

  private void agreeOnSeeds() {
    for (PartyId peer : network.peers()) {
      if (self().compareTo(peer) < 0) {
        Seed seed = Seed.random();
        pairSeeds.put(peer, seed);
        network.channel(peer, CONTROL).send(FrameType.SEED, 0, seed.copyBytes());
      }
    }
    for (PartyId peer : network.peers()) {
      if (self().compareTo(peer) > 0) {
        byte[] bytes = network.channel(peer, CONTROL).receive(FrameType.SEED, 0);
        if (bytes.length != Seed.BYTES) {
          throw new MpcException(
              ErrorCode.BAD_FRAME,
              peer + " sent a seed of " + bytes.length + " bytes.",
              "Run the same version of djl-mpc at all parties.");
        }
        pairSeeds.put(peer, Seed.of(bytes));
        java.util.Arrays.fill(bytes, (byte) 0);
      }
    }
  }

  private static void compare(PartyId peer, Map<String, String> ours, Map<String, String> theirs) {
    BiConsumer<String, ErrorCode> check =
        (field, code) -> {
          String mine = ours.getOrDefault(field, "nothing");
          String other = theirs.getOrDefault(field, "nothing");
          if (!mine.equals(other)) {
            throw new MpcException(
                code,
                "This party has " + mine + " as " + field + ", " + peer + " has " + other + ".",
                "Start all parties with the same configuration and version.");
          }
        };
    check.accept("wire version", ErrorCode.VERSION_MISMATCH);
    ours.keySet().forEach(field -> check.accept(field, ErrorCode.CONFIGURATION_MISMATCH));
    theirs.keySet().forEach(field -> check.accept(field, ErrorCode.CONFIGURATION_MISMATCH));
  }

  private static byte[] encode(Map<String, String> fields) {
    var bytes = new ByteArrayOutputStream();
    try (var out = new DataOutputStream(bytes)) {
      out.writeInt(fields.size());
      for (var field : fields.entrySet()) {
        out.writeUTF(field.getKey());
        out.writeUTF(field.getValue());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private static Map<String, String> decode(byte[] hello) {
    try (var in = new DataInputStream(new ByteArrayInputStream(hello))) {
      int count = in.readInt();
      if (count < 0 || count > MAX_FIELDS) {
        throw new IOException(count + " fields");
      }
      Map<String, String> fields = new LinkedHashMap<>();
      for (int i = 0; i < count; i++) {
        fields.put(printable(in.readUTF()), printable(in.readUTF()));
      }
      if (in.available() != 0) {
        throw new IOException("trailing bytes");
      }
      return fields;
    } catch (IOException e) {
      throw new MpcException(
          ErrorCode.BAD_FRAME,
          "A handshake cannot be read.",
          "Check that the peer runs the same version of djl-mpc.",
          e);
    }
  }

  /** A peer's text may end up in a message to the user. */
  private static String printable(String text) {
    String clean = text.replaceAll("[^\\x20-\\x7e]", "?");
    return clean.length() > 100 ? clean.substring(0, 100) : clean;
  }

  /** The party at this end. */
  public PartyId self() {
    return network.self();
  }

  /** What all parties agreed on. */
  public SessionConfig config() {
    return config;
  }

  /** The other share holder, at P0 and P1. */
  public PartyId otherHolder() {
    return self() == PartyId.P0 ? PartyId.P1 : PartyId.P0;
  }

  /** The streams that this party and a peer both know. */
  public Streams streams(PartyId peer) {
    return source.apply(peer, pairSeed(peer));
  }

  private Seed pairSeed(PartyId peer) {
    Seed seed = pairSeeds.get(peer);
    if (seed == null) {
      throw new MpcException(
          ErrorCode.CLOSED, "No seed is shared with " + peer + ".", "Start a new session.");
    }
    return seed;
  }

  /** What this party's programs revealed. */
  public DisclosureLog disclosures() {
    return disclosures;
  }

  /** Connections of this session. */
  public Network network() {
    return network;
  }

  /** The channel to a peer for a request. */
  public Channel channel(PartyId peer, long request) {
    return network.channel(peer, request);
  }

  /**
   * Starts a request at a share holder; numbers start at 1, are the same at all parties and are
   * never used again.
   */
  public Request begin(long request) {
    synchronized (begun) {
      long highest = begun.isEmpty() ? 0 : begun.last();
      if (request < 1 || request <= highest - REQUESTS_OUT_OF_ORDER || !begun.add(request)) {
        throw new MpcException(
            ErrorCode.KEY_REUSED,
            "Request " + request + " was used, or is too old: its keys may have been used.",
            "Number requests upwards from 1.");
      }
      begun.headSet(begun.last() - REQUESTS_OUT_OF_ORDER, true).clear();
    }
    return new Request(this, request);
  }

  /** Closes the connections and erases the seeds. */
  @Override
  public void close() {
    pairSeeds.values().forEach(Seed::close);
    pairSeeds.clear();
    network.close();
  }
}
