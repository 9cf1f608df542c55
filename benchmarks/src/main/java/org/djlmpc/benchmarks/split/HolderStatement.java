package org.djlmpc.benchmarks.split;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What became of SPNN's Figure 5 here: who is ahead with how many holders, by the measured means.
 */
final class HolderStatement {
  private static final String SPLIT_NN = "splitnn";

  private final List<SplitResult> found;

  HolderStatement(SplitResults results) {
    found = results.of(SplitSubset.HOLDERS.cells());
  }

  /** A sentence, if anything is measured. */
  Optional<String> text() {
    String text =
        PageText.groups(found, r -> r.cell().data()).stream()
            .map(data -> "on `" + data.get(0).cell().data() + "` " + methods(data))
            .collect(Collectors.joining("; "));
    return text.isEmpty() ? Optional.empty() : Optional.of(text);
  }

  private static String methods(List<SplitResult> data) {
    List<SplitResult> splitNn = data.stream().filter(r -> isSplitNn(r)).toList();
    List<String> parts = new ArrayList<>();
    for (List<SplitResult> method : PageText.groups(data, r -> r.cell().method())) {
      List<List<SplitResult>> holders = byHolders(method);
      List<SplitResult> fewest = holders.get(0);
      List<SplitResult> most = holders.get(holders.size() - 1);
      parts.add(
          String.format(
              Locale.ROOT,
              "`%s` %.4f with %d holders, %.4f with %d%s",
              method.get(0).cell().method(),
              area(fewest),
              fewest.get(0).cell().holders(),
              area(most),
              most.get(0).cell().holders(),
              isSplitNn(method.get(0)) ? "" : against(holders, byHolders(splitNn))));
    }
    return String.join(", ", parts);
  }

  private static boolean isSplitNn(SplitResult r) {
    return r.cell().method().equals(SPLIT_NN);
  }

  private static List<List<SplitResult>> byHolders(List<SplitResult> results) {
    return PageText.groups(results, r -> Integer.toString(r.cell().holders()));
  }

  private static double area(List<SplitResult> seeds) {
    return PageText.mean(seeds, SplitResult::auc);
  }

  /** With which numbers of holders a method is ahead of SplitNN. */
  private static String against(List<List<SplitResult>> method, List<List<SplitResult>> splitNn) {
    List<String> ahead = new ArrayList<>();
    List<String> behind = new ArrayList<>();
    for (List<SplitResult> mine : method) {
      int holders = mine.get(0).cell().holders();
      for (List<SplitResult> other : splitNn) {
        if (other.get(0).cell().holders() == holders) {
          double lead = area(mine) - area(other);
          String text = String.format(Locale.ROOT, "%d (by %.4f)", holders, Math.abs(lead));
          (lead > 0 ? ahead : behind).add(text);
        }
      }
    }
    return (ahead.isEmpty() ? "" : ", ahead of SplitNN with " + String.join(", ", ahead))
        + (behind.isEmpty() ? "" : ", behind it with " + String.join(", ", behind));
  }
}
