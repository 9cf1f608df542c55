package org.djlmpc.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine.ExitCode;

/** What a user can get wrong ends in one line that says what is possible instead. */
final class BadInputTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "bench tanh                             | choose relu, matmul, conv, maxpool, infer or ops",
        "bench                                  | WHAT",
        "bench party                            | choose relu",
        "bench infer --model lenet5             | Choose one of network-a, network-b, lenet",
        "bench infer --batch 0                  | at least 1",
        "bench infer --batch 100000000          | at most 342392",
        "bench infer --weights nowhere          | SHARED, OWNER",
        "bench relu --protocol securenn         | Choose one of [ariann]",
        "bench relu --ring 128                  | choose 32 or 64",
        "bench relu --size -5                   | at least 1",
        "bench relu --size many                 | 'many' is not an int",
        "bench matmul --size 100000             | at most 2^28 elements",
        "bench relu --fraction-bits 32          | Use 0 to 31 fraction bits",
        "bench relu --ring 32                   | Use 0 to 15 fraction bits",
        "bench infer --model lenet --ring 32    | calibrate --ring 32 first",
        "bench relu --comparison fast           | choose exact or paper",
        "bench relu --rounds few                | choose auto, low or bytes",
        "bench relu --comparison-bits 1         | Use 2 to 64 bits",
        "bench relu --repeat 0                  | at least 1",
        "bench relu --warmup -1                 | at least 0",
        "bench relu --rtt-ms -1                 | Give 0 to 60000 ms",
        "bench relu --bandwidth-mbps -1         | give 0 for no limit",
        "bench relu --bandwidth-mbps NaN        | give 0 for no limit",
        "bench relu --timeout 0                 | at least 1",
        "bench relu --key-window 1              | at least 16",
        "bench relu --key-window all            | mebibytes, or auto",
        "split                                  | coordinator, server, holder",
        "split data                             | djl-mpc: Missing required argument",
        "split data --generate synthetic-fraud  | name it with --output",
        "split data --file x.csv --rows -1      | --rows -1 is too few; give at least 1",
        "split data --file x.csv --holders 0    | --holders 0 is too few; give at least 1",
        "split data --file x.csv --loss log     | BINARY, SOFTMAX, SQUARED",
        "split holder --config ../examples/split/holder0.json --number -1 | give 0 to 1",
        "split holder --config ../examples/split/holder0.json --number 2  | give 0 to 1",
        "split align --self P0 --holder P0=a:1 --session s --file x --id i --output y --pad-to 0 | --pad-to 0 is too few",
        "split align --self P0 --holder P0=a:1 --session s --file x --id i --output y --timeout -1 | --timeout -1 is too few",
        "split compare --data x --holders 0     | --holders 0 is too few; give at least 1",
        "split compare --data x --epochs 0      | --epochs 0 is too few; give at least 1",
        "demo --images 201                      | give 1 to 200",
        "demo --images 0                        | give 1 to 200",
        "demo --imges 3                         | --imges",
        "party P99                              | P0"
      })
  void isAnsweredInOneLine(String command, String wayOut) {
    Run run = Run.of(command.strip().split(" +"));

    assertThat(run.status()).isEqualTo(ExitCode.USAGE);
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).hasLineCount(1).startsWith("djl-mpc: ").contains(wayOut);
    assertThat(run.err()).doesNotContain("Exception").doesNotContain("..").contains("--help");
  }

  @Test
  void anEmptyNameIsNoFile() {
    Run run = Run.of("run", "lenet", "--input", "", "--output", "y.npy");
    assertThat(run.status()).isEqualTo(ExitCode.USAGE);
    assertThat(run.err()).hasLineCount(1).contains("--input").contains("is empty");
  }

  @Test
  void placesThatAreNoFilesOrNoDirectoriesAreNamed(@TempDir Path folder) throws IOException {
    String file = Files.writeString(folder.resolve("x.csv"), "a\n").toString();
    Run directory = Run.of("split", "data", "--file", folder.toString());
    assertThat(directory.err()).hasLineCount(1).contains("is a directory. Name the file in it.");
    Run authority = Run.of("certs", "init", file);
    assertThat(authority.err()).hasLineCount(1).contains("a file has this name");
    assertThat(List.of(directory, authority)).allMatch(run -> run.status() == 1);
  }
}
