package org.djlmpc.layers.split;

import java.util.Map;
import org.djlmpc.error.MpcException;
import org.jspecify.annotations.Nullable;

/**
 * How the sum h1 of the holders' products X_i theta_i reaches the server, and nothing else does.
 * Stateless: a constant or a record of public options. An implementation makes one {@link
 * HolderSide} at each holder, one {@link ServerSide} at the server and one {@link CoordinatorSide}
 * at the coordinator for each job (training or prediction), and these may talk to each other at
 * once, over the channels of the job: keys, for example.
 *
 * <p>What must hold: the server learns sum over i of round(X_i theta_i, f) modulo 2^64 and nothing
 * else, a holder learns nothing, the coordinator learns nothing. Whatever is random is fresh for
 * each step: {@link Step#number} is never used twice in a job, and the job's number never in a
 * session, whose seeds are fresh too.
 */
public interface FirstLayer {
  /** The name in configurations, such as {@code ss}, {@code ss-paper}, {@code he}. */
  String name();

  /** Public options, compared in the handshake. Values of at most 100 characters. */
  default Map<String, String> options() {
    return Map.of();
  }

  /**
   * Checks that it can work with so many holders and fraction bits.
   *
   * @throws MpcException ARGUMENT
   */
  default void check(Roles roles, int fractionBits) {}

  /**
   * Which columns of h1 a holder has weights for and gets gradients of. All of them where h1 is a
   * sum.
   *
   * @param holder from 0
   */
  default ColumnRange columns(SplitPlan plan, int holder) {
    return ColumnRange.all(plan.network().width());
  }

  /**
   * Begins a job at a holder.
   *
   * @param job channels, seeds and plan
   * @param theta this holder's weights; training changes them between two steps
   */
  HolderSide holder(SplitJob job, FirstWeights theta);

  /** Begins a job at the server. */
  ServerSide server(SplitJob job);

  /** Begins a job at the coordinator, which has nothing to do unless it is a dealer. */
  default CoordinatorSide coordinator(SplitJob job) {
    return () -> {};
  }

  /** One holder's end, for one job; used by one thread. */
  interface HolderSide extends AutoCloseable {
    /**
     * Gives this holder's part of h1 away. Reads {@code theta} as it is now.
     *
     * @param step which batch
     * @param next the step that is certain to follow, or null if that is not known: to prepare what
     *     does not depend on data
     * @param x this holder's columns of the batch, {@link Step#rows} rows
     * @throws MpcException OUT_OF_RANGE or NOT_FINITE if the product cannot be encoded; what
     *     channels throw
     */
    void contribute(Step step, @Nullable Step next, RowBatch x);

    /** Erases secrets. Called once, also after a failure. */
    @Override
    default void close() {}
  }

  /** The server's end, for one job; used by one thread. */
  interface ServerSide extends AutoCloseable {
    /**
     * Receives the sum.
     *
     * @param step which batch
     * @return h1, (rows, width) row by row, with f fraction bits; the caller owns it
     */
    float[] sum(Step step);

    /** Erases secrets. Called once, also after a failure. */
    @Override
    default void close() {}
  }

  /**
   * The coordinator's end, for one job. Works on threads of its own, which end with {@link #close}.
   */
  @FunctionalInterface
  interface CoordinatorSide extends AutoCloseable {
    /**
     * Ends its threads. Called once, after the job or after a failure, when the network is stopped.
     */
    @Override
    void close();
  }
}
