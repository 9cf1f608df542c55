package org.djlmpc.cli.split;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.IntStream;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;
import org.djlmpc.layers.split.HolderSetup;
import org.djlmpc.layers.split.LabelResults;
import org.djlmpc.layers.split.RowSource;
import org.djlmpc.layers.split.data.CsvFile;
import org.djlmpc.layers.split.data.Encoder;
import org.djlmpc.layers.split.data.EncoderFile;
import org.djlmpc.layers.split.data.Schema;
import org.djlmpc.layers.split.data.SchemaFile;
import org.djlmpc.layers.split.data.SchemaInference;
import org.djlmpc.layers.split.data.Table;
import org.jspecify.annotations.Nullable;

/**
 * A holder's CSV files as data sets. Statistics and categories are those of the training data; they
 * stay at the holder, beside its checkpoints, so that later predictions use the same.
 */
final class HolderFiles implements AutoCloseable {
  private static final String ENCODER = "encoder.json";

  private final Map<String, Table> tables = new LinkedHashMap<>();
  private final Map<String, RowSource> data = new LinkedHashMap<>();

  HolderFiles(SplitConfig config, Path file) {
    Map<String, String> names = config.data();
    if (names == null || names.isEmpty()) {
      throw new MpcException(
          ErrorCode.ARGUMENT,
          "A holder's configuration has no data.",
          "Name the CSV file of each data set in \"data\".");
    }
    Path any = SplitConfig.beside(file, names.getOrDefault(HolderSetup.TRAIN, first(names)));
    String schemaName = config.schema();
    Schema schema =
        schemaName == null
            ? SchemaInference.infer(CsvFile.of(any), config.label(), null)
            : SchemaFile.read(SplitConfig.beside(file, schemaName));
    names.forEach(
        (name, csv) ->
            tables.put(name, Table.read(CsvFile.of(SplitConfig.beside(file, csv)), schema)));
    Encoder encoder = encoder(config.folder(file));
    tables.forEach((name, table) -> data.put(name, encoder.rows(table, all(table))));
  }

  private static String first(Map<String, String> names) {
    return names.values().iterator().next();
  }

  private static int[] all(Table table) {
    return IntStream.range(0, table.rows()).toArray();
  }

  private Encoder encoder(@Nullable Path folder) {
    Path kept = folder == null ? null : folder.resolve(ENCODER);
    if (kept != null && Files.exists(kept)) {
      return EncoderFile.read(kept);
    }
    Table train = tables.get(HolderSetup.TRAIN);
    if (train == null) {
      throw new MpcException(
          ErrorCode.ARGUMENT,
          "There is neither training data nor an encoder of an earlier training.",
          "Name the data set \"train\", or the folder of checkpoints of the training.");
    }
    Encoder encoder = Encoder.fit(train, all(train));
    if (kept != null) {
      try {
        Files.createDirectories(kept.toAbsolutePath().getParent());
        EncoderFile.write(encoder, kept);
      } catch (IOException e) {
        throw new MpcException(
            ErrorCode.DATA_FILE,
            kept.getFileName() + " cannot be written: " + e.getMessage() + ".",
            "Check the folder, its free space and the permissions.",
            e);
      }
    }
    return encoder;
  }

  /** What the holder brings to the run. */
  HolderSetup setup(@Nullable Path folder, LabelResults results) {
    return new HolderSetup(data, folder, null, results);
  }

  @Override
  public void close() {
    tables.values().forEach(Table::close);
  }
}
