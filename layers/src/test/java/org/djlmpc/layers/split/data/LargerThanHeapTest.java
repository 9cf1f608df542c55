package org.djlmpc.layers.split.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.djlmpc.layers.split.EpochReport;
import org.djlmpc.layers.split.FirstActivation;
import org.djlmpc.layers.split.HolderSetup;
import org.djlmpc.layers.split.ServerSetup;
import org.djlmpc.layers.split.SplitNetwork;
import org.djlmpc.layers.split.SplitPlan;
import org.djlmpc.layers.split.SplitProgress;
import org.djlmpc.layers.split.SplitThreads;
import org.djlmpc.layers.split.Training;
import org.djlmpc.layers.split.UpdateRule;
import org.djlmpc.layers.split.WatchedRows;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Training on more rows than the memory holds, as CSV and as numbers. */
class LargerThanHeapTest {
  private static final int ROWS = 450_000;
  private static final int HOLDERS = 2;
  private static final int HEAP_MEGABYTES = 24;
  private static final int BATCH = 5_000;
  private static final int WINDOW = 50_000;

  @Test
  void holdersTrainOnFilesThatTheHeapCannotHold(@TempDir Path folder) throws Exception {
    for (int holder = 0; holder < HOLDERS; holder++) {
      Path file = folder.resolve(holder + ".csv");
      try (OutputStream out = Files.newOutputStream(file)) {
        DataSet.SYNTHETIC_FRAUD.writeCsv(out, ROWS, 1, holder, HOLDERS);
      }
      // and its numbers, of four bytes each
      assertThat(Files.size(file)).isGreaterThan(HEAP_MEGABYTES << 20);
      assertThat(ROWS * 14L * Float.BYTES).isGreaterThan(HEAP_MEGABYTES << 20);
    }
    Process process =
        new ProcessBuilder(
                ProcessHandle.current().info().command().orElse("java"),
                "-Xmx" + HEAP_MEGABYTES + "m",
                "-Dai.djl.offline=true",
                "-Djava.io.tmpdir=" + folder,
                "-cp",
                System.getProperty("java.class.path"),
                SmallJvm.class.getName(),
                folder.toString())
            .redirectErrorStream(true)
            .start();
    String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(5, TimeUnit.MINUTES)).isTrue();
    assertThat(printed.strip()).endsWith("1 epoch, " + ROWS + " rows");
  }

  /** All parties in a JVM with a small heap. */
  static final class SmallJvm {
    private SmallJvm() {}

    public static void main(String[] args) {
      Path folder = Path.of(args[0]);
      SplitNetwork network = SplitNetwork.binary(FirstActivation.TANH, 8, 8);
      Training training = Training.of(1, BATCH, UpdateRule.adam(0.01f)).withShuffleWindow(WINDOW);
      try (CsvHolder first = CsvHolder.of(folder.resolve("0.csv"), "Class");
          CsvHolder second = CsvHolder.of(folder.resolve("1.csv"));
          SplitThreads parties =
              SplitThreads.start(
                  SplitPlan.of(network, HOLDERS, training),
                  ServerSetup.CPU,
                  List.of(first.setup(), second.setup()))) {
        List<EpochReport> epochs = parties.train(SplitProgress.SILENT);
        long rows = first.setup().data().values().iterator().next().rows();
        System.out.println(epochs.size() + " epoch, " + rows + " rows");
      }
    }
  }

  @Test
  void trainingReadsABatchAtATimeOfOneWindowAfterTheOther() {
    int rows = 1_000;
    int window = 200;
    int batch = 50;
    List<HolderSetup> setups = new ArrayList<>();
    List<List<long[]>> asked = new ArrayList<>();
    for (Table table : DataSet.SYNTHETIC_FRAUD.table(rows, 1).divide(HOLDERS)) {
      List<long[]> own = new ArrayList<>();
      setups.add(HolderSetup.of(new WatchedRows(Encoder.fit(table).rows(table), own::add)));
      asked.add(own);
    }
    SplitNetwork network = SplitNetwork.binary(FirstActivation.TANH, 8, 8);
    Training training = Training.of(2, batch, UpdateRule.sgd(0.1f)).withShuffleWindow(window);
    try (SplitThreads parties =
        SplitThreads.start(SplitPlan.of(network, HOLDERS, training), ServerSetup.CPU, setups)) {
      parties.train(SplitProgress.SILENT);
    }
    assertThat(asked.get(0)).hasSize(2 * rows / batch);
    for (int i = 0; i < asked.get(0).size(); i++) {
      long[] numbers = asked.get(0).get(i);
      assertThat(numbers).hasSize(batch).doesNotHaveDuplicates();
      assertThat(asked.get(1).get(i)).isEqualTo(numbers);
      assertThat(Arrays.stream(numbers).map(row -> row / window)).containsOnly(numbers[0] / window);
    }
  }
}
