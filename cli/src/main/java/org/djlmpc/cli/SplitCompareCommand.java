package org.djlmpc.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.djlmpc.layers.split.EpochReport;
import org.djlmpc.layers.split.Metrics;
import org.djlmpc.layers.split.SplitProgress;
import org.djlmpc.layers.split.Training;
import org.djlmpc.layers.split.UpdateRule;
import org.djlmpc.layers.split.compare.Comparison;
import org.djlmpc.layers.split.compare.Experiment;
import org.djlmpc.layers.split.compare.Method;
import org.djlmpc.layers.split.compare.Outcome;
import org.djlmpc.layers.split.data.DataSet;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Trains one network by several methods, on the same rows and from the same weights. */
@Command(
    name = "compare",
    description =
        "Trains one network in one place, by SplitNN and by the ways of SPNN, all parties as"
            + " threads; prints accuracy, time and bytes of each.",
    mixinStandardHelpOptions = true)
final class SplitCompareCommand implements Callable<Integer> {

  @Option(
      names = "--data",
      required = true,
      description = "lending_club, credit_data, synthetic-fraud or synthetic-distress.")
  private String data = "";

  @Option(
      names = "--methods",
      split = ",",
      description = "Of plain, splitnn, ss, ss-paper and he. Default: all that fit the holders.")
  private List<String> methods = List.of();

  @Option(
      names = "--holders",
      defaultValue = "2",
      description = "Among whom the columns are divided. Default: ${DEFAULT-VALUE}.")
  private int holders = 2;

  @Option(names = "--epochs", description = "Default: what suits the data.")
  private @Nullable Integer epochs;

  @Option(names = "--batch", description = "Rows of a batch. Default: what suits the data.")
  private @Nullable Integer batch;

  @Option(
      names = "--rows",
      description = "First rows of a data set, or made-up rows. Default: all of the original.")
  private @Nullable Integer rows;

  @Option(
      names = "--optimizer",
      description = "sgd, momentum, adam or sgld. Default: what suits the data.")
  private UpdateRule.@Nullable Kind optimizer;

  @Option(names = "--learning-rate", description = "Default: what suits data and optimizer.")
  private @Nullable Float learningRate;

  @Option(
      names = "--temperature",
      description =
          "Of sgld, from 0 to 1; SPNN writes 1, at which nothing is learned. Default: 1 divided by"
              + " the number of rows that train.")
  private @Nullable Float temperature;

  @Mixin private final SeedOptions seeds = new SeedOptions();

  @Mixin private final LinkOptions link = new LinkOptions();

  @Option(
      names = "--curves",
      description =
          "Evaluate the test rows after each epoch too, and print the losses with --json.")
  private boolean curves;

  @Option(names = "--json", description = "Print a JSON object for each training, nothing else.")
  private boolean json;

  @Spec private @Nullable CommandSpec command;

  @Override
  public Integer call() throws JsonProcessingException {
    if (command == null) {
      return 2;
    }
    require(seeds.problem());
    require(link.problem());
    AtLeastOne.require(command, "--holders", holders);
    AtLeastOne.require(command, "--epochs", epochs == null ? 1 : epochs);
    PrintWriter out = command.commandLine().getOut();
    List<Method> chosen =
        methods.isEmpty()
            ? Method.forHolders(holders)
            : methods.stream().map(Method::byName).toList();
    Map<Method, List<Outcome>> outcomes = new LinkedHashMap<>();
    Experiment experiment = experiment();
    for (long seed : seeds.all()) {
      Experiment one = experiment.withSeed(seed);
      try (Comparison comparison = new Comparison(one)) {
        for (Method method : chosen) {
          Outcome outcome = train(comparison, one, method);
          outcomes.computeIfAbsent(method, key -> new ArrayList<>()).add(outcome);
          if (json) {
            out.println(
                BenchCommand.JSON.writeValueAsString(line(one, method, comparison, outcome)));
            out.flush();
          }
        }
      }
    }
    if (!json) {
      out.print(table(experiment, outcomes));
      out.flush();
    }
    return 0;
  }

