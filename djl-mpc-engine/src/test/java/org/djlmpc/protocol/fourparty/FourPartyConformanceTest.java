package org.djlmpc.protocol.fourparty;

import org.djlmpc.protocol.ProtocolConformance;
import org.djlmpc.protocol.ProtocolSuite;
import org.djlmpc.ring.Ring;

/** The interface of suites fits one whose assistants compute online. */
class FourPartyConformanceTest extends ProtocolConformance {
  @Override
  protected ProtocolSuite suite() {
    return FourParty.FOUR_PARTY;
  }

  @Override
  protected Ring ring() {
    return Ring.Z64;
  }
}
