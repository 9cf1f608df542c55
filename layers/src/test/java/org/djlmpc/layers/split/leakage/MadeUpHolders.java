package org.djlmpc.layers.split.leakage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import org.djlmpc.layers.split.data.CsvFile;
import org.djlmpc.layers.split.data.SchemaInference;
import org.djlmpc.layers.split.data.Table;

/**
 * Files of two holders whose columns are independent of each other. The second holder has the
 * label: 1 for a fifth of the rows, those with the largest sum of two columns of each holder.
 */
final class MadeUpHolders {
  private static final double A_FIFTH = 0.84;

  private MadeUpHolders() {}

  static List<Table> of(Path folder, int rows, int columns, long seed) throws IOException {
    SplittableRandom random = new SplittableRandom(seed);
    StringBuilder bank = new StringBuilder(names("a", columns)).append('\n');
    StringBuilder shop = new StringBuilder(names("b", columns)).append(",label\n");
    for (int row = 0; row < rows; row++) {
      double sum = fill(bank, columns, random) + fill(shop, columns, random);
      bank.append('\n');
      // the sum of four columns has deviation 2
      shop.append(sum > 2 * A_FIFTH ? ",1\n" : ",0\n");
    }
    return List.of(
        read(Files.writeString(folder.resolve("a.csv"), bank), null),
        read(Files.writeString(folder.resolve("b.csv"), shop), "label"));
  }

  private static String names(String holder, int columns) {
    StringBuilder names = new StringBuilder();
    for (int i = 0; i < columns; i++) {
      names.append(i == 0 ? "" : ",").append(holder).append(i);
    }
    return names.toString();
  }

  /** The sum of the first two columns. */
  private static double fill(StringBuilder line, int columns, SplittableRandom random) {
    double sum = 0;
    for (int i = 0; i < columns; i++) {
      double value = random.nextGaussian();
      line.append(i == 0 ? "" : ",").append((float) value);
      sum += i < 2 ? value : 0;
    }
    return sum;
  }

  private static Table read(Path path, String label) {
    CsvFile file = CsvFile.of(path);
    return Table.read(file, SchemaInference.infer(file, label, label == null ? null : "1"));
  }
}
