package org.djlmpc.transport;

/**
 * The computing parties. P0 and P1 hold the shares; the others assist (dealer, helper, assistants),
 * as the suite says.
 */
public enum PartyId {
  /** First share holder. */
  P0,
  /** Second share holder. */
  P1,
  /** First assistant: the dealer of AriaNN, the helper of SecureNN. */
  P2,
  /** Second assistant. */
  P3
}
