package org.djlmpc.protocol.ariann;

import org.djlmpc.protocol.ProtocolConformance;
import org.djlmpc.protocol.ProtocolSuite;
import org.djlmpc.protocol.Rounds;
import org.djlmpc.ring.Ring;
import org.junit.jupiter.api.Nested;

/** AriaNN does what every suite must do, on both rings. */
class AriannConformanceTest {
  @Nested
  class On64Bits extends ProtocolConformance {
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
  class On32Bits extends ProtocolConformance {
    @Override
    protected ProtocolSuite suite() {
      return Ariann.ARIANN;
    }

    @Override
    protected Ring ring() {
      return Ring.Z32;
    }
  }

  @Nested
  class On64BitsInFewRounds extends ProtocolConformance {
    @Override
    protected ProtocolSuite suite() {
      return Ariann.ARIANN.withRounds(Rounds.LOW);
    }

    @Override
    protected Ring ring() {
      return Ring.Z64;
    }
  }

  @Nested
  class On32BitsInFewRounds extends ProtocolConformance {
    @Override
    protected ProtocolSuite suite() {
      return Ariann.ARIANN.withRounds(Rounds.LOW);
    }

    @Override
    protected Ring ring() {
      return Ring.Z32;
    }
  }
}
