package org.djlmpc.benchmarks.split;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.djlmpc.benchmarks.MeasuredLines;

/** All results so far, in a file that grows by a line as soon as one is there. */
final class SplitResults {
  private final MeasuredLines lines;

  /** Reads what earlier runs have measured. */
  SplitResults(Path file) throws IOException {
    lines = new MeasuredLines(file, SplitCell.HEAD, SplitResult.HEAD);
  }

  boolean contains(SplitCell cell) {
    return lines.get(cell.key()).isPresent();
  }

  Optional<SplitResult> get(SplitCell cell) {
    return lines.get(cell.key()).map(values -> SplitResult.of(cell, values));
  }

  /** Those of the cells that are there. */
  List<SplitResult> of(Collection<SplitCell> cells) {
    return cells.stream().flatMap(cell -> get(cell).stream()).toList();
  }

  /** Adds a result to the file. */
  void add(SplitResult result) throws IOException {
    lines.add(result.cell().key(), result.values());
  }
}
