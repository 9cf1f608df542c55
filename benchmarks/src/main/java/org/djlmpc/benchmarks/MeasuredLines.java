package org.djlmpc.benchmarks;

import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.writer.CsvWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Measurements in a file that grows by a line as soon as one is there, so that an interrupted run
 * loses nothing and the next one measures what is missing. A line is a key and its values.
 */
public final class MeasuredLines {
  private final Path file;
  private final Map<List<String>, List<String>> lines = new LinkedHashMap<>();

  /**
   * Reads what earlier runs have measured, or begins a file.
   *
   * @param keys names of the columns that tell lines apart, which come first
   * @param values names of the other columns
   */
  public MeasuredLines(Path file, List<String> keys, List<String> values) throws IOException {
    this.file = file;
    if (!Files.exists(file)) {
      write(joined(keys, values));
      return;
    }
    try (CsvReader<CsvRecord> records = CsvReader.builder().ofCsvRecord(file)) {
      for (CsvRecord line : records) {
        if (line.getStartingLineNumber() > 1) {
          List<String> fields = line.getFields();
          lines.put(
              List.copyOf(fields.subList(0, keys.size())),
              List.copyOf(fields.subList(keys.size(), fields.size())));
        }
      }
    }
  }

  /** The values of a key, if they are measured. */
  public Optional<List<String>> get(List<String> key) {
    return Optional.ofNullable(lines.get(key));
  }

  /** Adds a line to the file. */
  public void add(List<String> key, List<String> values) throws IOException {
    lines.put(List.copyOf(key), List.copyOf(values));
    write(joined(key, values));
  }

  private static List<String> joined(List<String> keys, List<String> values) {
    return Stream.concat(keys.stream(), values.stream()).toList();
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
