package org.djlmpc.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.djlmpc.layers.split.FirstActivation;
import org.djlmpc.layers.split.SplitNetwork;
import org.djlmpc.layers.split.SplitPlan;
import org.djlmpc.layers.split.Training;
import org.djlmpc.layers.split.UpdateRule;
import org.djlmpc.layers.split.data.CsvFile;
import org.djlmpc.layers.split.data.DataSet;
import org.djlmpc.layers.split.data.Table;
import org.djlmpc.layers.split.leakage.Defence;
import org.djlmpc.layers.split.leakage.Leakage;
import org.djlmpc.layers.split.leakage.LeakageStudy;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
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
        "Trains on rows of one file, with all parties as threads, and attacks what each of them"
            + " sees: with and without defences.",
    mixinStandardHelpOptions = true)
final class SplitLeakageCommand implements Callable<Integer> {

  @ArgGroup(multiplicity = "1")
  private Source source = new Source();

  private static final class Source {
    @Option(
        names = "--data",
        description = "lending_club, credit_data, synthetic-fraud or synthetic-distress.")
    private @Nullable String data;

    @Option(names = "--file", description = "A CSV file with the columns of all holders.")
    private @Nullable Path file;
  }

  @Mixin private final ColumnOptions columns = new ColumnOptions();

  @Option(
      names = "--property",
      description = "The feature that the server wants to know. Default: the first one.")
  private @Nullable String property;

  @Option(
      names = "--defences",
      split = ",",
      defaultValue = "none,sgld,noise,norms,bits",
      description =
          "sgld: Langevin dynamics; noise: on gradients of the label holder; norms: these made"
              + " equally long; bits: h1 rounded to quarters. Default: ${DEFAULT-VALUE}.")
  private List<String> defences = List.of();

  @Option(names = "--holders", defaultValue = "2", description = "Default: ${DEFAULT-VALUE}.")
  private int holders = 2;

  @Option(names = "--rows", description = "First rows of --data, or made-up rows. Default: all.")
  private @Nullable Integer rows;

  @Option(
      names = "--width",
      defaultValue = "16",
      description = "Of the first layer. Default: ${DEFAULT-VALUE}.")
  private int width = 16;

  @Option(
      names = "--hidden",
      defaultValue = "8",
      split = ",",
      description = "Widths of the server's layers. Default: ${DEFAULT-VALUE}.")
  private int[] hidden = {8};

  @Option(
      names = "--activation",
      defaultValue = "sigmoid",
      description = "identity, sigmoid, tanh or relu. Default: ${DEFAULT-VALUE}.")
  private FirstActivation activation = FirstActivation.SIGMOID;

  @Option(names = "--epochs", defaultValue = "20", description = "Default: ${DEFAULT-VALUE}.")
  private int epochs = 20;

  @Option(names = "--batch", defaultValue = "64", description = "Default: ${DEFAULT-VALUE}.")
  private int batch = 64;

  @Option(
      names = "--learning-rate",
      defaultValue = "0.5",
      description = "Of gradient descent. Default: ${DEFAULT-VALUE}.")
  private float learningRate = 0.5f;

  @Option(
      names = "--langevin-rate",
      description = "Learning rate of sgld. Default: twice the other one, as it is halved.")
  private @Nullable Float langevinRate;

  @Option(
      names = "--temperature",
      description = "Of sgld. Default: 1 divided by the number of rows that train.")
  private @Nullable Float temperature;

  @Mixin private final SeedOptions seeds = new SeedOptions();

  @Option(names = "--json", description = "Print a JSON object for each training, nothing else.")
  private boolean json;

  @Option(names = "--chart", description = "Write the means as a chart (PNG).")
  private @Nullable Path chart;

  @Spec private @Nullable CommandSpec command;

  @Override
  public Integer call() throws JsonProcessingException {
    if (command == null) {
      return 2;
    }
    if (!seeds.problem().isEmpty()) {
      throw new ParameterException(command.commandLine(), seeds.problem());
    }
    PrintWriter out = command.commandLine().getOut();
    List<Defence> chosen = defences.stream().map(Defence::byName).toList();
    try (Table table = table()) {
      if (chart == null) {
        report(run(table, chosen, out), table, out);
      } else {
        try (OutputFile file = new OutputFile(chart)) {
          Map<Defence, List<Leakage>> found = run(table, chosen, out);
          file.write(stream -> LeakageChart.write(found, stream));
          report(found, table, out);
        }
      }
    }
    return 0;
  }

