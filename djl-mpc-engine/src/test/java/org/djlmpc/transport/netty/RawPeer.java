package org.djlmpc.transport.netty;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import org.djlmpc.transport.Frame;
import org.djlmpc.transport.WireFormat;

/** The other side of a connection, made of bytes: it can say what no party would. */
final class RawPeer implements AutoCloseable {
  /**
   * What a peer that does not read leaves in the sockets of both sides: a few times the receive
   * buffer that it asks for, and a send buffer, which grows to some megabytes.
   */
  static final int MOST_IN_SOCKETS = 24 << 20;

  private static final int RECEIVE_BUFFER = 1 << 20;

  private final Socket socket;
  private final OutputStream out;
  private final DataInputStream in;

  /** Connects, as soon as somebody listens. */
  RawPeer(InetSocketAddress address) throws IOException {
    Socket connected = null;
    for (int attempt = 0; connected == null; attempt++) {
      try {
        connected = connected(address);
      } catch (IOException e) {
        if (attempt == 20_000) {
          throw e;
        }
        LockSupport.parkNanos(5_000_000);
      }
    }
    socket = connected;
    socket.setSoTimeout(120_000);
    out = socket.getOutputStream();
    in = new DataInputStream(socket.getInputStream());
  }

  /** With a receive buffer of its own: else it grows to as much as the system allows. */
  private static Socket connected(InetSocketAddress address) throws IOException {
    Socket socket = new Socket();
    try {
      socket.setReceiveBufferSize(RECEIVE_BUFFER);
      socket.connect(address);
      return socket;
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  static byte[] greeting(int magic, int version, int from, int to, UUID session) {
    return ByteBuffer.allocate(24)
        .putInt(magic)
        .putShort((short) version)
        .put((byte) from)
        .put((byte) to)
        .putLong(session.getMostSignificantBits())
        .putLong(session.getLeastSignificantBits())
        .array();
  }

  void write(byte[]... parts) throws IOException {
    for (byte[] part : parts) {
      out.write(part);
    }
    out.flush();
  }

  void write(Frame frame) throws IOException {
    write(WireFormat.header(frame), frame.payload());
  }

  /** Sends a greeting and returns the verdict. */
  int greet(int from, int to, UUID session) throws IOException {
    return greet(Greeting.MAGIC, Greeting.VERSION, from, to, session);
  }

  int greet(int magic, int version, int from, int to, UUID session) throws IOException {
    write(greeting(magic, version, from, to, session));
    byte[] answer = in.readNBytes(Greeting.ANSWER_BYTES);
    return answer.length == 0 ? -1 : answer[Greeting.ANSWER_BYTES - 1];
  }

  /** Reads up to this many bytes; fewer at the end of the stream. */
  byte[] read(int length) throws IOException {
    return in.readNBytes(length);
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
