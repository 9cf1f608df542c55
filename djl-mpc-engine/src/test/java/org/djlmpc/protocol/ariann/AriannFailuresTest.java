package org.djlmpc.protocol.ariann;

import org.djlmpc.protocol.ProtocolFailures;
import org.djlmpc.protocol.ProtocolSuite;
import org.djlmpc.protocol.Rounds;
import org.djlmpc.ring.Ring;
import org.junit.jupiter.api.Nested;

/** AriaNN fails as every suite must. */
class AriannFailuresTest {
  @Nested
  class InFewBytes extends ProtocolFailures {
    @Override
    protected ProtocolSuite suite() {
      return Ariann.ARIANN;
    }

    @Override
    protected Ring ring() {
      return Ring.Z64;
    }
  }

  @Nested
  class InFewRounds extends ProtocolFailures {
    @Override
    protected ProtocolSuite suite() {
      return Ariann.ARIANN.withRounds(Rounds.LOW);
    }

    @Override
    protected Ring ring() {
      return Ring.Z64;
    }
  }
}
