package org.djlmpc.layers.split;

import java.util.ArrayList;
import java.util.List;
import org.djlmpc.error.MpcException;
import org.djlmpc.preprocessing.Assistant;
import org.djlmpc.protocol.ariann.Ariann;
import org.djlmpc.session.Session;
import org.djlmpc.transport.PartyId;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The coordinator as AriaNN's dealer: a thread for each request of the holders. */
final class BeaverDealer implements FirstLayer.CoordinatorSide {
  private static final Logger LOG = LoggerFactory.getLogger(BeaverDealer.class);

  private final SplitJob job;
  private final List<Thread> threads = new ArrayList<>();
  private volatile @Nullable Session opened;

  BeaverDealer(SplitJob job) {
    this.job = job;
    start("", this::deal);
  }

  private void start(String name, Runnable work) {
    Thread thread =
        new Thread(
            () -> {
              try {
                work.run();
              } catch (RuntimeException | Error e) {
                LOG.debug("the dealer of job {} stops", job.number(), e);
                job.network().abort(MpcException.forPeers(job.network().self().toString(), e));
              }
            },
            "djl-mpc-split-dealer-" + job.number() + name);
    thread.setDaemon(true);
    synchronized (threads) {
      threads.add(thread);
    }
    thread.start();
  }

  private void deal() {
    Session session = BeaverSum.open(job);
    opened = session;
    Assistant assistant = Ariann.ARIANN.assistant(PartyId.P2, session.config());
    for (int request = 1; request <= BeaverSum.PRODUCTS; request++) {
      int number = request;
      start(
          "-" + number,
          () -> assistant.serve(number, peer -> session.channel(peer, number), session::streams));
    }
  }

  /** Waits until the holders need no more keys. */
  @Override
  public void close() {
    try {
      for (int i = 0; i < size(); i++) {
        Thread thread;
        synchronized (threads) {
          thread = threads.get(i);
        }
        thread.join(job.plan().timeout().toMillis());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    Session session = opened;
    if (session != null) {
      session.close();
    }
  }

  private int size() {
    synchronized (threads) {
      return threads.size();
    }
  }
}
