package org.djlmpc.layers.split.align;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.djlmpc.crypto.Seed;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;
import org.djlmpc.transport.Channel;
import org.djlmpc.transport.FrameType;
import org.djlmpc.transport.Network;
import org.djlmpc.transport.PartyId;

/** The messages of one alignment at one holder. */
final class Exchange implements AutoCloseable {
  /** Points in a frame: a quarter of a second of work for a core, so no wait is long. */
  static final int CHUNK = 1 << 11;

  /** Cells or tags in a frame. */
  static final int CELLS = 1 << 18;

  private static final int VERSION = 1;

  /** Stands for a size in a handshake between two holders who do not tell each other. */
  private static final long UNTOLD = -1;

  private static final int HANDSHAKE = 0;
  private static final int POINTS = 1;
  private static final int TABLE = 2;
  private static final int TAGS = 3;
  private static final int DONE = 4;

  private final PartyId self;
  private final NavigableSet<PartyId> holders;
  private final Map<PartyId, Channel> channels = new TreeMap<>();

  Exchange(Network network, NavigableSet<PartyId> holders, long request) {
    self = network.self();
    this.holders = holders;
    for (PartyId holder : holders) {
      if (holder != self) {
        channels.put(holder, network.channel(holder, request));
      }
    }
  }

  PartyId self() {
    return self;
  }

  NavigableSet<PartyId> holders() {
    return holders;
  }

  /** The holder that asks; all others answer it. */
  PartyId first() {
    return holders.first();
  }

  /** All holders but this one and the first. */
  NavigableSet<PartyId> otherAnswering() {
    NavigableSet<PartyId> others = new TreeSet<>(channels.keySet());
    others.remove(first());
    return others;
  }

  /**
   * Compares version and holders with everybody, and tells the number of rows: the first holder to
   * all, the others to the first alone.
   *
   * @return the numbers of rows that this holder is told
   */
  Map<PartyId, Integer> shakeHands(int rows) {
    byte[] names = names();
    for (PartyId peer : channels.keySet()) {
      ByteBuffer hello = ByteBuffer.allocate(Integer.BYTES + Long.BYTES + names.length);
      hello.putInt(VERSION).putLong(tells(peer) ? rows : UNTOLD).put(names);
      send(peer, FrameType.HELLO, HANDSHAKE, hello.array());
    }
    Map<PartyId, Integer> sizes = new TreeMap<>();
    for (PartyId peer : channels.keySet()) {
      long size = compare(peer, ByteBuffer.wrap(receive(peer, FrameType.HELLO, HANDSHAKE)));
      if (tells(peer)) {
        sizes.put(peer, (int) size);
      }
    }
    return sizes;
  }

  private boolean tells(PartyId peer) {
    return self == first() || peer == first();
  }

  private byte[] names() {
    return holders.toString().getBytes(StandardCharsets.US_ASCII);
  }

  private long compare(PartyId peer, ByteBuffer hello) {
    try {
      int version = hello.getInt();
      if (version != VERSION) {
        throw new MpcException(
            ErrorCode.VERSION_MISMATCH,
            peer + " aligns rows by version " + version + ", this party by " + VERSION + ".",
            ErrorCode.VERSION_MISMATCH.nextStep());
      }
      long size = hello.getLong();
      if (!hello.equals(ByteBuffer.wrap(names()))) {
        throw new MpcException(
            ErrorCode.CONFIGURATION_MISMATCH,
            peer + " wants to align rows with other holders than " + holders + ".",
            ErrorCode.CONFIGURATION_MISMATCH.nextStep());
      }
      boolean possible = tells(peer) ? size >= 0 && size <= Identifiers.MAX : size == UNTOLD;
      if (!possible) {
        throw malformed(peer, "a handshake with " + size + " rows");
      }
      return size;
    } catch (BufferUnderflowException e) {
      throw malformed(peer, "a handshake that is too short");
    }
  }

  /** Gives a peer a seed. */
  void sendSeed(PartyId peer, Seed seed) {
    send(peer, FrameType.SEED, HANDSHAKE, seed.copyBytes());
  }

  /** The seed that a peer gives. */
  Seed receiveSeed(PartyId peer) {
    byte[] bytes = receive(peer, FrameType.SEED, HANDSHAKE, Seed.BYTES, "a seed");
    try {
      return Seed.of(bytes);
    } finally {
      Arrays.fill(bytes, (byte) 0);
    }
  }

