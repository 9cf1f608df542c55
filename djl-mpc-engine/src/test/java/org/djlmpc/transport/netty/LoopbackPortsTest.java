package org.djlmpc.transport.netty;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class LoopbackPortsTest {
  @Test
  void aPortIsFreeGivenOnceAndNoneOfTheSystems() throws Exception {
    Set<Integer> given = new HashSet<>();
    for (int i = 0; i < 500; i++) {
      int port = LoopbackPorts.free();
      assertThat(port).isBetween(20_000, 31_999);
      assertThat(given.add(port)).isTrue();
    }
  }

  @Test
  void aTakenPortIsPassedOver() throws Exception {
    int next = 20_000 + (LoopbackPorts.free() - 20_000 + 1) % 12_000;
    try (ServerSocket taken = new ServerSocket(next, 1, InetAddress.getLoopbackAddress())) {
      assertThat(LoopbackPorts.free()).isNotEqualTo(taken.getLocalPort());
    }
  }
}
