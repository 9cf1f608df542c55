package org.djlmpc.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.djlmpc.transport.netty.LoopbackPorts;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Aligning a file whose common rows the memory does not hold. */
@Timeout(120)
final class AlignLargerThanHeapTest {
  private static final int HEAP_MEGABYTES = 40;
  private static final int ROWS = 3_000;
  private static final int FIELD = 16_000;

  @TempDir private Path folder = Path.of("");

  @Test
  void rowsThatTheHeapCannotHoldAreAligned() throws Exception {
    Path large = folder.resolve("large.csv");
    try (BufferedWriter out = Files.newBufferedWriter(large)) {
      out.write("id,text\n");
      for (int row = 0; row < ROWS; row++) {
        out.write(row + "," + text(row) + "\n");
      }
    }
    // the other holder has them backwards, and lacks one
    Path small = folder.resolve("small.csv");
    try (BufferedWriter out = Files.newBufferedWriter(small)) {
      out.write("id\n");
      for (int row = ROWS - 1; row > 0; row--) {
        out.write(row + "\n");
      }
    }
    assertThat(Files.size(large)).isGreaterThan(HEAP_MEGABYTES << 20);
    String addresses =
        "--holder P0=127.0.0.1:"
            + LoopbackPorts.free()
            + " --holder P1=127.0.0.1:"
            + LoopbackPorts.free();
    Process first = smallJvm(arguments("P0", addresses, large));
    try {
      Run second = Run.of(arguments("P1", addresses, small).toArray(new String[0]));
      String printed = new String(first.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(first.waitFor(1, TimeUnit.MINUTES)).isTrue();
      assertThat(printed).contains((ROWS - 1) + " of " + ROWS + " rows are common");
      assertThat(second.out()).contains((ROWS - 1) + " of " + (ROWS - 1) + " rows are common");
    } finally {
      first.destroyForcibly();
    }
    assertSameRows(aligned(large), aligned(small));
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files).hasSize(4);
    }
  }

  private static String text(int row) {
    return Integer.toString(row % 10).repeat(FIELD);
  }

  private static void assertSameRows(Path large, Path small) throws IOException {
    try (BufferedReader rows = Files.newBufferedReader(large);
        BufferedReader ids = Files.newBufferedReader(small)) {
      assertThat(rows.readLine()).isEqualTo("id,text");
      assertThat(ids.readLine()).isEqualTo("id");
      for (int i = 1; i < ROWS; i++) {
        String id = ids.readLine();
        boolean same = rows.readLine().equals(id + "," + text(Integer.parseInt(id)));
        assertThat(same).as("row %d", i).isTrue();
      }
      assertThat(rows.readLine()).isNull();
      assertThat(ids.readLine()).isNull();
    }
  }

  private static Path aligned(Path file) {
    return file.resolveSibling("aligned-" + file.getFileName());
  }

  private static List<String> arguments(String self, String addresses, Path file) {
    return List.of(
        ("split align --insecure-plain-tcp --session large --id id --self "
                + self
                + " "
                + addresses
                + " --file "
                + file
                + " --output "
                + aligned(file))
            .split(" "));
  }

  private Process smallJvm(List<String> arguments) throws IOException {
    List<String> options = List.of("-Xmx" + HEAP_MEGABYTES + "m", "-Djava.io.tmpdir=" + folder);
    return JavaProcess.builder(options, Main.class, arguments).redirectErrorStream(true).start();
  }
}
