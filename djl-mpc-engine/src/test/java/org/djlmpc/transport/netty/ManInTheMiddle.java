package org.djlmpc.transport.netty;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Passes one connection on, writes down what it sees, and changes a bit when it is told to. */
final class ManInTheMiddle implements AutoCloseable {
  private final ServerSocket listener;
  private final InetSocketAddress target;
  private final ByteArrayOutputStream seen = new ByteArrayOutputStream();
  private final List<Socket> sockets = new CopyOnWriteArrayList<>();
  private final List<Thread> threads = new ArrayList<>();
  private volatile boolean changing;

  ManInTheMiddle(InetSocketAddress target) throws IOException {
    this.target = target;
    listener = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
    start(this::accept);
  }

  InetSocketAddress address() {
    return (InetSocketAddress) listener.getLocalSocketAddress();
  }

  /** From now on every chunk from the dialler arrives with its last bit changed. */
  void change() {
    changing = true;
  }

  byte[] seen() {
    synchronized (seen) {
      return seen.toByteArray();
    }
  }

  private synchronized void start(Runnable work) {
    Thread thread = new Thread(work, "man-in-the-middle");
    threads.add(thread);
    thread.start();
  }

  private void accept() {
    try {
      while (true) {
        Socket dialler = listener.accept();
        sockets.add(dialler);
        Socket onward = new Socket();
        sockets.add(onward);
        try {
          onward.connect(target);
        } catch (IOException e) {
          dialler.close(); // nobody there yet: the dialler tries again
          continue;
        }
        start(() -> pass(dialler, onward, true));
        start(() -> pass(onward, dialler, false));
      }
    } catch (IOException e) {
      // closed
    }
  }

  private void pass(Socket from, Socket to, boolean fromDialler) {
    byte[] chunk = new byte[64 << 10];
    try (from;
        to) {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int length = in.read(chunk); length > 0; length = in.read(chunk)) {
        synchronized (seen) {
          seen.write(chunk, 0, length);
        }
        if (changing && fromDialler) {
          chunk[length - 1] ^= 1;
        }
        out.write(chunk, 0, length);
      }
    } catch (IOException e) {
      // one side is gone, and with it the other
    }
  }

  @Override
  public void close() throws IOException {
    listener.close();
    for (Socket socket : sockets) {
      socket.close();
    }
    List<Thread> started;
    synchronized (this) {
      started = List.copyOf(threads);
    }
    try {
      for (Thread thread : started) {
        thread.join();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
