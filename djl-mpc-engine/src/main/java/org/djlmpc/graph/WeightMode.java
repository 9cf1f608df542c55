package org.djlmpc.graph;

/** Where the weights of a private model are. */
public enum WeightMode {
  /** As shares at both share holders: the owner of the model may leave. */
  SHARED,
  /** In clear at the owner, who is a share holder: one matrix product online instead of two. */
  OWNER
}
