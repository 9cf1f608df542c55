package org.djlmpc.benchmarks.split;

import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.writer.CsvWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** All results so far, in a file that grows by a line as soon as one is there. */
final class SplitResults {
  private static final List<String> HEAD =
      Stream.concat(SplitCell.HEAD.stream(), SplitResult.HEAD.stream()).toList();

  private final Path file;
  private final Map<SplitCell, SplitResult> results = new LinkedHashMap<>();

  /** Reads what earlier runs have measured. */
  SplitResults(Path file) throws IOException {
    this.file = file;
    if (!Files.exists(file)) {
      write(HEAD);
      return;
    }
    try (CsvReader<CsvRecord> records = CsvReader.builder().ofCsvRecord(file)) {
      for (CsvRecord line : records) {
        if (line.getStartingLineNumber() > 1) {
          List<String> fields = line.getFields();
          int keys = SplitCell.HEAD.size();
          SplitCell cell = SplitCell.ofKey(fields.subList(0, keys));
          results.put(cell, SplitResult.of(cell, fields.subList(keys, fields.size())));
        }
      }
    }
  }

  boolean contains(SplitCell cell) {
    return results.containsKey(cell);
  }

  Optional<SplitResult> get(SplitCell cell) {
    return Optional.ofNullable(results.get(cell));
  }

  /** Those of the cells that are there. */
  List<SplitResult> of(Collection<SplitCell> cells) {
    List<SplitResult> found = new ArrayList<>();
    cells.forEach(cell -> get(cell).ifPresent(found::add));
    return found;
  }

  /** Adds a result to the file. */
  void add(SplitResult result) throws IOException {
    results.put(result.cell(), result);
    List<String> line = new ArrayList<>(result.cell().key());
    line.addAll(result.values());
    write(line);
  }

  private void write(List<String> line) throws IOException {
    try (CsvWriter csv =
        CsvWriter.builder()
            .build(
                Files.newBufferedWriter(
                    file, StandardOpenOption.CREATE, StandardOpenOption.APPEND))) {
      csv.writeRecord(line);
    }
  }
}
