package org.djlmpc.transport.netty;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.security.SecureRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;

/**
 * Ports for parties that run on one machine. They lie below those that operating systems give to
 * outgoing connections and to sockets without a port of their own, as such a port may be taken
 * between its choice and its use, even by the party that dials it.
 */
public final class LoopbackPorts {
  private static final int FIRST = 20_000;
  private static final int COUNT = 12_000;

  /** Another start in every process, and no port twice in one. */
  private static final AtomicInteger NEXT = new AtomicInteger(new SecureRandom().nextInt(COUNT));

  private LoopbackPorts() {}

  /**
   * A port on which nobody listens, and which this process was not given before.
   *
   * @throws MpcException CONNECT if all are taken
   */
  public static int free() {
    for (int tried = 0; tried < COUNT; tried++) {
      int port = FIRST + Math.floorMod(NEXT.getAndIncrement(), COUNT);
      try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
        return socket.getLocalPort();
      } catch (IOException e) {
        // taken: the next one
      }
    }
    throw new MpcException(
        ErrorCode.CONNECT,
        "No port from " + FIRST + " to " + (FIRST + COUNT - 1) + " is free on this machine.",
        "End other programs that listen, or start the parties by hand with --addresses.");
  }
}
