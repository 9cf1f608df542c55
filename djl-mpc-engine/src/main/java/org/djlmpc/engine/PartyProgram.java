package org.djlmpc.engine;

/**
 * A program that every share holder runs on its own shares; see {@link LocalParties#run}.
 *
 * @param <T> its result at a party
 */
@FunctionalInterface
public interface PartyProgram<T> {
  /**
   * Runs the program. All parties take the same path through it: what it does next may depend on
   * public values, not on who runs it.
   *
   * @param party the party that runs it
   */
  T run(Party party) throws Exception;
}
