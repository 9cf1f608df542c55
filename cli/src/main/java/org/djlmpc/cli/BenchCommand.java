package org.djlmpc.cli;

import ai.djl.Model;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.djlmpc.crypto.AesRate;
import org.djlmpc.ring.Kernels;
import org.djlmpc.session.Statistics;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Measures one operator or one network, and prints a JSON object for each run. */
@Command(
    name = "bench",
    description =
        "Measures relu, matmul, conv, maxpool or infer, or lists AriaNN's table of costs (ops).",
    mixinStandardHelpOptions = true)
final class BenchCommand implements Callable<Integer> {
  private static final ObjectMapper JSON = new ObjectMapper();

  @Parameters(paramLabel = "WHAT", description = "relu, matmul, conv, maxpool, infer or ops.")
  private String what = "";

  @Mixin private final JobOptions options = new JobOptions();

  @Option(
      names = "--size",
      defaultValue = "100000",
      description =
          "Elements (relu, maxpool), or the length of a square matrix or image (matmul, conv).")
  private int size = 100_000;

  @Option(
      names = "--model",
      defaultValue = "lenet",
      description = "Network for infer, such as lenet, network-a or resnet18.")
  private String model = "lenet";

  @Option(names = "--batch", defaultValue = "1", description = "Images at once. Default: 1.")
  private int batch = 1;

  @Option(names = "--json", description = "Print JSON only; the default prints it too.")
  private boolean json;

  @Spec private @Nullable CommandSpec command;

  @Override
  public Integer call() throws JsonProcessingException {
    if (command == null) {
      return 2;
    }
    PrintWriter out = command.commandLine().getOut();
    if (what.equals("ops")) {
      return OperatorCosts.print(out, json);
    }
    JobSpec spec =
        options.spec(JobSpec.Kind.valueOf(what.toUpperCase(Locale.ROOT)), size, model, batch);
    Plaintext plaintext = Plaintext.measure(spec);
    double aes = AesRate.blocksPerSecond();
    JobRunner.Outcome outcome = run(spec);
    for (int i = 0; i < outcome.p1().size(); i++) {
      Map<String, Object> line =
          line(spec, outcome, outcome.p0().get(i), outcome.p1().get(i), plaintext, aes);
      out.println(JSON.writeValueAsString(line));
    }
    out.flush();
    return 0;
  }

  private JobRunner.Outcome run(JobSpec spec) {
    if (json) {
      return JobRunner.of(options.processes).run(spec, (label, steps, bytes) -> {});
    }
    return Progress.run(JobRunner.of(options.processes), spec, "bench " + what);
  }

  private Map<String, Object> line(
      JobSpec spec,
      JobRunner.Outcome outcome,
      JobResult p0,
      JobResult p1,
      Plaintext plaintext,
      double aes) {
    Statistics a = p0.total();
    Statistics b = p1.total();
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("bench", what);
    line.put("protocol", spec.protocol());
    if (spec.kind() == JobSpec.Kind.INFER) {
      line.put("model", spec.model());
      line.put("batch", spec.batch());
      line.put("weights", spec.mode().name().toLowerCase(Locale.ROOT));
    }
    line.put("size", spec.kind() == JobSpec.Kind.INFER ? spec.batch() : spec.size());
    line.put("comparison", spec.comparison());
    line.put("comparison_bits", spec.comparisonBits());
    line.put("processes", options.processes);
    line.put("threads", Kernels.parallelism());
    line.put("ring", spec.ringBits());
    line.put("fraction_bits", spec.fractionBits());
    line.put("rtt_ms", spec.rttMs());
    line.put("bandwidth_mbps", spec.bandwidthMbps());
    line.put("offline_s", seconds(Math.max(a.offlineNanos(), b.offlineNanos())));
    line.put("online_s", seconds(Math.max(a.onlineNanos(), b.onlineNanos())));
    line.put(
        "total_s",
        seconds(Math.max(a.offlineNanos() + a.onlineNanos(), b.offlineNanos() + b.onlineNanos())));
    long dealt = p0.keyBytes() + p1.keyBytes();
    line.put(
        "offline_bytes",
        Map.of("P0", a.offlineBytesSent(), "P1", b.offlineBytesSent(), "P2", dealt));
    line.put("online_bytes", Map.of("P0", a.onlineBytesSent(), "P1", b.onlineBytesSent()));
    line.put("rounds", Math.max(a.rounds(), b.rounds()));
    line.put("key_bytes", Map.of("P0", p0.keyBytes(), "P1", p1.keyBytes()));
    if (spec.kind() == JobSpec.Kind.INFER) {
      Agreement agreement = Agreement.of(plaintext.outputs(), p1.outputs(), plaintext.classes());
      line.put("max_abs_error", agreement.largestDifference());
      line.put("errors", Math.round((1 - agreement.sameTop1()) * spec.batch()));
      line.put("agree_top1", agreement.sameTop1());
      line.put("layers", layers(p0, p1));
    } else {
      line.put("max_abs_error", p1.maxAbsError());
      line.put("errors", p1.errors());
    }
    line.put("plain_s", plaintext.seconds());
    line.put("aes_blocks_per_s", Math.round(aes));
    line.put(
        "peak_rss",
        outcome.peakMemory().values().stream().mapToLong(Long::longValue).max().orElse(-1));
    line.put("peak_rss_by_process", outcome.peakMemory());
    line.put("kernels", Kernels.best().name());
    line.put("java", Runtime.version().toString());
    return line;
  }

  private static List<Map<String, Object>> layers(JobResult p0, JobResult p1) {
    List<Map<String, Object>> layers = new ArrayList<>();
    for (int i = 0; i < p0.layers().size(); i++) {
      Statistics a = p0.layers().get(i).cost();
      Statistics b = p1.layers().get(i).cost();
      Map<String, Object> layer = new LinkedHashMap<>();
      layer.put("layer", p0.layers().get(i).label());
      layer.put("offline_s", seconds(Math.max(a.offlineNanos(), b.offlineNanos())));
      layer.put("online_s", seconds(Math.max(a.onlineNanos(), b.onlineNanos())));
      layer.put("online_bytes", Map.of("P0", a.onlineBytesSent(), "P1", b.onlineBytesSent()));
      layer.put("rounds", Math.max(a.rounds(), b.rounds()));
      layers.add(layer);
    }
    return layers;
  }

  private static double seconds(long nanos) {
    return Math.round(nanos / 1e5) / 1e4;
  }

  /**
   * The same work in plaintext, on DJL's PyTorch engine with one thread.
   *
   * @param seconds best of three runs after one to warm up
   * @param outputs of an inference
   * @param classes outputs for each image
   */
  record Plaintext(double seconds, float[] outputs, int classes) {
    static Plaintext measure(JobSpec spec) {
      if (spec.kind() != JobSpec.Kind.INFER) {
        return new Plaintext(PlainOperator.seconds(spec), new float[0], 1);
      }
      InferJob job = new InferJob(spec);
      try (Model model = job.model()) {
        float[] outputs = job.plaintext(model);
        double best = PlainOperator.best(() -> job.plaintext(model));
        return new Plaintext(best, outputs, job.classes());
      }
    }
  }
}
