package org.djlmpc.cli.split;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;
import org.djlmpc.layers.split.LabelResults;
import org.djlmpc.layers.split.Metrics;
import org.jspecify.annotations.Nullable;

/**
 * What the label holder learns: metrics on standard output, one JSON object a line, and the scores
 * of a data set in a file of its name, one row a line.
 */
final class ScoreFiles implements LabelResults, AutoCloseable {
  private final PrintStream out;
  private final @Nullable Path folder;
  private final int outputs;
  private final Map<String, BufferedWriter> writers = new ConcurrentHashMap<>();

  ScoreFiles(PrintStream out, @Nullable Path folder, int outputs) {
    this.out = out;
    this.folder = folder;
    this.outputs = outputs;
  }

  @Override
  public void metrics(Metrics metrics) {
    out.println(
        String.format(
            Locale.ROOT,
            "{\"dataset\":\"%s\",\"epoch\":%d,\"train_loss\":%s,\"loss\":%s,\"auc\":%s}",
            metrics.dataset(),
            metrics.epoch(),
            number(metrics.trainLoss()),
            number(metrics.loss()),
            number(metrics.auc())));
  }

  /** JSON has no NaN. */
  private static String number(double value) {
    return Double.isNaN(value) ? "null" : Double.toString(value);
  }

  @Override
  public void scores(String dataset, long firstRow, float[] scores) {
    if (folder == null) {
      return;
    }
    try {
      BufferedWriter writer = writers.get(dataset);
      if (writer == null) {
        Files.createDirectories(folder);
        writer = Files.newBufferedWriter(folder.resolve(dataset + ".csv"));
        writers.put(dataset, writer);
      }
      for (int i = 0; i < scores.length; i++) {
        writer.write(Float.toString(scores[i]));
        writer.write((i + 1) % outputs == 0 ? '\n' : ',');
      }
    } catch (IOException e) {
      throw failed(e);
    }
  }

  private static MpcException failed(IOException e) {
    return new MpcException(
        ErrorCode.DATA_FILE,
        "Predictions cannot be written: " + e.getMessage() + ".",
        "Check the folder, its free space and the permissions.",
        e);
  }

  @Override
  public void close() {
    for (BufferedWriter writer : writers.values()) {
      try {
        writer.close();
      } catch (IOException e) {
        throw failed(e);
      }
    }
  }
}
