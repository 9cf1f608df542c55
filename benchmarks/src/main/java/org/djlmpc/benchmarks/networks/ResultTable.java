package org.djlmpc.benchmarks.networks;

import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.djlmpc.benchmarks.Report;

/**
 * The rows measured so far. Each new one is written at once, so that an interrupted run loses
 * nothing; rows of an earlier run on the same machine stay until they are measured again.
 */
final class ResultTable {
  private static final String NAME = "RESULTS";
  private static final String TITLE = "Private inference of the papers' networks";

  /** A bar that is not there has no height on the logarithmic axis. */
  private static final double NO_BAR = 0.01;

  private final Path folder;
  private final String text;
  private final List<String> head;
  private final int charted;
  private final Map<List<String>, List<String>> rows = new LinkedHashMap<>();

  /**
   * Continues the table in a folder, or begins one.
   *
   * @param machine where it is measured: rows from elsewhere are not kept
   * @param text how the numbers came about
   * @param columns what is measured, after the columns of the cell
   * @param charted the column to show in the chart
   */
  ResultTable(Path folder, String machine, String text, List<String> columns, String charted)
      throws IOException {
    this.folder = folder;
    this.text = machine + "\n\n" + text;
    head = new ArrayList<>(Cell.HEAD);
    head.addAll(columns);
    this.charted = head.indexOf(charted);
    Path page = folder.resolve(NAME + ".md");
    Path table = folder.resolve(NAME + ".csv");
    if (Files.exists(page)
        && Files.exists(table)
        && Files.readString(page).contains(machine + "\n")) {
      read(table);
    }
  }

  private void read(Path table) throws IOException {
    try (CsvReader<CsvRecord> reader = CsvReader.builder().ofCsvRecord(table)) {
      boolean first = true;
      for (CsvRecord line : reader) {
        if (first && !line.getFields().equals(head)) {
          return; // made by another version
        }
        if (!first) {
          put(line.getFields());
        }
        first = false;
      }
    }
  }

  private void put(List<String> row) {
    rows.put(List.copyOf(row.subList(0, Cell.HEAD.size())), List.copyOf(row));
  }

  /** Whether a cell has a row already. */
  boolean contains(Cell cell) {
    return rows.containsKey(cell.key());
  }

  /** Adds a cell's row, or replaces it, and writes the table and its chart. */
  void add(Cell cell, List<String> values) throws IOException {
    List<String> row = new ArrayList<>(cell.key());
    row.addAll(values);
    put(row);
    Report report = new Report(folder, NAME);
    report.table(TITLE, text, head, List.copyOf(rows.values()));
    report.bars(head.get(charted), "seconds", bars());
  }

  /** For each link and kind of weights a bar for each network. */
  private Map<String, Map<String, Double>> bars() {
    Set<String> networks = new LinkedHashSet<>();
    Map<String, Map<String, Double>> measured = new LinkedHashMap<>();
    for (List<String> row : rows.values()) {
      String network = row.get(0) + ":" + row.get(1);
      networks.add(network);
      measured
          .computeIfAbsent(
              String.join(", ", row.subList(2, Cell.HEAD.size())), key -> new LinkedHashMap<>())
          .put(network, Double.parseDouble(row.get(charted)));
    }
    Map<String, Map<String, Double>> bars = new LinkedHashMap<>();
    measured.forEach(
        (series, values) -> {
          Map<String, Double> all = new LinkedHashMap<>();
          networks.forEach(network -> all.put(network, values.getOrDefault(network, NO_BAR)));
          bars.put(series, all);
        });
    return bars;
  }
}
