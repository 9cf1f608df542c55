package org.djlmpc.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.djlmpc.crypto.AesRate;
import org.djlmpc.ring.Kernels;
import org.djlmpc.session.Statistics;
import org.jspecify.annotations.Nullable;

/**
 * What {@code bench} prints of one run. Times are the slower party's; bytes are payload sent,
 * offline by P2 as P0 and P1 received it.
 *
 * @param spec what was run
 * @param processes whether parties were processes
 * @param plaintext the same work in plaintext
 * @param aesBlocksPerSecond of one core, on the same machine
 * @param errors how far the outputs of an inference may be from plaintext; null for an operator
 */
record BenchReport(
    JobSpec spec,
    boolean processes,
    Plaintext plaintext,
    double aesBlocksPerSecond,
    @Nullable ErrorFigures errors) {

  /** A report on all runs of a job; rehearses an inference. */
  static BenchReport of(JobSpec spec, boolean processes, Plaintext plaintext) {
    ErrorFigures errors = spec.kind() == JobSpec.Kind.INFER ? ErrorFigures.of(spec) : null;
    return new BenchReport(spec, processes, plaintext, AesRate.blocksPerSecond(), errors);
  }

  /** Keys in a fixed order. */
  Map<String, Object> line(JobRunner.Outcome outcome, int run) {
    JobResult p0 = outcome.p0().get(run);
    JobResult p1 = outcome.p1().get(run);
    boolean inference = errors != null;
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("bench", spec.kind().label());
    line.put("protocol", spec.protocol());
    if (inference) {
      line.put("model", spec.model());
      line.put("batch", spec.batch());
      line.put("weights", spec.mode().name().toLowerCase(java.util.Locale.ROOT));
    }
    line.put("size", inference ? spec.batch() : new OperatorWorkload(spec).size());
    line.put("comparison", spec.comparison());
    line.put("comparison_bits", spec.comparisonBits());
    line.put("wire_bits", spec.wireBits());
    line.put("processes", processes);
    line.put("threads", Kernels.parallelism());
    line.put("ring", spec.ringBits());
    line.put("fraction_bits", spec.fractionBits());
    line.put("rtt_ms", Figures.number(spec.rttMs()));
    line.put("bandwidth_mbps", Figures.number(spec.bandwidthMbps()));
    costs(line, p0.total(), p1.total(), p0.keyBytes() + p1.keyBytes());
    line.put("key_bytes", Figures.byParty(p0.keyBytes(), p1.keyBytes()));
    if (errors != null) {
      agreement(line, p1, errors);
    } else {
      line.put("max_abs_error", Figures.number(p1.maxAbsError()));
      line.put("errors", p1.errors());
    }
    line.put("plain_s", Figures.number(plaintext.seconds()));
    line.put("aes_blocks_per_s", Math.round(aesBlocksPerSecond));
    line.put(
        "peak_rss",
        outcome.peakMemory().values().stream().mapToLong(Long::longValue).max().orElse(-1));
    line.put("peak_rss_by_process", outcome.peakMemory());
    line.put("kernels", outcome.kernels());
    line.put("java", Runtime.version().toString());
    if (inference) {
      line.put("setup", setup(p0.setup(), p1.setup()));
      line.put("layers", layers(p0, p1));
    }
    return line;
  }

  private static void costs(Map<String, Object> line, Statistics p0, Statistics p1, long dealt) {
    line.put("offline_s", Figures.seconds(Math.max(p0.offlineNanos(), p1.offlineNanos())));
    line.put("online_s", Figures.seconds(Math.max(p0.onlineNanos(), p1.onlineNanos())));
    line.put("total_s", Figures.seconds(Math.max(nanos(p0), nanos(p1))));
    line.put("offline_bytes", Figures.byParty(p0.offlineBytesSent(), p1.offlineBytesSent(), dealt));
    line.put("online_bytes", Figures.byParty(p0.onlineBytesSent(), p1.onlineBytesSent()));
    line.put("rounds", Math.max(p0.rounds(), p1.rounds()));
  }

  /** The first output decides; all count for the error. */
  private void agreement(Map<String, Object> line, JobResult p1, ErrorFigures errors) {
    double largest = 0;
    for (int i = 0; i < p1.outputs().size(); i++) {
      largest = Math.max(largest, agreement(p1.outputs().get(i), i).largestDifference());
    }
    double same = agreement(p1.outputs().get(0), 0).sameTop1();
    line.put("max_abs_error", Figures.number(largest));
    line.put("expected_error", Figures.number(errors.expected()));
    line.put("worst_case_error", Figures.number(errors.worstCase()));
    line.put("errors", Math.round((1 - same) * spec.batch()));
    line.put("agree_top1", Figures.number(same));
  }

  private Agreement agreement(JobResult.Output output, int i) {
    return Agreement.of(plaintext.outputs().get(i).floats(), output.values(), output.valuesOfOne());
  }

  /** Sharing the weights, once for all runs; part of no run's figures. */
  private static Map<String, Object> setup(Statistics p0, Statistics p1) {
    Map<String, Object> setup = new LinkedHashMap<>();
    setup.put("s", Figures.seconds(Math.max(nanos(p0), nanos(p1))));
    setup.put("bytes", Figures.byParty(p0.offlineBytesSent(), p1.offlineBytesSent()));
    return setup;
  }

  /** Rounds are what a layer adds to the longest chain of messages; they add up to the total. */
  private static List<Map<String, Object>> layers(JobResult p0, JobResult p1) {
    List<Map<String, Object>> layers = new ArrayList<>();
    int chainP0 = 0;
    int chainP1 = 0;
    for (int i = 0; i < p0.layers().size(); i++) {
      Statistics a = p0.layers().get(i).cost();
      Statistics b = p1.layers().get(i).cost();
      Map<String, Object> layer = new LinkedHashMap<>();
      layer.put("layer", p0.layers().get(i).label());
      layer.put("offline_s", Figures.seconds(Math.max(a.offlineNanos(), b.offlineNanos())));
      layer.put("online_s", Figures.seconds(Math.max(a.onlineNanos(), b.onlineNanos())));
      layer.put("online_bytes", Figures.byParty(a.onlineBytesSent(), b.onlineBytesSent()));
      int before = Math.max(chainP0, chainP1);
      chainP0 += a.rounds();
      chainP1 += b.rounds();
      layer.put("rounds", Math.max(chainP0, chainP1) - before);
      layer.put("key_bytes", Figures.byParty(a.offlineBytesReceived(), b.offlineBytesReceived()));
      layers.add(layer);
    }
    return layers;
  }

  private static long nanos(Statistics cost) {
    return cost.offlineNanos() + cost.onlineNanos();
  }
}
