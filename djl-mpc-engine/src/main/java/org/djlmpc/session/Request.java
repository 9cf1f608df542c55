package org.djlmpc.session;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;
import org.djlmpc.preprocessing.KeyRoom;
import org.djlmpc.preprocessing.OneTimeKey;
import org.djlmpc.preprocessing.Prepared;
import org.djlmpc.preprocessing.Preprocessing;
import org.djlmpc.preprocessing.Preprocessing.KeyCost;
import org.djlmpc.preprocessing.Streams;
import org.djlmpc.ring.RingTensor;
import org.djlmpc.transport.Channel;
import org.djlmpc.transport.FrameType;
import org.djlmpc.transport.PartyId;
import org.djlmpc.transport.TensorFrames;
import org.djlmpc.transport.Traffic;
import org.jspecify.annotations.Nullable;

/**
 * One run of a program at one share holder: its channels, keys, openings and costs. Used by one
 * thread.
 *
 * <p>A request that fails is never resumed: its number, and so all its keys and masks, are burnt.
 */
public final class Request implements AutoCloseable {
  private static final Set<PartyId> SHARE_HOLDERS = EnumSet.of(PartyId.P0, PartyId.P1);

  private final Session session;
  private final long id;
  private final Map<PartyId, Channel> channels = new EnumMap<>(PartyId.class);
  private final Opener opener;
  private final Map<PartyId, Preprocessing> preprocessing = new EnumMap<>(PartyId.class);
  private final PhaseClock clock = new PhaseClock();
  private long room;
  private int messages;
  private boolean bound;

  Request(Session session, long id) {
    this.session = session;
    this.id = id;
    opener = new Opener(channel(session.otherHolder()));
  }

  /**
   * Takes this request for one protocol instance. A second one would number its masks from the
   * beginning again and use them twice.
   *
   * @throws MpcException KEY_REUSED if a protocol already took this request
   */
  public void bind() {
    if (bound) {
      throw new MpcException(
          ErrorCode.KEY_REUSED,
          "Request " + id + " already has a protocol.",
          "Use the protocol of this request, or start a new request.");
    }
    bound = true;
  }

  /** The number of this request. */
  public long id() {
    return id;
  }

  /** The session that runs this request. */
  public Session session() {
    return session;
  }

  /** The party at this end. */
  public PartyId self() {
    return session.self();
  }

  /** The channel to a peer. */
  public Channel channel(PartyId peer) {
    return channels.computeIfAbsent(peer, other -> session.channel(other, id));
  }

  /** The random streams shared with a peer. */
  public Streams streams(PartyId peer) {
    return session.streams(peer);
  }

  /** Openings of masked values between the share holders. */
  public Opener opener() {
    return opener;
  }

  /**
   * Agrees with the other share holder that both run this program, announces it, and prepares its
   * keys: all of them, if the session's window allows so many and both have room for them, or those
   * that fit while the others stream in.
   *
   * @param hash of plan, encoding and key range
   * @throws MpcException ANNOUNCEMENT_MISMATCH if the other runs another program
   */
  public void start(byte[] hash, List<? extends Prepared<?>> program) {
    boolean room = takeRoom(Preprocessing.bytes(program));
    byte[] message = Arrays.copyOf(hash, hash.length + 1);
    message[hash.length] = (byte) (room ? 1 : 0);
    byte[] theirs = exchange(message);
    compare(hash, Arrays.copyOf(theirs, Math.max(0, theirs.length - 1)));
    if (room && theirs[hash.length] == 1) {
      byAssistant(program)
          .forEach(
              (assistant, part) -> preprocessing(assistant).widenTo(Preprocessing.bytes(part)));
    } else {
      giveRoomBack();
    }
    announce(program);
  }

  private boolean takeRoom(long bytes) {
    if (bytes > session.config().keyWindow().whole() || !KeyRoom.ofHeap().take(self(), bytes)) {
      return false;
    }
    room += bytes;
    return true;
  }

  private void giveRoomBack() {
    KeyRoom.ofHeap().giveBack(self(), room);
    room = 0;
  }

  /**
   * Announces the operations of a program to the assistants that serve them, and prepares the keys
   * that fit into the window.
   */
  public void announce(List<? extends Prepared<?>> program) {
    Map<PartyId, List<Prepared<?>>> parts = byAssistant(program);
    parts.forEach((assistant, part) -> preprocessing(assistant).announce(part));
    parts.keySet().forEach(assistant -> preprocessing(assistant).prefetch());
  }

  private static Map<PartyId, List<Prepared<?>>> byAssistant(List<? extends Prepared<?>> program) {
    Map<PartyId, List<Prepared<?>>> parts = new EnumMap<>(PartyId.class);
    for (Prepared<?> prepared : program) {
      parts
          .computeIfAbsent(prepared.operation().assistant(), assistant -> new ArrayList<>())
          .add(prepared);
    }
    return parts;
  }

  /**
   * Announces the next operation of the assistant that serves it, unless a program announced it, so
   * that the assistant works while the share holders do something else before they need the key.
   */
  public void announceNext(Prepared<?> prepared) {
    preprocessing(prepared.operation().assistant()).announceNext(prepared);
  }

