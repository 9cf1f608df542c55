package org.djlmpc.transport;

/**
 * The parties of a run. In secure computation P0 and P1 hold the shares; the others assist (dealer,
 * helper, assistants), as the suite says. Split learning gives the numbers other roles and needs
 * more of them. The place in this list is the party's number on the wire.
 */
public enum PartyId {
  /** First share holder. */
  P0,
  /** Second share holder. */
  P1,
  /** First assistant: the dealer of AriaNN, the helper of SecureNN. */
  P2,
  /** Second assistant. */
  P3,
  /** Fifth party. */
  P4,
  /** Sixth party. */
  P5,
  /** Seventh party. */
  P6,
  /** Eighth party. */
  P7,
  /** Ninth party. */
  P8,
  /** Tenth party. */
  P9,
  /** Eleventh party. */
  P10,
  /** Twelfth party. */
  P11,
  /** Thirteenth party. */
  P12,
  /** Fourteenth party. */
  P13,
  /** Fifteenth party. */
  P14,
  /** Sixteenth party. */
  P15
}
