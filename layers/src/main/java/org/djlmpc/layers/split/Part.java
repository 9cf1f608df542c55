package org.djlmpc.layers.split;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/** What one party keeps of the network: parameters, and what its update rule remembers. */
interface Part extends AutoCloseable {
  /** Writes everything that training needs to go on. */
  void save(DataOutput out) throws IOException;

  /**
   * Reads what {@link #save} wrote for the same plan.
   *
   * @throws IOException if the data is of another network
   */
  void load(DataInput in) throws IOException;

  @Override
  void close();
}
