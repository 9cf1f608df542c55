package org.djlmpc.cli.split;

import java.nio.file.Path;
import java.util.Map;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;
import org.djlmpc.layers.split.HolderSetup;
import org.djlmpc.layers.split.LabelResults;
import org.djlmpc.layers.split.data.CsvFile;
import org.djlmpc.layers.split.data.CsvHolder;
import org.djlmpc.layers.split.data.Encoder;
import org.djlmpc.layers.split.data.Schema;
import org.djlmpc.layers.split.data.SchemaFile;
import org.djlmpc.layers.split.data.SchemaInference;
import org.jspecify.annotations.Nullable;

/**
 * A holder's CSV files as data sets. Statistics and categories are those of the training data; they
 * stay at the holder, beside its checkpoints, so that later predictions use the same.
 */
final class HolderFiles implements AutoCloseable {
  private static final String ENCODER = "encoder.json";

  private final CsvHolder files;
  private final Encoder encoder;
  private final @Nullable Path folder;
  private final @Nullable Long seed;

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
    files = new CsvHolder(schema);
    names.forEach((name, csv) -> files.with(name, SplitConfig.beside(file, csv)));
    folder = config.folder(file);
    seed = config.experimentSeed();
    encoder = folder == null ? files.fit() : files.encoder(folder.resolve(ENCODER));
  }

  private static String first(Map<String, String> names) {
    return names.values().iterator().next();
  }

  /** What the holder brings to the run. */
  HolderSetup setup(LabelResults results) {
    return new HolderSetup(files.rows(encoder), folder, seed, results);
  }

  @Override
  public void close() {
    files.close();
  }
}
