package org.djlmpc.transport.netty;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import org.djlmpc.transport.PartyId;

/** The event loops of one party, and their threads, so that closing leaves none behind. */
final class IoThreads {
  private static final int STOP_SECONDS = 5;

  private final String name;
  private final List<Thread> threads = new CopyOnWriteArrayList<>();
  private final EventLoopGroup loops;

  IoThreads(PartyId self, int count) {
    name = "djl-mpc-io-" + self;
    loops =
        new MultiThreadIoEventLoopGroup(
            count, (ThreadFactory) this::thread, NioIoHandler.newFactory());
  }

  private Thread thread(Runnable work) {
    Thread thread = new Thread(work, name + "-" + (threads.size() + 1));
    thread.setDaemon(true);
    threads.add(thread);
    return thread;
  }

  EventLoopGroup loops() {
    return loops;
  }

  /** Stops the loops and waits until their threads have ended, also when it is interrupted. */
  void stop() {
    var unused = loops.shutdownGracefully(0, STOP_SECONDS, TimeUnit.SECONDS);
    boolean interrupted = false;
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(2 * STOP_SECONDS);
    for (Thread thread : threads) {
      while (thread != Thread.currentThread() && thread.isAlive() && System.nanoTime() < deadline) {
        try {
          thread.join(Math.max(1, TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime())));
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
