package org.djlmpc.layers.split.align;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.djlmpc.error.MpcException;
import org.djlmpc.transport.Channel;
import org.djlmpc.transport.FrameType;
import org.djlmpc.transport.Network;
import org.djlmpc.transport.PartyId;
import org.djlmpc.transport.Payload;
import org.djlmpc.transport.Traffic;

/** A network that keeps what its party receives. */
record RecordingNetwork(Network network, List<Message> received) implements Network {
  RecordingNetwork(Network network) {
    this(network, new ArrayList<>());
  }

  /** A frame. */
  record Message(PartyId from, FrameType type, int operation, byte[] payload) {
    String form() {
      return from + " " + type + " " + operation + ": " + payload.length;
    }
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
        return peer;
      }

      @Override
      public long request() {
        return request;
      }

      @Override
      public void send(FrameType type, int operation, Payload payload) {
        channel.send(type, operation, payload);
      }

      @Override
      public Payload receivePayload(FrameType type, int operation) {
        Payload payload = channel.receivePayload(type, operation);
        received.add(new Message(peer, type, operation, payload.bytes().clone()));
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
  public PartyId self() {
    return network.self();
  }

  @Override
  public Set<PartyId> peers() {
    return network.peers();
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
