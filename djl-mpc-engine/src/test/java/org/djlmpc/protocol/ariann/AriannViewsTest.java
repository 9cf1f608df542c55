package org.djlmpc.protocol.ariann;

import org.djlmpc.protocol.ProtocolSuite;
import org.djlmpc.protocol.ProtocolViews;
import org.djlmpc.protocol.Rounds;
import org.djlmpc.ring.Ring;
import org.junit.jupiter.api.Nested;

/** What AriaNN's parties see, on both rings. */
class AriannViewsTest {
  @Nested
  class On64Bits extends ProtocolViews {
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
  class On32Bits extends ProtocolViews {
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
  class On64BitsInFewRounds extends ProtocolViews {
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
  class On32BitsInFewRounds extends ProtocolViews {
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
