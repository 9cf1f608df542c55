package org.djlmpc.protocol.fourparty;

import org.djlmpc.protocol.ProtocolFailures;
import org.djlmpc.protocol.ProtocolSuite;
import org.djlmpc.ring.Ring;

/** Assistants that compute online stop with the others. */
class FourPartyFailuresTest extends ProtocolFailures {
  @Override
  protected ProtocolSuite suite() {
    return FourParty.FOUR_PARTY;
  }

  @Override
  protected Ring ring() {
    return Ring.Z64;
  }
}