  private Experiment experiment() {
    Experiment experiment = Experiment.of(DataSet.byName(data)).withHolders(holders);
    experiment = experiment.withRows(rows == null ? experiment.rows() : rows);
    Training training = experiment.training();
    UpdateRule rule = training.rule();
    if (optimizer != null && optimizer != rule.kind()) {
      rule = UpdateRule.of(optimizer);
    }
    if (learningRate != null) {
      rule = new UpdateRule(rule.kind(), learningRate, rule.momentum(), rule.temperature());
    }
    if (rule.kind() == UpdateRule.Kind.SGLD) {
      rule =
          UpdateRule.sgld(
              rule.learningRate(),
              temperature == null
                  ? UpdateRule.temperature(experiment.trainingRows())
                  : temperature);
    }
    return experiment
        .withTraining(
            Training.of(
                epochs == null ? training.epochs() : epochs,
                batch == null ? training.batch() : batch,
                rule))
        .withLink(link.shape())
        .withCurves(curves);
  }

  private Outcome train(Comparison comparison, Experiment experiment, Method method) {
    if (json) {
      return comparison.run(method, SplitProgress.SILENT);
    }
    int perEpoch = experiment.batches(comparison.trainingRows());
    String task = method.id() + ", seed " + experiment.seed();
    try (ProgressBar bar =
        ProgressBar.start(task, "batches", (long) experiment.training().epochs() * perEpoch)) {
      return comparison.run(
          method,
          new SplitProgress() {
            @Override
            public void batches(int epoch, int done, int batches) {
              bar.update((epoch - 1L) * batches + done, 0);
            }

            @Override
            public void epoch(EpochReport report) {
              bar.update((long) report.epoch() * perEpoch, 0);
            }
          });
    }
  }

  private Map<String, Object> line(
      Experiment experiment, Method method, Comparison comparison, Outcome outcome) {
    Training training = experiment.training();
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("method", method.id());
    line.put("auc", outcome.test().auc());
    line.put("loss", outcome.test().loss());
    line.put("seconds_per_epoch", outcome.secondsPerEpoch());
    line.put("bytes", outcome.bytes());
    line.put("holders", experiment.holders());
    line.put("seed", experiment.seed());
    line.put("data", experiment.data().id());
    line.put("rows", experiment.rows());
    line.put("training_rows", comparison.trainingRows());
    line.put("features", comparison.features());
    line.put("network", experiment.network().toString());
    line.put("epochs", outcome.epochs().size());
    line.put("batch", training.batch());
    line.put("optimizer", training.rule().kind().name().toLowerCase(Locale.ROOT));
    line.put("learning_rate", training.rule().learningRate());
    line.put("temperature", training.rule().temperature());
    line.put("bytes_per_epoch", outcome.bytesPerEpoch());
    line.put("rtt_ms", link.rttMs());
    line.put("bandwidth_mbps", link.bandwidthMbps());
    if (curves) {
      line.put("train_loss", outcome.curve().stream().map(Metrics::trainLoss).toList());
      line.put("test_loss", outcome.curve().stream().map(Metrics::loss).toList());
    }
    return line;
  }

  private String table(Experiment experiment, Map<Method, List<Outcome>> outcomes) {
    TextTable table =
        new TextTable()
            .text("method")
            .number("AUC")
            .number("worst")
            .number("best")
            .number("log loss")
            .number("time/epoch")
            .number("sent/epoch");
    outcomes.forEach(
        (method, runs) -> {
          double[] aucs = runs.stream().mapToDouble(run -> run.test().auc()).sorted().toArray();
          table.row(
              method.id(),
              decimals(Figures.mean(runs, run -> run.test().auc())),
              decimals(aucs[0]),
              decimals(aucs[aucs.length - 1]),
              decimals(Figures.mean(runs, run -> run.test().loss())),
              Quantities.seconds(Figures.mean(runs, Outcome::secondsPerEpoch)),
              Quantities.bytes(Math.round(Figures.mean(runs, Outcome::bytesPerEpoch))));
        });
    return String.format(
        Locale.ROOT,
        "%s, %d rows, %d holders, network %s, %d epochs of batches of %d, %s%n%n%s",
        experiment.data().id(),
        experiment.rows(),
        experiment.holders(),
        experiment.network(),
        experiment.training().epochs(),
        experiment.training().batch(),
        seeds,
        table);
  }

  private static String decimals(double value) {
    return String.format(Locale.ROOT, "%.4f", value);
  }

  private void require(String problem) {
    if (!problem.isEmpty() && command != null) {
      throw new ParameterException(command.commandLine(), problem);
    }
  }
}
