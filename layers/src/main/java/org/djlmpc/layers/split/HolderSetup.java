package org.djlmpc.layers.split;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What one holder brings: nobody else sees any of it.
 *
 * @param data data sets by the names that jobs use; {@link #TRAIN} is what training reads and
 *     {@link #VALIDATION}, if all holders have it, what is evaluated after each epoch
 * @param folder for checkpoints, this holder's own; null keeps none
 * @param seed for experiments that are to be repeated; null draws secret weights. A seed that
 *     others can guess gives the first weights away.
 * @param results what the label holder learns
 */
public record HolderSetup(
    Map<String, RowSource> data, @Nullable Path folder, @Nullable Long seed, LabelResults results) {
  /** The data set that training reads. */
  public static final String TRAIN = "train";

  /** The data set that is evaluated after each epoch. */
  public static final String VALIDATION = "validation";

  /** Copies the map. */
  public HolderSetup {
    data = Map.copyOf(data);
  }

  /** Data to train on. */
  public static HolderSetup of(RowSource train) {
    return new HolderSetup(Map.of(TRAIN, train), null, null, LabelResults.IGNORED);
  }

  /** The same with another data set. */
  public HolderSetup with(String name, RowSource rows) {
    Map<String, RowSource> more = new LinkedHashMap<>(data);
    more.put(name, rows);
    return new HolderSetup(more, folder, seed, results);
  }

  /** The same with checkpoints in a folder of this holder. */
  public HolderSetup withFolder(Path checkpoints) {
    return new HolderSetup(data, checkpoints, seed, results);
  }

  /** The same with weights that can be repeated. */
  public HolderSetup withSeed(long own) {
    return new HolderSetup(data, folder, own, results);
  }

  /** The same with somebody who is told what the label holder learns. */
  public HolderSetup withResults(LabelResults listener) {
    return new HolderSetup(data, folder, seed, listener);
  }

  /** Names of data sets only. */
  @Override
  public String toString() {
    return "HolderSetup" + data.keySet();
  }
}
