package org.djlmpc.preprocessing;

/** What a share holder holds for one operation: used once, then erased. */
public interface OneTimeKey extends AutoCloseable {
  /** Erases the key. */
  @Override
  void close();
}
