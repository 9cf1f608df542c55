package org.djlmpc.layers.split;

import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.IntConsumer;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;
import org.djlmpc.session.Session;
import org.djlmpc.transport.Channel;
import org.djlmpc.transport.Network;
import org.djlmpc.transport.PartyId;
import org.jspecify.annotations.Nullable;

/**
 * The coordinator: starts jobs at all parties, announces the order of rows, watches, and stops. It
 * sees row counts, times and bytes; no data, no predictions, no metrics.
 *
 * <p>One thread uses it. After a failure the session is over: all parties have stopped, and new
 * ones resume from the last checkpoint that all have.
 */
public final class SplitCoordinator implements AutoCloseable {
  private static final long CONTROL = 0;

  private final Session session;
  private final SplitPlan plan;
  private final List<PartyId> others;
  private final SecureRandom random = new SecureRandom();
  private final @Nullable Long shuffleSeed;
  private boolean trained;
  private long jobs;
  private boolean closed;

  private SplitCoordinator(Session session, SplitPlan plan, @Nullable Long shuffleSeed) {
    this.session = session;
    this.plan = plan;
    this.shuffleSeed = shuffleSeed;
    others =
        plan.roles().parties().stream().filter(id -> id != Roles.COORDINATOR).sorted().toList();
  }

  /**
   * Shakes hands with all parties.
   *
   * @param network the coordinator's connections to all parties of the plan; closed with this
   * @param plan the same at all parties
   * @throws MpcException VERSION_MISMATCH or CONFIGURATION_MISMATCH, naming the field
   */
  public static SplitCoordinator open(Network network, SplitPlan plan) {
    return new SplitCoordinator(Session.open(network, plan.session()), plan, null);
  }

  /** The same with orders of rows that can be repeated. */
  public static SplitCoordinator open(Network network, SplitPlan plan, long shuffleSeed) {
    return new SplitCoordinator(Session.open(network, plan.session()), plan, shuffleSeed);
  }

  /**
   * Trains from new weights, or on from those of this session's last training.
   *
   * @return what each epoch has cost
   */
  public List<EpochReport> train(SplitProgress progress) {
    return train(ControlMessage.Command.Kind.TRAIN, progress);
  }

  /**
   * Trains on from the last epoch of which all parties have a checkpoint.
   *
   * @throws MpcException ARGUMENT if there is no such epoch
   */
  public List<EpochReport> resume(SplitProgress progress) {
    return train(ControlMessage.Command.Kind.RESUME, progress);
  }

  private List<EpochReport> train(ControlMessage.Command.Kind kind, SplitProgress progress) {
    return job(
        new ControlMessage.Command(kind, ++jobs, HolderSetup.TRAIN),
        (job, start) -> {
          List<EpochReport> reports = new ArrayList<>();
          SentBytes sent = new SentBytes(job);
          int batches = RowOrder.batches(start.rows(), plan.training().batch());
          int last = Math.max(0, start.epoch());
          Verdict verdict = last == 0 ? Verdict.NONE : verdict(job);
          while (last < plan.training().epochs() && !verdict.stop()) {
            int epoch = ++last;
            long seed = shuffleSeed == null ? random.nextLong() : shuffleSeed + epoch;
            send(job, new ControlMessage.Epoch(epoch, seed, verdict.best()));
            Map<PartyId, ControlMessage.Report> answers =
                reports(job, done -> progress.batches(epoch, done, batches));
            verdict = Objects.requireNonNull(answers.get(plan.roles().labelParty())).verdict();
            EpochReport report = report(epoch, answers, sent);
            reports.add(report);
            progress.epoch(report);
          }
          send(job, new ControlMessage.End(verdict.best()));
          if (verdict.best() > 0) {
            progress.kept(verdict.best());
          }
          return reports;
        });
  }

  /** The label holder's, before any epoch of a resumed training. */
  private Verdict verdict(SplitJob job) {
    Channel labelHolder = job.channel(plan.roles().labelParty());
    return ControlMessage.receive(labelHolder, ControlMessage.Report.class).verdict();
  }

  /**
   * Runs all rows of a data set through the network; the label holder learns the scores, and how
   * good they are if it has labels. Parties that have not trained load the last checkpoint that all
   * have.
   *
   * @param dataset its name at all holders
   * @throws MpcException ARGUMENT if there are no weights: nothing was trained in this session, and
   *     there is no epoch of which all parties have a checkpoint
   */
  public EpochReport infer(String dataset) {
    return job(
        new ControlMessage.Command(ControlMessage.Command.Kind.INFER, ++jobs, dataset),
        (job, start) -> {
          EpochReport report = report(0, reports(job, done -> {}), new SentBytes(job));
          send(job, new ControlMessage.End(0));
          return report;
        });
  }

