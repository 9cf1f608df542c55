package org.djlmpc.protocol.ariann;

import org.djlmpc.protocol.ProtocolFailures;
import org.djlmpc.protocol.ProtocolSuite;
import org.djlmpc.ring.Ring;

/** AriaNN fails as every suite must. */
class AriannFailuresTest extends ProtocolFailures {
  @Override
  protected ProtocolSuite suite() {
    return Ariann.ARIANN;
  }

  @Override
  protected Ring ring() {
    return Ring.Z64;
  }
}
