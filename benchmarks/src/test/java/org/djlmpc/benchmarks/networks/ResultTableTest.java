package org.djlmpc.benchmarks.networks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResultTableTest {
  private static final Cell LAN = Cell.parse("lenet:128", LinkSpeed.LAN, "OWNER", 32);
  private static final Cell WAN = Cell.parse("network-a", LinkSpeed.WAN, "SHARED", 0);

  @TempDir private Path folder;

  private ResultTable open(String machine) throws IOException {
    return new ResultTable(folder, machine, "Medians.", List.of("total s", "runs"), "total s");
  }

  @Test
  void continuesWhatWasMeasuredOnThisMachine() throws IOException {
    open("Machine: A.").add(LAN, List.of("1.5", "5"));

    ResultTable continued = open("Machine: A.");
    assertThat(continued.contains(LAN)).isTrue();
    assertThat(continued.contains(WAN)).isFalse();
    continued.add(WAN, List.of("9.25", "5"));
    continued.add(LAN, List.of("1.25", "7"));

    assertThat(Files.readAllLines(folder.resolve("RESULTS.csv")))
        .containsExactly(
            "network,batch,link,weights,bits,total s,runs",
            "lenet,128,LAN,owner,32,1.25,7",
            "network-a,1,WAN,shared,all,9.25,5");
    assertThat(folder.resolve("RESULTS.png")).isNotEmptyFile();
  }

  @Test
  void forgetsRowsOfAnotherMachine() throws IOException {
    open("Machine: A.").add(LAN, List.of("1.5", "5"));
    assertThat(open("Machine: B.").contains(LAN)).isFalse();
  }

  @Test
  void commandImitatesTheLink() {
    assertThat(WAN.command(1, 5))
        .containsSequence("--weights", "SHARED", "--comparison-bits", "0")
        .containsSequence("--rtt-ms", "70.0", "--bandwidth-mbps", "1000.0");
    assertThat(Cell.parse("lenet", LinkSpeed.LOCAL, "OWNER", 32).command(1, 5))
        .doesNotContain("--rtt-ms");
  }
}
