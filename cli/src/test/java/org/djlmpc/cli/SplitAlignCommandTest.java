package org.djlmpc.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.djlmpc.transport.netty.LoopbackPorts;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SplitAlignCommandTest {
  @TempDir private Path folder = Path.of("");

  @Test
  void holdersOfDifferentCustomersGetTheSameRowsInTheSameOrder() throws Exception {
    Path bank = file("bank.csv", "customer,income", "anna,1", "bob,2", "carl,3", "\"d, e\",4");
    Path shop = file("shop.csv", "spent,customer", "30,carl", "99,zoe", "40,\"d, e\"", "10,anna");
    List<String> addresses = addresses(2);

    CompletableFuture<Run> other = Run.start(arguments("P1", addresses, shop, "customer"));
    Run run = align("P0", addresses, bank, "customer");

    assertThat(run.err()).isEmpty();
    assertThat(run.out()).contains("3 of 4 rows are common");
    assertThat(other.get(5, TimeUnit.MINUTES).out()).contains("3 of 4 rows");
    List<String> bankRows = Files.readAllLines(aligned(bank));
    List<String> shopRows = Files.readAllLines(aligned(shop));
    assertThat(bankRows).hasSize(4).startsWith("customer,income");
    assertThat(shopRows).hasSize(4).startsWith("spent,customer");
    for (int i = 1; i < 4; i++) {
      char row = bankRows.get(i).charAt(bankRows.get(i).length() - 1);
      assertThat(shopRows.get(i)).startsWith(row + "0,");
    }
  }

  @Test
  void saysWhatIsWrong() throws Exception {
    Path bank = file("bank.csv", "customer,income", "anna,1");
    assertThat(align("P0", List.of("P0=nowhere", "P1=x:1"), bank, "customer").err())
        .contains("nowhere of P0 is not HOST:PORT");
    assertThat(align("P0", addresses(2), bank, "name").err()).contains("no column name");
    assertThat(Files.list(folder)).hasSize(1);
  }

  private static Run align(String self, List<String> holders, Path file, String id) {
    return Run.of(arguments(self, holders, file, id));
  }

  private static String[] arguments(String self, List<String> holders, Path file, String id) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "split",
                "align",
                "--self",
                self,
                "--session",
                "test",
                "--file",
                file.toString(),
                "--id",
                id,
                "--output",
                aligned(file).toString(),
                "--insecure-plain-tcp"));
    holders.forEach(holder -> arguments.addAll(List.of("--holder", holder)));
    return arguments.toArray(new String[0]);
  }

  private static Path aligned(Path file) {
    return file.resolveSibling("aligned-" + file.getFileName());
  }

  private Path file(String name, String... lines) throws IOException {
    return Files.write(folder.resolve(name), Arrays.asList(lines));
  }

  private static List<String> addresses(int holders) {
    List<String> addresses = new ArrayList<>();
    for (int i = 0; i < holders; i++) {
      addresses.add("P" + i + "=127.0.0.1:" + LoopbackPorts.free());
    }
    return addresses;
  }
}
