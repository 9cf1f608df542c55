package org.djlmpc.cli.split;

import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;
import org.djlmpc.layers.split.HolderSetup;
import org.djlmpc.layers.split.LabelLoss;
import org.djlmpc.layers.split.LabelResults;
import org.djlmpc.layers.split.SplitNetwork;
import org.djlmpc.layers.split.data.CsvFile;
import org.djlmpc.layers.split.data.CsvHolder;
import org.djlmpc.layers.split.data.Encoder;
import org.djlmpc.layers.split.data.LabelColumn;
import org.djlmpc.layers.split.data.SchemaFile;
import org.djlmpc.layers.split.data.SchemaInference;
import org.jspecify.annotations.Nullable;

/**
 * A holder's CSV files as data sets. Statistics and categories are those of the training data; they
 * stay at the holder, beside its checkpoints, so that later predictions use the same.
 */
final class HolderFiles implements AutoCloseable {
  private static final String ENCODER = "encoder.json";

  private final SplitConfig config;
  private final Path file;
  private final @Nullable Path folder;
  private final CsvHolder files;
  private final Encoder encoder;

  HolderFiles(SplitConfig config, Path file, SplitNetwork network) {
    this.config = config;
    this.file = file;
    folder = config.folder(file);
    Map<String, String> names = config.data();
    if (names == null || names.isEmpty()) {
      throw new MpcException(
          ErrorCode.ARGUMENT,
          "A holder's configuration has no data.",
          "Name the CSV file of each data set in \"data\".");
    }
    files = holder(names.get(HolderSetup.TRAIN), network.loss());
    names.forEach((name, csv) -> files.with(name, csv(csv)));
    encoder = folder == null ? files.fit() : files.encoder(folder.resolve(ENCODER));
    requireLabel(network);
  }

  /** By the schema, else by what the training data look like, else by what trained earlier. */
  private CsvHolder holder(@Nullable String train, LabelLoss loss) {
    String schema = config.schema();
    if (schema != null) {
      if (config.label() != null || config.positive() != null) {
        throw new MpcException(
            ErrorCode.ARGUMENT,
            "The configuration has a schema, and \"label\" or \"positive\".",
            "Let the schema say which column is the label and which value is positive.");
      }
      return new CsvHolder(SchemaFile.read(SplitConfig.beside(file, schema)), loss);
    }
    if (train != null) {
      return new CsvHolder(
          SchemaInference.infer(csv(train), config.label(), config.positive(), loss), loss);
    }
    if (folder == null || !Files.exists(folder.resolve(ENCODER))) {
      throw new MpcException(
          ErrorCode.ARGUMENT,
          "There is neither training data nor an encoder of an earlier training.",
          "Name the data set \"train\", or the folder of checkpoints of the training.");
    }
    return CsvHolder.toPredict(folder.resolve(ENCODER));
  }

  private CsvFile csv(String name) {
    String charset = config.charset();
    String separator = config.separator();
    CsvFile csv = CsvFile.of(SplitConfig.beside(file, name));
    csv = charset == null ? csv : csv.withCharset(charset(charset));
    return separator == null ? csv : csv.withSeparator(separator(separator));
  }

  private static Charset charset(String name) {
    try {
      return Charset.forName(name);
    } catch (IllegalArgumentException e) {
      throw new MpcException(
          ErrorCode.ARGUMENT,
          "There is no encoding \"" + name + "\".",
          "Give one such as UTF-8 or windows-1252.",
          e);
    }
  }

  private static char separator(String text) {
    if (text.length() != 1) {
      throw new MpcException(
          ErrorCode.ARGUMENT,
          "The separator \"" + text + "\" is not one character.",
          "Give one such as \";\".");
    }
    return text.charAt(0);
  }

  private void requireLabel(SplitNetwork network) {
    LabelColumn label = encoder.label();
    if (label == null) {
      return;
    }
    boolean binary = label.loss() == LabelLoss.BINARY;
    if (label.loss() != network.loss()
        || differ(config.label(), label.name())
        || binary && differ(config.positive(), label.classes().get(0))) {
      throw new MpcException(
          ErrorCode.CONFIGURATION_MISMATCH,
          ENCODER + " was made for another label, positive value or loss.",
          "Give those of the training, or name another folder to train anew.");
    }
    if (network.loss() == LabelLoss.SOFTMAX && label.classes().size() != network.outputs()) {
      throw new MpcException(
          ErrorCode.CONFIGURATION_MISMATCH,
          "The label has "
              + label.classes().size()
              + " classes in the training data, the network "
              + network.outputs()
              + " outputs.",
          "Set network.outputs to the number of classes, at all parties.");
    }
  }

  private static boolean differ(@Nullable String wanted, String kept) {
    return wanted != null && !wanted.equals(kept);
  }

  /** What labels mean; null at a holder without. */
  @Nullable LabelColumn label() {
    return encoder.label();
  }

  /** What the holder brings to the run. */
  HolderSetup setup(LabelResults results) {
    return new HolderSetup(files.rows(encoder), folder, config.experimentSeed(), results);
  }

  @Override
  public void close() {
    files.close();
  }
}
