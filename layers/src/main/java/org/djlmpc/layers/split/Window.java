package org.djlmpc.layers.split;

import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import org.djlmpc.transport.Channel;
import org.djlmpc.transport.FrameType;

/**
 * How far a holder without labels may be ahead of the server while nothing is trained. In training
 * it waits for the gradients of every batch; otherwise for nothing, and what it has sent would wait
 * in the server's memory: decryption is several times slower than encryption, and the server waits
 * for links to other holders, too.
 */
final class Window {
  /** Batches that may be under way. */
  static final int BATCHES = 4;

  private final Queue<Integer> underWay = new ArrayDeque<>();

  /** At the server: h1 of this batch has been used. */
  static void passed(List<Channel> holders, Step step) {
    holders.forEach(holder -> holder.send(FrameType.ANNOUNCE, step.number(), new byte[0]));
  }

  /** At a holder: waits until another batch may be sent. */
  void enter(Channel server, Step step) {
    if (underWay.size() == BATCHES) {
      server.receive(FrameType.ANNOUNCE, underWay.remove());
    }
    underWay.add(step.number());
  }
}
