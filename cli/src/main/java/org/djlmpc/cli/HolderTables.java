package org.djlmpc.cli;

import java.util.List;
import org.djlmpc.layers.split.data.Table;

/**
 * The columns of each holder.
 *
 * @param name of the data set or the files, without folders
 * @param read the tables behind them
 * @param holders one for each holder
 */
record HolderTables(String name, List<Table> read, List<Table> holders) implements AutoCloseable {

  /** How many rows there are. */
  int rows() {
    return holders.get(0).rows();
  }

  /** The first feature. */
  String firstFeature() {
    return holders.stream().flatMap(holder -> holder.features().stream()).findFirst().orElse("");
  }

  /** Gives up the rows. */
  @Override
  public void close() {
    read.forEach(Table::close);
  }
}
