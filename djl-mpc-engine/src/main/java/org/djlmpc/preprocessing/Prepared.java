package org.djlmpc.preprocessing;

/**
 * An operation together with the offline work that turns its material into a key: everything that
 * depends on no query.
 *
 * @param <K> the key, used once
 */
public interface Prepared<K extends OneTimeKey> {
  /** What is announced to the assistants. */
  Operation operation();

  /**
   * Reads the material and does the offline work, such as multiplying a mask with public masked
   * weights.
   */
  K prepare(Material material);
}
