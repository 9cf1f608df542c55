package org.djlmpc.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.djlmpc.layers.split.data.DataSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SplitLeakageCommandTest {
  @Test
  void reportsOnSomebodysOwnFile(@TempDir Path folder) throws Exception {
    Path csv = folder.resolve("rows.csv");
    try (OutputStream out = Files.newOutputStream(csv)) {
      DataSet.SYNTHETIC_FRAUD.writeCsv(out, 3000, 1);
    }
    Path chart = folder.resolve("leakage.png");

    Run run =
        Run.of(
            "split",
            "leakage",
            "--file",
            csv.toString(),
            "--label",
            "Class",
            "--positive",
            "1",
            "--property",
            "V2",
            "--epochs",
            "1",
            "--defences",
            "none,norms",
            "--chart",
            chart.toString());

    assertThat(run.err()).isEmpty();
    assertThat(run.status()).isZero();
    assertThat(run.out()).contains("property V2").contains("none ").contains("norms ");
    assertThat(ImageIO.read(chart.toFile()).getWidth()).isPositive();
    assertThat(Files.list(folder)).hasSize(2);
  }

  @Test
  void writesAReportOnTheRealDivisionOfTwoHolders(@TempDir Path folder) throws Exception {
    Path bank = folder.resolve("bank.csv");
    Path shop = folder.resolve("shop.csv");
    StringBuilder bankRows = new StringBuilder("customer_id;Größe;debt\n");
    StringBuilder shopRows = new StringBuilder("customer_id;spent;visits;returns\n");
    SplittableRandom random = new SplittableRandom(5);
    for (int row = 0; row < 400; row++) {
      double debt = random.nextGaussian();
      double spent = random.nextGaussian();
      bankRows.append(row + ";" + random.nextGaussian() + ";" + debt + "\n");
      shopRows.append(row + ";" + spent + ";" + random.nextInt(1234, 5678));
      shopRows.append(debt + spent > 1 ? ";gladly\n" : ";rarely\n");
    }
    Files.writeString(bank, bankRows, StandardCharsets.ISO_8859_1);
    Files.writeString(shop, shopRows, StandardCharsets.ISO_8859_1);
    Path report = folder.resolve("new/report");

    Run run =
        Run.of(
            "split",
            "leakage",
            "--file",
            bank.toString(),
            "--file",
            shop.toString(),
            "--charset",
            "ISO-8859-1",
            "--separator",
            ";",
            "--label",
            "returns",
            "--positive",
            "gladly",
            "--property",
            "debt",
            "--epochs",
            "1",
            "--defences",
            "none,noise+bits,splitnn",
            "--noise",
            "2",
            "--bits",
            "4",
            "--report",
            report.toString());

    assertThat(run.err()).isEmpty();
    assertThat(run.status()).isZero();
    String page = Files.readString(report.resolve("leakage.md"));
    assertThat(page)
        .contains("bank.csv, shop.csv, 400 rows")
        .contains("holder 0: Größe, debt\n")
        .contains("holder 1, with the labels: spent, visits\n")
        .contains("noise: 2.0 times", "bits: 4")
        .contains("| none |", "| noise+bits |", "| splitnn |", "| unrelated rows |")
        .contains("Of `none`", "*shadow attack*, the server")
        .doesNotContain("gladly", "rarely", folder.toString());
    for (String chart : List.of("attacks.png", "correlations.png")) {
      assertThat(page).contains("](" + chart + ")");
      assertThat(ImageIO.read(report.resolve(chart).toFile()).getWidth()).isPositive();
    }
    assertThat(Files.list(report)).hasSize(3);
  }

  @Test
  void takesTheColumnsOfEachHolder() {
    List<JsonNode> lines =
        Run.of(
                "split",
                "leakage",
                "--data",
                "credit_data",
                "--columns",
                "Income,Debt",
                "--columns",
                "Age, Home",
                "--columns",
                "Price",
                "--rows",
                "600",
                "--epochs",
                "1",
                "--defences",
                "none",
                "--json")
            .json();
    assertThat(lines).hasSize(1);
    assertThat(lines.get(0).get("holders").asInt()).isEqualTo(3);
    assertThat(lines.get(0).get("property").asText()).isEqualTo("Income");
    assertThat(lines.get(0).get("label_holder_inputs_distance_correlation").asDouble())
        .isBetween(0., 1.);
  }

  @Test
  void saysWhichDivisionsAreNotPossible(@TempDir Path folder) throws Exception {
    String a = Files.writeString(folder.resolve("a.csv"), "x\n1\n2\n").toString();
    String b = Files.writeString(folder.resolve("b.csv"), "y\n1\n2\n").toString();
    assertThat(leakage("--file", a, "--file", b, "--columns", "x").err())
        .contains("several files are divided already");
    assertThat(leakage("--data", "credit_data", "--columns", "Age", "--holders", "3").err())
        .contains("leave it away");
    assertThat(leakage("--file", a, "--file", b, "--label", "z").err())
        .contains("No file has a column z");
    assertThat(leakage("--file", a, "--file", b, "--schema", "s.json").err())
        .contains("1 schemas for 2 files");
    assertThat(leakage("--file", a, "--data", "credit_data").status()).isEqualTo(2);
    String c = Files.writeString(folder.resolve("c.csv"), "id,z\n7,1\n8,0\n").toString();
    String d = Files.writeString(folder.resolve("d.csv"), "id,v\n8,1\n7,2\n").toString();
    assertThat(leakage("--file", c, "--file", d, "--label", "z").err())
        .contains("their columns id differ");
  }

  private static Run leakage(String... options) {
    return Run.of(
        Stream.concat(Stream.of("split", "leakage"), Arrays.stream(options))
            .toArray(String[]::new));
  }

  @Test
  void printsAnObjectForEachTraining() {
    Run run =
        Run.of(
            "split",
            "leakage",
            "--data",
            "credit_data",
            "--rows",
            "600",
            "--epochs",
            "1",
            "--defences",
            "none,sgld",
            "--seeds",
            "2",
            "--json");

    List<JsonNode> lines = run.json();
    assertThat(lines).hasSize(4);
    assertThat(lines.get(1).get("defence").asText()).isEqualTo("sgld");
    assertThat(lines.get(3).get("seed").asInt()).isEqualTo(2);
    assertThat(lines)
        .allSatisfy(line -> assertThat(line.get("task_auc").asDouble()).isBetween(0., 1.));
  }

  @Test
  void namesWhatThereIsToChooseFrom() {
    assertThat(Run.of("split", "leakage", "--data", "credit_data", "--property", "x").err())
        .contains("no feature x")
        .contains("Seniority");
    assertThat(Run.of("split", "leakage", "--data", "credit_data", "--defences", "x").err())
        .contains("none, splitnn, sgld, noise, norms, bits");
  }
}
