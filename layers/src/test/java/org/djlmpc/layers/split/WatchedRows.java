package org.djlmpc.layers.split;

import java.util.function.Consumer;

/** Tells which rows are asked for, before they are read. */
public record WatchedRows(RowSource source, Consumer<long[]> asked) implements RowSource {
  @Override
  public FeatureSchema schema() {
    return source.schema();
  }

  @Override
  public long rows() {
    return source.rows();
  }

  @Override
  public RowBatch read(long[] rows) {
    asked.accept(rows);
    return source.read(rows);
  }
}
