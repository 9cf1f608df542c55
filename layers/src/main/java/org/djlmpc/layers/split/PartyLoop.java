package org.djlmpc.layers.split;

import java.util.List;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;
import org.djlmpc.session.Session;
import org.djlmpc.transport.Channel;
import org.jspecify.annotations.Nullable;

/** The server or a holder: does the jobs that the coordinator starts, until it closes. */
final class PartyLoop {
  private static final long CONTROL = 0;
  private static final long PROGRESS_NANOS = 100_000_000;

  private final Session session;
  private final SplitPlan plan;
  private final Role role;
  private final Checkpoints checkpoints;
  private boolean trained;

  PartyLoop(Session session, SplitPlan plan, Role role, Checkpoints checkpoints) {
    this.session = session;
    this.plan = plan;
    this.role = role;
    this.checkpoints = checkpoints;
  }

  /** Serves until the coordinator closes. */
  void run() {
    Channel control = session.channel(Roles.COORDINATOR, CONTROL);
    while (true) {
      var command = ControlMessage.receive(control, ControlMessage.Command.class);
      if (command.kind() == ControlMessage.Command.Kind.CLOSE) {
        return;
      }
      try (SplitJob job = new SplitJob(session, plan, command.job())) {
        run(job, command);
      }
    }
  }

  private void run(SplitJob job, ControlMessage.Command command) {
    Channel coordinator = job.channel(Roles.COORDINATOR);
    boolean inference = command.kind() == ControlMessage.Command.Kind.INFER;
    ControlMessage.send(
        coordinator,
        new ControlMessage.Ready(
            role.rows(command.dataset(), true),
            inference ? 0 : role.rows(HolderSetup.VALIDATION, false),
            command.kind() == ControlMessage.Command.Kind.TRAIN ? List.of() : checkpoints.saved()));
    var start = ControlMessage.receive(coordinator, ControlMessage.Start.class);
    requireRows(command, start);
    if (!inference) {
      checkpoints.begin(start.run(), Math.max(0, start.epoch()));
    }
    if (start.epoch() >= 0 && !(inference && trained)) {
      checkpoints.read(new Saved(start.run(), start.epoch()), role.part());
    }
    trained = true;
    try (Role.Work work = role.begin(job)) {
      JobRun run = new JobRun(job, work, start, coordinator);
      if (inference) {
        run.infer(command.dataset(), start.rows(), true);
        work.endInference(command.dataset());
        run.report(0);
        ControlMessage.receive(coordinator, ControlMessage.End.class);
      } else {
        run.train();
      }
    }
  }

  private void requireRows(ControlMessage.Command command, ControlMessage.Start start) {
    long own = role.rows(command.dataset(), true);
    if (own >= 0 && own != start.rows() || start.rows() < 1 || start.validationRows() < 0) {
      throw new MpcException(
          ErrorCode.SHAPE,
          "The coordinator wants " + start.rows() + " rows, this party has " + own + ".",
          "Align the rows of all holders first.");
    }
  }

  /** One job under way. */
  private final class JobRun {
    private final SplitJob job;
    private final Role.Work work;
    private final ControlMessage.Start start;
    private final Channel coordinator;
    private final SentBytes sent;
    private int steps;
    private long lastProgress = System.nanoTime();

    JobRun(SplitJob job, Role.Work work, ControlMessage.Start start, Channel coordinator) {
      this.job = job;
      this.work = work;
      this.start = start;
      this.coordinator = coordinator;
      sent = new SentBytes(job);
    }

    void train() {
      int first = Math.max(0, start.epoch());
      if (first > 0 && job.self() == plan.roles().labelParty()) {
        report(0);
      }
      try (KeptWeights kept = new KeptWeights(checkpoints, role.part(), first)) {
        ControlMessage message = ControlMessage.receive(coordinator);
        while (message instanceof ControlMessage.Epoch epoch) {
          kept.keep(epoch.best());
          long nanos = train(epoch);
          if (start.validationRows() > 0) {
            infer(HolderSetup.VALIDATION, start.validationRows(), false);
          }
          work.endEpoch(epoch.epoch());
          kept.endEpoch(epoch.epoch());
          report(nanos);
          message = ControlMessage.receive(coordinator);
        }
        if (message instanceof ControlMessage.End end) {
          kept.restore(end.best());
        }
      }
    }

    /** All batches of an epoch; how long they took. */
    private long train(ControlMessage.Epoch epoch) {
      long begin = System.nanoTime();
      Training training = plan.training();
      RowOrder order =
          RowOrder.shuffled(start.rows(), training.shuffleWindow(), training.batch(), epoch.seed());
      int after = firstRows(start.validationRows());
      for (int done = 1; order.hasNext(); done++) {
        long[] rows = order.next();
        work.train(new Step(steps++, rows.length), next(order, after), rows);
        progress(done);
      }
      return System.nanoTime() - begin;
    }

    void infer(String dataset, long rows, boolean predicts) {
      RowOrder order = RowOrder.sequential(rows, plan.training().batch());
      while (order.hasNext()) {
        long[] batch = order.next();
        work.infer(new Step(steps++, batch.length), next(order, 0), dataset, batch, predicts);
      }
    }

    /** The step that follows in this order, or if it has ended, one of so many rows. */
    private @Nullable Step next(RowOrder order, int after) {
      int rows = order.hasNext() ? order.nextSize() : after;
      return rows == 0 ? null : new Step(steps, rows);
    }

    private int firstRows(long rows) {
      return (int) Math.min(rows, plan.training().batch());
    }

    /** The server sees every batch first and last. */
    private void progress(int done) {
      long now = System.nanoTime();
      if (job.self() == Roles.SERVER && now - lastProgress > PROGRESS_NANOS) {
        lastProgress = now;
        ControlMessage.send(coordinator, new ControlMessage.Batches(done));
      }
    }

    void report(long nanos) {
      ControlMessage.send(
          coordinator, new ControlMessage.Report(nanos, sent.sinceLast(), work.verdict()));
    }
  }
}