  /** The key for the next operation of the assistant that serves it; announced if it was not. */
  public <K extends OneTimeKey> K key(Prepared<K> prepared) {
    return preprocessing(prepared.operation().assistant()).key(prepared);
  }

  /** Keys from an assistant. */
  public Preprocessing preprocessing(PartyId assistant) {
    return preprocessing.computeIfAbsent(
        assistant,
        peer ->
            new Preprocessing(
                channel(peer), streams(peer), session.config().keyWindow(), clock::moveToOffline));
  }

  /** What the keys have cost that were used, whenever they came. */
  public KeyCost keysUsed() {
    return preprocessing.values().stream()
        .map(Preprocessing::used)
        .reduce(KeyCost.ZERO, KeyCost::plus);
  }

  /**
   * Compares a hash of plan, encoding and key range with the other share holder, before the first
   * opening.
   */
  public void agree(byte[] hash) {
    compare(hash, exchange(hash.clone()));
  }

  private byte[] exchange(byte[] message) {
    Channel other = channel(session.otherHolder());
    other.send(FrameType.AGREE, messages, message);
    return other.receive(FrameType.AGREE, messages++);
  }

  private static void compare(byte[] hash, byte[] theirs) {
    if (!Arrays.equals(hash, theirs)) {
      throw new MpcException(
          ErrorCode.ANNOUNCEMENT_MISMATCH,
          "P0 and P1 do not run the same program, hold different encodings of its weights, or name"
              + " different parties who learn its outputs.",
          "Give both parties the same model, shapes and options.");
    }
  }

  /**
   * Gives public data of one share holder, such as a model's architecture, to the other.
   *
   * @param data the data at {@code from}, at most one frame; null at the other
   * @return the data
   */
  public byte[] publish(PartyId from, byte @Nullable [] data) {
    Channel other = channel(session.otherHolder());
    if (self() != from) {
      return other.receive(FrameType.SETUP, messages++);
    }
    if (data == null) {
      throw new MpcException(
          ErrorCode.ARGUMENT, from + " has nothing to publish.", "Give the data at its owner.");
    }
    other.send(FrameType.SETUP, messages++, data.clone());
    return data;
  }

  /** Ends the offline phase: what follows counts as online unless it waits for keys. */
  public void online() {
    opener.flush();
    clock.enter(true);
  }

  /**
   * Runs work that depends on no query, such as opening masked weights, and counts it as offline.
   */
  public void setup(Runnable work) {
    clock.enter(false);
    opener.setup(true);
    work.run();
    opener.setup(false);
    clock.enter(true);
  }

  /**
   * Reveals a result: each share holder gives its share to those who may learn it. Written to the
   * disclosure log.
   *
   * @param share this party's additive share
   * @param learns which share holders learn the values
   * @param reason why, in the program's words
   * @return the values, or null if this party does not learn them
   */
  public @Nullable RingTensor reveal(RingTensor share, Set<PartyId> learns, String reason) {
    if (learns.isEmpty() || !SHARE_HOLDERS.containsAll(learns)) {
      throw new MpcException(
          ErrorCode.ARGUMENT,
          "Values were to be revealed to " + learns + ".",
          "Name P0, P1 or both.");
    }
    opener.flush();
    session.disclosures().add(id, share.shape(), DisclosureLog.names(learns), reason);
    Channel other = channel(session.otherHolder());
    int number = messages++;
    if (learns.contains(other.peer())) {
      TensorFrames.send(other, FrameType.SHARE, number, List.of(new TensorFrames.Elements(share)));
    }
    if (!learns.contains(self())) {
      return null;
    }
    RingTensor values = RingTensor.zeros(share.ring(), share.shape());
    TensorFrames.receive(
        other, FrameType.SHARE, number, List.of(new TensorFrames.Elements(values)));
    values.addInPlace(share);
    return values;
  }

  /**
   * Writes to the disclosure log that a client outside the parties learns values from both shares.
   */
  public void logReveal(RingTensor share, String client, String reason) {
    session.disclosures().add(id, share.shape(), Set.of(client), reason);
  }

  /** Costs so far. */
  public Statistics statistics() {
    Traffic.Totals total =
        session.network().peers().stream()
            .map(peer -> channel(peer).traffic().totals())
            .reduce(Traffic.Totals.NONE, Traffic.Totals::plus);
    return new Statistics(
        clock.offlineNanos(),
        clock.onlineNanos(),
        total.offline().bytesSent(),
        total.offline().bytesReceived(),
        total.online().bytesSent(),
        total.online().bytesReceived(),
        session.network().rounds(id));
  }

  /** Ends the request in order: every announced operation was run. */
  public void finish() {
    opener.flush();
    preprocessing.values().forEach(Preprocessing::finish);
  }

  /** Stops the request at every party with this reason. */
  public void abort(MpcException reason) {
    session.network().abort(id, reason);
  }

  /** Erases what is left of keys and ends the channels. */
  @Override
  public void close() {
    preprocessing.values().forEach(Preprocessing::close);
    channels.values().forEach(Channel::close);
    giveRoomBack();
  }
}
