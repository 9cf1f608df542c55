package org.djlmpc.fss;

/** The passes that this machine uses. */
final class Passes {
  private static final TreePasses BEST = new ScalarTreePasses();

  private Passes() {}

  static TreePasses best() {
    return BEST;
  }
}