  void sendPoints(PartyId peer, byte[] points) {
    send(peer, FrameType.OPEN, POINTS, points);
  }

  byte[] receivePoints(PartyId peer, int count) {
    return receive(peer, FrameType.OPEN, POINTS, count * Curve25519.BYTES, "points");
  }

  /** Refuses points of a peer. */
  static MpcException invalidPoint(PartyId peer) {
    return malformed(peer, "a value that is no point of the curve");
  }

  void sendTable(PartyId peer, byte[] nonce, BandTable table) {
    send(peer, FrameType.OPEN, TABLE, nonce);
    for (int from = 0; from < table.size(); from += CELLS) {
      send(peer, FrameType.OPEN, TABLE, table.store(from, Math.min(CELLS, table.size() - from)));
    }
  }

  BandTable receiveTable(PartyId peer, int keys) {
    byte[] nonce = receive(peer, FrameType.OPEN, TABLE, BandTable.NONCE, "a nonce");
    BandTable table = BandTable.empty(nonce, keys);
    for (int from = 0; from < table.size(); from += CELLS) {
      int bytes = BandTable.CELL * Math.min(CELLS, table.size() - from);
      table.load(receive(peer, FrameType.OPEN, TABLE, bytes, "a table"), from);
    }
    return table;
  }

  void sendTags(PartyId peer, Tags tags) {
    byte[] count = new byte[Long.BYTES];
    Words.put(count, 0, tags.size());
    send(peer, FrameType.SHARE, TAGS, count);
    for (int from = 0; from < tags.size(); from += CELLS) {
      send(peer, FrameType.SHARE, TAGS, tags.store(from, Math.min(CELLS, tags.size() - from)));
    }
  }

  /** The tags of the common rows: at most so many, in ascending order. */
  Tags receiveTags(PartyId peer, int most) {
    long count = Words.get(receive(peer, FrameType.SHARE, TAGS, Long.BYTES, "a count"), 0);
    if (count < 0 || count > most) {
      throw malformed(peer, count + " common rows of " + most);
    }
    Tags tags = Tags.empty((int) count);
    for (int from = 0; from < tags.size(); from += CELLS) {
      int bytes = Tags.TAG * Math.min(CELLS, tags.size() - from);
      tags.load(receive(peer, FrameType.SHARE, TAGS, bytes, "tags"), from);
    }
    if (!tags.ascend()) {
      throw malformed(peer, "common rows out of order");
    }
    return tags;
  }

  /** Refuses common rows that this holder does not have. */
  static MpcException unknownRow(PartyId peer) {
    return malformed(peer, "common rows which this holder does not have");
  }

  /** Waits until every holder has found its rows. */
  void finish() {
    if (self == first()) {
      channels.keySet().forEach(peer -> receive(peer, FrameType.AGREE, DONE, 0, "an end"));
      channels.keySet().forEach(peer -> send(peer, FrameType.AGREE, DONE, new byte[0]));
    } else {
      send(first(), FrameType.AGREE, DONE, new byte[0]);
      receive(first(), FrameType.AGREE, DONE, 0, "an end");
    }
  }

  private void send(PartyId peer, FrameType type, int operation, byte[] payload) {
    channel(peer).send(type, operation, payload);
  }

  private byte[] receive(PartyId peer, FrameType type, int operation) {
    return channel(peer).receive(type, operation);
  }

  private byte[] receive(PartyId peer, FrameType type, int operation, int bytes, String what) {
    byte[] payload = receive(peer, type, operation);
    if (payload.length != bytes) {
      throw malformed(peer, what + " of " + payload.length + " bytes instead of " + bytes);
    }
    return payload;
  }

  private Channel channel(PartyId peer) {
    Channel channel = channels.get(peer);
    if (channel == null) {
      throw new MpcException(
          ErrorCode.INTERNAL, self + " has no channel to " + peer + ".", "Report this.");
    }
    return channel;
  }

  private static MpcException malformed(PartyId peer, String what) {
    return new MpcException(
        ErrorCode.BAD_FRAME,
        "Aligning rows, " + peer + " sent " + what + ".",
        "Run the same version of djl-mpc at all holders; if they do, do not trust this one.");
  }

  @Override
  public void close() {
    channels.values().forEach(Channel::close);
  }
}
