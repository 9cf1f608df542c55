package org.djlmpc.preprocessing;

/**
 * What an assistant does for one kind of operation: a dealer makes keys and correlations; a helper
 * of an online protocol takes messages and answers them. A suite registers one for each kind; this
 * package knows none of them.
 *
 * @param <O> the operation
 */
@FunctionalInterface
public interface Generator<O extends Operation> {
  /**
   * Serves one operation.
   *
   * @param operation what P0 and P1 both announced
   * @param context where the results go
   */
  void generate(O operation, AssistantContext context);
}
