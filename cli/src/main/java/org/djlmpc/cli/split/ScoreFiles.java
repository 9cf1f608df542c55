package org.djlmpc.cli.split;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.LineDelimiter;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;
import org.djlmpc.layers.split.LabelResults;
import org.djlmpc.layers.split.Metrics;
import org.djlmpc.layers.split.Reason;
import org.jspecify.annotations.Nullable;

/**
 * What the label holder learns: metrics on standard output, one JSON object a line, and the scores
 * of a data set in a file of its name, one row a line after the names of the columns.
 */
final class ScoreFiles implements LabelResults, AutoCloseable {
  private final PrintWriter out;
  private final @Nullable Path folder;
  private final ScoreLines lines;
  private final Map<String, CsvWriter> writers = new ConcurrentHashMap<>();

  ScoreFiles(PrintWriter out, @Nullable Path folder, ScoreLines lines) {
    this.out = out;
    this.folder = folder;
    this.lines = lines;
  }

  @Override
  public void metrics(Metrics metrics) {
    ObjectNode line = line(metrics.dataset(), metrics.epoch());
    put(line, "train_loss", metrics.trainLoss());
    put(line, "loss", metrics.loss());
    put(line, "auc", metrics.auc());
    put(line, "accuracy", metrics.accuracy());
    say(line);
  }

  private static ObjectNode line(String dataset, int epoch) {
    return JsonNodeFactory.instance.objectNode().put("dataset", dataset).put("epoch", epoch);
  }

  /** What there is not, such as an area under the curve of one class, is left out. */
  private static void put(ObjectNode line, String name, double value) {
    if (Double.isFinite(value)) {
      line.put(name, value);
    }
  }

  @Override
  public void withoutLabels(String dataset, int epoch) {
    say(line(dataset, epoch).put("metrics", "none, because there are no labels"));
  }

  private void say(ObjectNode line) {
    out.println(line);
    out.flush();
  }

  @Override
  public void scores(String dataset, long firstRow, float[] scores) {
    if (folder == null) {
      return;
    }
    try {
      CsvWriter writer = writers.get(dataset);
      if (writer == null) {
        Files.createDirectories(folder);
        writer =
            CsvWriter.builder()
                .lineDelimiter(LineDelimiter.LF)
                .build(folder.resolve(dataset + ".csv"));
        writers.put(dataset, writer);
        writer.writeRecord(lines.header());
      }
      lines.records(scores).forEach(writer::writeRecord);
    } catch (IOException e) {
      throw failed(e);
    } catch (UncheckedIOException e) {
      Throwable cause = e.getCause();
      throw failed(cause == null ? e : cause);
    }
  }

  private static MpcException failed(Throwable e) {
    return new MpcException(
        ErrorCode.DATA_FILE,
        "Predictions cannot be written: " + Reason.of(e) + ".",
        "Check the folder, its free space and the permissions.",
        e);
  }

  @Override
  public void close() {
    for (CsvWriter writer : writers.values()) {
      try {
        writer.close();
      } catch (IOException e) {
        throw failed(e);
      }
    }
  }
}
