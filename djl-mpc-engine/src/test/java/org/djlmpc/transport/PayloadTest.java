package org.djlmpc.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class PayloadTest {
  /** No other test uses this length, so the pool's arrays are this test's own. */
  private static final int LENGTH = 1013;

  private static final byte[] ZEROS = new byte[LENGTH];

  private static Payload written(int holders) {
    Payload payload = Payload.take(LENGTH, holders);
    Arrays.fill(payload.bytes(), (byte) 7);
    return payload;
  }

  @Test
  void isErasedWhenTheLastHolderLetsGoAndThenUsedAgain() {
    Payload payload = written(2);
    payload.close();
    assertThat(payload.bytes()).containsOnly(7);
    Payload other = written(1);
    assertThat(other.bytes()).isNotSameAs(payload.bytes());

    payload.close();
    assertThat(payload.bytes()).isEqualTo(ZEROS);
    Payload next = Payload.take(LENGTH, 1);
    assertThat(next.bytes()).isSameAs(payload.bytes());
    assertThat(Payload.take(LENGTH, 1).bytes()).isNotSameAs(next.bytes());
  }

  @Test
  void whoKeepsAnArrayThatOthersHoldGetsACopy() {
    Payload payload = written(2);
    byte[] kept = payload.keep();
    payload.close();
    assertThat(payload.bytes()).isEqualTo(ZEROS);
    assertThat(kept).containsOnly(7);
    byte[] own = {1, 2};
    assertThat(Payload.of(own).keep()).isSameAs(own);
  }
}