  private interface Job<T> {
    /** Does the work and says that it has ended. */
    T run(SplitJob job, ControlMessage.Start start);
  }

  private <T> T job(ControlMessage.Command command, Job<T> work) {
    try (SplitJob job = new SplitJob(session, plan, command.job())) {
      for (PartyId party : others) {
        ControlMessage.send(session.channel(party, CONTROL), command);
      }
      Map<PartyId, ControlMessage.Ready> ready = new EnumMap<>(PartyId.class);
      for (PartyId party : others) {
        ready.put(party, ControlMessage.receive(job.channel(party), ControlMessage.Ready.class));
      }
      ControlMessage.Start start = start(command, ready);
      send(job, start);
      trained = true;
      FirstLayer.CoordinatorSide side = plan.firstLayer().coordinator(job);
      try {
        return work.run(job, start);
      } catch (RuntimeException | Error e) {
        // at once: closing the side waits for the others, who wait for this party
        stop(e);
        throw e;
      } finally {
        side.close();
      }
    } catch (RuntimeException | Error e) {
      stop(e);
      throw e;
    }
  }

  private void stop(Throwable e) {
    session.network().abort(MpcException.forPeers(session.network().self().toString(), e));
  }

  private ControlMessage.Start start(
      ControlMessage.Command command, Map<PartyId, ControlMessage.Ready> ready) {
    Set<Long> rows = new TreeSet<>();
    Set<Long> validationRows = new TreeSet<>();
    TreeSet<Saved> saved = new TreeSet<>();
    ready.values().forEach(party -> saved.addAll(party.saved()));
    ready.forEach(
        (party, answer) -> {
          saved.retainAll(answer.saved());
          if (party != Roles.SERVER) {
            rows.add(answer.rows());
            validationRows.add(answer.validationRows());
          }
        });
    requireOne(rows, "\"" + command.dataset() + "\"");
    requireOne(validationRows, "\"" + HolderSetup.VALIDATION + "\"");
    long many = rows.iterator().next();
    long validation = validationRows.iterator().next();
    boolean needed =
        switch (command.kind()) {
          case RESUME -> true;
          case INFER -> !trained;
          case TRAIN, CLOSE -> false;
        };
    if (needed && saved.isEmpty()) {
      throw new MpcException(
          ErrorCode.ARGUMENT,
          "There is no epoch of one training of which all parties have a checkpoint.",
          "Give every party the folder of that training, or train from the beginning.");
    }
    return saved.isEmpty()
        ? new ControlMessage.Start(many, validation, newRun(), -1)
        : new ControlMessage.Start(many, validation, saved.last().run(), saved.last().epoch());
  }

  private long newRun() {
    return shuffleSeed == null ? random.nextLong() : shuffleSeed;
  }

  private static void requireOne(Set<Long> rows, String dataset) {
    if (rows.size() != 1) {
      throw new MpcException(
          ErrorCode.SHAPE,
          "The holders have different numbers of rows in " + dataset + ": " + rows + ".",
          "Align the rows of all holders first.");
    }
  }

  private void send(SplitJob job, ControlMessage message) {
    others.forEach(party -> ControlMessage.send(job.channel(party), message));
  }

  private Map<PartyId, ControlMessage.Report> reports(SplitJob job, IntConsumer batches) {
    Map<PartyId, ControlMessage.Report> reports = new EnumMap<>(PartyId.class);
    Channel server = job.channel(Roles.SERVER);
    ControlMessage message = ControlMessage.receive(server);
    while (message instanceof ControlMessage.Batches some) {
      batches.accept(some.done());
      message = ControlMessage.receive(server);
    }
    if (message instanceof ControlMessage.Report report) {
      reports.put(Roles.SERVER, report);
    }
    for (PartyId holder : plan.roles().holderIds()) {
      reports.put(holder, ControlMessage.receive(job.channel(holder), ControlMessage.Report.class));
    }
    return reports;
  }

  private static EpochReport report(
      int epoch, Map<PartyId, ControlMessage.Report> answers, SentBytes own) {
    Map<PartyId, Map<PartyId, Long>> bytes = new EnumMap<>(PartyId.class);
    answers.forEach((party, report) -> bytes.put(party, report.sent()));
    bytes.put(Roles.COORDINATOR, own.sinceLast());
    long nanos = answers.values().stream().mapToLong(ControlMessage.Report::nanos).max().orElse(0);
    return new EpochReport(epoch, nanos / 1e9, bytes);
  }

  /** Ends the parties in order. */
  @Override
  public void close() {
    if (!closed) {
      closed = true;
      try {
        for (PartyId party : others) {
          ControlMessage.send(
              session.channel(party, CONTROL),
              new ControlMessage.Command(ControlMessage.Command.Kind.CLOSE, 0, ""));
        }
      } catch (MpcException e) {
        // they have stopped already, and know why
      }
      session.close();
    }
  }
}
