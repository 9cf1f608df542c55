package org.djlmpc.protocol.fourparty;

import org.djlmpc.protocol.ProtocolSuite;
import org.djlmpc.protocol.ProtocolViews;
import org.djlmpc.ring.Ring;

/** Frames between four parties are uniform one by one. */
class FourPartyViewsTest extends ProtocolViews {
  @Override
  protected ProtocolSuite suite() {
    return FourParty.FOUR_PARTY;
  }

  @Override
  protected Ring ring() {
    return Ring.Z64;
  }
}
