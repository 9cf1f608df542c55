package org.djlmpc.layers.split.data;

/** What a column is for. */
public enum ColumnKind {
  /** Numbers; they are standardized. */
  NUMERIC,
  /** One of some values; each becomes a feature that is 0 or 1. */
  CATEGORICAL,
  /** The class or the number to predict. */
  LABEL,
  /** Identifies a row among the holders; never a feature. */
  ID,
  /** Not used. */
  IGNORE
}
