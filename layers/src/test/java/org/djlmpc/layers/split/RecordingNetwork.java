package org.djlmpc.layers.split;

import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.djlmpc.error.MpcException;
import org.djlmpc.transport.Channel;
import org.djlmpc.transport.FrameType;
import org.djlmpc.transport.Network;
import org.djlmpc.transport.PartyId;
import org.djlmpc.transport.Payload;
import org.djlmpc.transport.Traffic;

/** Passes everything on and keeps copies of what its party sends and receives. */
public record RecordingNetwork(Network network, List<Message> sent, List<Message> received)
    implements Network {
  /** A frame to or from a peer. */
  public record Message(
      PartyId peer, long request, FrameType type, int operation, byte[] payload) {}

  /** Records what passes through a network from now on. */
  public RecordingNetwork(Network network) {
    this(network, new CopyOnWriteArrayList<>(), new CopyOnWriteArrayList<>());
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
    Channel channel = network.channel(peer, request);
    return new Channel() {
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
        sent.add(new Message(peer, request, type, operation, payload.bytes().clone()));
        channel.send(type, operation, payload);
      }

      @Override
      public Payload receivePayload(FrameType type, int operation) {
        Payload payload = channel.receivePayload(type, operation);
        received.add(new Message(peer, request, type, operation, payload.bytes().clone()));
        return payload;
      }

      @Override
      public Traffic traffic() {
        return channel.traffic();
      }

      @Override
      public void close() {
        channel.close();
      }
    };
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
}