  private Table table() {
    if (source.data != null) {
      DataSet data = DataSet.byName(source.data);
      return data.table(rows == null ? data.rows() : rows, seeds.first());
    }
    CsvFile file = CsvFile.of(Objects.requireNonNull(source.file));
    return Table.read(file, columns.of(file));
  }

  private Map<Defence, List<Leakage>> run(Table table, List<Defence> chosen, PrintWriter out)
      throws JsonProcessingException {
    SplitPlan plan =
        SplitPlan.of(
            SplitNetwork.binary(activation, width, hidden),
            holders,
            Training.of(epochs, batch, UpdateRule.sgd(learningRate)));
    Map<Defence, List<Leakage>> found = new LinkedHashMap<>();
    for (long run : seeds.all()) {
      LeakageStudy study = new LeakageStudy(table, property(table), run);
      UpdateRule langevin =
          UpdateRule.sgld(
              langevinRate == null ? 2 * learningRate : langevinRate,
              temperature == null ? UpdateRule.temperature(study.trainingRows()) : temperature);
      for (Defence defence : chosen) {
        Leakage leakage = study.run(plan, defence, langevin);
        found.computeIfAbsent(defence, key -> new ArrayList<>()).add(leakage);
        if (json) {
          out.println(BenchCommand.JSON.writeValueAsString(line(table, run, defence, leakage)));
          out.flush();
        }
      }
    }
    return found;
  }

  private String property(Table table) {
    return property == null ? table.features().get(0) : property;
  }

  private Map<String, Object> line(Table table, long run, Defence defence, Leakage leakage) {
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("defence", defence.id());
    line.put("task_auc", leakage.taskAuc());
    line.put("shadow_attack_auc", leakage.shadowAuc());
    line.put("known_rows_attack_auc", leakage.knownRowsAuc());
    line.put("inputs_distance_correlation", leakage.inputs());
    line.put("labels_distance_correlation", leakage.labels());
    line.put("independent_distance_correlation", leakage.independent());
    line.put("server_norm_auc", leakage.serverNormAuc());
    line.put("holder_norm_auc", leakage.holderNormAuc());
    line.put("property", property(table));
    line.put("rows", table.rows());
    line.put("holders", holders);
    line.put("seed", run);
    return line;
  }

  private void report(Map<Defence, List<Leakage>> found, Table table, PrintWriter out) {
    if (json) {
      return;
    }
    TextTable text =
        new TextTable()
            .text("defence")
            .number("task AUC")
            .number("shadow attack")
            .number("known rows")
            .number("inputs~h1")
            .number("labels~grad")
            .number("norm, server")
            .number("norm, holder");
    found.forEach(
        (defence, runs) ->
            text.row(
                defence.id(),
                decimals(Figures.mean(runs, Leakage::taskAuc)),
                decimals(Figures.mean(runs, Leakage::shadowAuc)),
                decimals(Figures.mean(runs, Leakage::knownRowsAuc)),
                decimals(Figures.mean(runs, Leakage::inputs)),
                decimals(Figures.mean(runs, Leakage::labels)),
                decimals(Figures.mean(runs, Leakage::serverNormAuc)),
                decimals(Figures.mean(runs, Leakage::holderNormAuc))));
    out.printf(
        "%d rows, property %s, %d holders, %s%n%n%s%n",
        table.rows(), property(table), holders, seeds, text);
    out.printf(
        "task AUC: how good the network is. All attacks are AUCs too: 0.5 is a guess, 1 is"
            + " certainty.%n"
            + "shadow attack, known rows: the server tells the property from h1.%n"
            + "inputs~h1, labels~grad: distance correlations; independent rows have %s.%n"
            + "norm: the label told by the length of a row's gradient.%n",
        decimals(
            Figures.mean(
                found.values().stream().flatMap(List::stream).toList(), Leakage::independent)));
    out.flush();
  }

  private static String decimals(double value) {
    return String.format(Locale.ROOT, "%.3f", value);
  }
}
