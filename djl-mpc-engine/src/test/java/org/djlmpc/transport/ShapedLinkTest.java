package org.djlmpc.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the sender of a slow link sees; what its receiver sees is in {@link NetworkContract}. */
class ShapedLinkTest {
  /** Half a minute one way: nothing arrives while this test runs. */
  private static final LinkShape FAR = new LinkShape(60_000, 100);

  /** The link behind the shaped one. */
  private static final class Behind implements Link {
    final List<Frame> arrived = new ArrayList<>();
    boolean closed;

    @Override
    public synchronized void send(Frame frame) {
      arrived.add(frame);
    }

    @Override
    public boolean writable() {
      return true;
    }

    @Override
    public synchronized void close() {
      closed = true;
    }
  }

  @Test
  void aSenderGoesOnAtOnceAndDoesNotWaitForeverWhenItCloses() {
    Behind behind = new Behind();
    Link shaped = ShapedLink.start(behind, FAR, Duration.ofMillis(1), "far", () -> {});
    shaped.send(WireFormat.end());
    shaped.send(WireFormat.end());
    assertThat(shaped.writable()).isTrue();
    shaped.close();
    assertThat(behind.arrived).isEmpty();
    assertThat(behind.closed).isTrue();
  }
}
