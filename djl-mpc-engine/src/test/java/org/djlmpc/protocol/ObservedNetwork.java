package org.djlmpc.protocol;

import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import org.djlmpc.error.MpcException;
import org.djlmpc.transport.Channel;
import org.djlmpc.transport.FrameType;
import org.djlmpc.transport.Network;
import org.djlmpc.transport.PartyId;
import org.djlmpc.transport.Payload;
import org.djlmpc.transport.Traffic;
import org.djlmpc.transport.memory.MemoryNetwork;

/** A network that shows a test every frame that passes, and every failure. */
record ObservedNetwork(Network network, Observer observer) implements Network {
  /** What a test sees; called by the threads of all parties. */
  interface Observer {
    /** Before a frame leaves. The payload must not be kept or changed. */
    default void sending(
        Network at, PartyId to, long request, FrameType type, int operation, byte[] payload) {}

    /** What a call failed with. */
    default void failed(PartyId at, long request, MpcException reason) {}
  }

  /** The networks of a suite's parties, all seen by one observer. */
  static Map<PartyId, Network> create(
      ProtocolSuite suite, PartyOptions options, Observer observer) {
    Map<PartyId, Network> networks = new EnumMap<>(PartyId.class);
    MemoryNetwork.create(suite.parties(), options.network())
        .forEach((id, network) -> networks.put(id, new ObservedNetwork(network, observer)));
    return networks;
  }

  @Override
  public PartyId self() {
    return network.self();
  }

  @Override
  public Set<PartyId> peers() {
    return network.peers();
  }

  @Override
  public Channel channel(PartyId peer, long request) {
    try {
      return new ObservedChannel(network, network.channel(peer, request), observer);
    } catch (MpcException e) {
      observer.failed(self(), request, e);
      throw e;
    }
  }

  @Override
  public long accept() {
    return network.accept();
  }

  @Override
  public int rounds(long request) {
    return network.rounds(request);
  }

  @Override
  public void abort(long request, MpcException reason) {
    network.abort(request, reason);
  }

  @Override
  public void abort(MpcException reason) {
    network.abort(reason);
  }

  @Override
  public void close() {
    network.close();
  }

  private record ObservedChannel(Network network, Channel channel, Observer observer)
      implements Channel {
    @Override
    public PartyId self() {
      return channel.self();
    }

    @Override
    public PartyId peer() {
      return channel.peer();
    }

    @Override
    public long request() {
      return channel.request();
    }

    @Override
    public void send(FrameType type, int operation, Payload payload) {
      observer.sending(network, peer(), request(), type, operation, payload.bytes());
      try {
        channel.send(type, operation, payload);
      } catch (MpcException e) {
        observer.failed(self(), request(), e);
        throw e;
      }
    }

    @Override
    public Payload receivePayload(FrameType type, int operation) {
      try {
        return channel.receivePayload(type, operation);
      } catch (MpcException e) {
        observer.failed(self(), request(), e);
        throw e;
      }
    }

    @Override
    public Traffic traffic() {
      return channel.traffic();
    }

    @Override
    public void close() {
      channel.close();
    }
  }
}
