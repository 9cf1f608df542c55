package org.djlmpc.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.djlmpc.layers.split.SplitPlan;
import org.djlmpc.layers.split.leakage.Leakage;
import org.djlmpc.layers.split.leakage.LeakageFigure;
import org.djlmpc.layers.split.leakage.LeakageStudy;
import org.djlmpc.layers.split.leakage.Strengths;
import org.djlmpc.layers.split.leakage.Variant;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Measures what split learning gives away on somebody's own rows. */
@Command(
    name = "leakage",
    description =
        "Trains on the rows of all holders, with all parties as threads, and attacks what each of"
            + " them sees: with and without defences.",
    mixinStandardHelpOptions = true)
final class SplitLeakageCommand implements Callable<Integer> {

  @Mixin private final HolderOptions rows = new HolderOptions();

  @Option(
      names = "--property",
      description = "The feature that the server wants to know. Default: the first one.")
  private @Nullable String property;

  @Mixin private final LeakageOptions options = new LeakageOptions();

  @Mixin private final SeedOptions seeds = new SeedOptions();

  @Option(names = "--json", description = "Print a JSON object for each training, nothing else.")
  private boolean json;

  @Option(
      names = "--report",
      paramLabel = "FOLDER",
      description =
          "Write leakage.md, tables and charts with explanations: means and names of columns, no"
              + " values of rows, so that it can be passed on.")
  private @Nullable Path report;

  @Option(names = "--chart", description = "Write the chart of the attacks alone (PNG).")
  private @Nullable Path chart;

  @Spec private @Nullable CommandSpec command;

  @Override
  public Integer call() throws JsonProcessingException {
    if (command == null) {
      return 2;
    }
    String problem = seeds.problem().isEmpty() ? rows.problem() : seeds.problem();
    if (!problem.isEmpty()) {
      throw new ParameterException(command.commandLine(), problem);
    }
    PrintWriter out = command.commandLine().getOut();
    List<Variant> variants = options.variants();
    try (HolderTables tables = rows.read(seeds.first());
        LeakageReport pages = report == null ? null : new LeakageReport(report);
        OutputFile picture = chart == null ? null : new OutputFile(chart)) {
      LeakageRuns runs = run(tables, variants, out);
      if (pages != null) {
        pages.write(about(tables), runs);
      }
      if (picture != null) {
        picture.write(stream -> LeakageChart.attacks(runs, stream));
      }
      if (!json) {
        print(tables, runs, out);
      }
    }
    return 0;
  }

  private LeakageRuns run(HolderTables tables, List<Variant> variants, PrintWriter out)
      throws JsonProcessingException {
    SplitPlan plan = options.plan(tables.holders().size());
    LeakageRuns runs = new LeakageRuns();
    for (long seed : seeds.all()) {
      LeakageStudy study = study(tables, seed);
      Strengths strengths = options.strengths(study);
      for (Variant variant : variants) {
        Leakage leakage = study.run(plan, variant, strengths);
        runs.add(variant, leakage);
        if (json) {
          out.println(BenchCommand.JSON.writeValueAsString(line(tables, seed, variant, leakage)));
          out.flush();
        }
      }
    }
    return runs;
  }

  private LeakageStudy study(HolderTables tables, long seed) {
    return new LeakageStudy(tables.holders(), property(tables), seed);
  }

  private String property(HolderTables tables) {
    return property == null ? tables.firstFeature() : property;
  }

  private Map<String, Object> line(
      HolderTables tables, long seed, Variant variant, Leakage leakage) {
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("defence", variant.id());
    for (LeakageFigure figure : LeakageFigure.values()) {
      line.put(figure.id(), figure.of(leakage));
      if (figure.isCorrelation()) {
        line.put(figure.id() + "_of_unrelated_rows", figure.guess(leakage));
      }
    }
    line.put("property", property(tables));
    line.put("rows", tables.rows());
    line.put("holders", tables.holders().size());
    line.put("seed", seed);
    return line;
  }

  /** What was run, as a list of Markdown. */
  private String about(HolderTables tables) {
    LeakageStudy study = study(tables, seeds.first());
    StringBuilder text = new StringBuilder();
    text.append("- data: ").append(tables.name()).append(", ").append(tables.rows());
    text.append(" rows, of which ").append(study.trainingRows());
    text.append(" train the network under attack; ").append(seeds).append('\n');
    for (int i = 0; i < tables.holders().size(); i++) {
      text.append("- holder ").append(i);
      text.append(tables.holders().get(i).hasLabels() ? ", with the labels: " : ": ");
      text.append(String.join(", ", tables.holders().get(i).features())).append('\n');
    }
    SplitPlan plan = options.plan(tables.holders().size());
    text.append("- property that the server wants to know: ").append(property(tables));
    text.append("\n- network: ").append(plan.network());
    text.append("; epochs ").append(plan.training().epochs());
    text.append(", batches of ").append(plan.training().batch());
    text.append(", learning rate ").append(plan.training().rule().learningRate());
    text.append("\n- defences: ").append(LeakageOptions.describe(options.strengths(study)));
    return text.append('\n').toString();
  }

  private void print(HolderTables tables, LeakageRuns runs, PrintWriter out) {
    out.printf(
        "%s, %d rows, property %s, %d holders, %s%n%n%s%n%s%n",
        tables.name(),
        tables.rows(),
        property(tables),
        tables.holders().size(),
        seeds,
        runs.attacks(),
        runs.correlations());
    out.printf(
        "task AUC: how good the network is. All attacks are AUCs too: 0.5 is a guess, 1 is"
            + " certainty.%n"
            + "shadow attack, known rows: the server tells the property from h1.%n"
            + "norm: the label told by the length of a row's gradient.%n"
            + "Below, distance correlations of what a party sees with what it does not have: inputs"
            + " of the others, or labels.%n");
    out.flush();
  }
}
