package org.djlmpc.layers.split;

import java.nio.ByteBuffer;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;
import org.djlmpc.protocol.Share;
import org.djlmpc.ring.IndexMap;
import org.djlmpc.ring.RingTensor;
import org.djlmpc.session.Session;
import org.djlmpc.transport.Channel;
import org.djlmpc.transport.FrameType;
import org.djlmpc.transport.PartyId;
import org.jspecify.annotations.Nullable;

/** A holder in {@link BeaverSum}, whose steps it follows. */
final class BeaverHolder implements FirstLayer.HolderSide {
  private final SplitJob job;
  private final FirstWeights theta;
  private final Session session;
  private final OwnedProduct own;
  private final OwnedProduct others;
  private final ExecutorService thread;
  private boolean announced;

  BeaverHolder(SplitJob job, FirstWeights theta, Session session) {
    this.job = job;
    this.theta = theta;
    this.session = session;
    int columns = theta.schema().columns();
    int otherColumns = exchange(columns);
    PartyId self = session.self();
    own = new OwnedProduct(session, self, columns, theta.width());
    others = new OwnedProduct(session, session.otherHolder(), otherColumns, theta.width());
    thread =
        Executors.newSingleThreadExecutor(
            work -> {
              Thread made = new Thread(work, "djl-mpc-split-product-" + job.self());
              made.setDaemon(true);
              return made;
            });
  }

  /** Both need to know how wide the other's matrix is. */
  private int exchange(int columns) {
    Channel other =
        job.channel(
            job.plan().roles().holderIds().stream()
                .filter(id -> id != job.self())
                .findAny()
                .orElseThrow());
    other.send(FrameType.AGREE, 0, ByteBuffer.allocate(Integer.BYTES).putInt(columns).array());
    byte[] answer = other.receive(FrameType.AGREE, 0);
    int columnsThere = answer.length == Integer.BYTES ? ByteBuffer.wrap(answer).getInt() : -1;
    if (columnsThere < 1 || columns < 1) {
      throw new MpcException(
          ErrorCode.SHAPE,
          "The holders have " + columns + " and " + columnsThere + " columns.",
          "In ss-paper, give both holders at least one column.");
    }
    return columnsThere;
  }

  @Override
  public void contribute(Step step, @Nullable Step next, RowBatch x) {
    if (!announced) {
      announce(step);
    }
    announced = next != null;
    if (next != null) {
      announce(next);
    }
    Future<Share> pending = thread.submit(() -> others.multiply(step.rows(), null, null));
    Share h1;
    try (Share mine = own.multiply(step.rows(), x, theta);
        Share theirs = await(pending)) {
      // the same request at both holders: that of the first holder's product
      h1 = truncating().truncated(mine, theirs);
    }
    try (h1;
        RingTensor summand = truncating().summand(h1);
        RingTensor rows = summand.rearrange(IndexMap.permute(summand.shape(), 1, 0))) {
      SummedShares.send(job, step, rows);
    }
  }

  private void announce(Step step) {
    own.announce(step.rows(), own == truncating());
    others.announce(step.rows(), others == truncating());
  }

  private OwnedProduct truncating() {
    return session.self() == PartyId.P0 ? own : others;
  }

  private static Share await(Future<Share> pending) {
    try {
      return pending.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof MpcException reason) {
        throw reason;
      }
      throw new CompletionException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new MpcException(
          ErrorCode.CANCELLED, "A product was interrupted.", ErrorCode.CANCELLED.nextStep(), e);
    }
  }

  @Override
  public void close() {
    thread.shutdown();
    own.close();
    others.close();
    session.close(); // which ends a product that still waits for its peer
    try {
      thread.awaitTermination(job.plan().timeout().toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
