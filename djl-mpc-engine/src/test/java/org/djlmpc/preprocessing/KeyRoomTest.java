package org.djlmpc.preprocessing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.djlmpc.transport.PartyId.P0;
import static org.djlmpc.transport.PartyId.P1;

import org.junit.jupiter.api.Test;

class KeyRoomTest {
  @Test
  void roomIsGivenOnceUntilItIsGivenBack() {
    KeyRoom room = new KeyRoom(100);
    assertThat(room.take(P0, 60)).isTrue();
    assertThat(room.take(P0, 41)).isFalse();
    assertThat(room.take(P1, 100)).as("threads of one process hold the same arrays").isTrue();
    assertThat(room.take(P0, 40)).as("what was refused takes nothing").isTrue();
    room.giveBack(P0, 60);
    assertThat(room.take(P0, 61)).isFalse();
    assertThat(room.take(P0, 60)).isTrue();
  }

  @Test
  void noRoomForMoreThanThereCanBe() {
    assertThat(new KeyRoom(Long.MAX_VALUE).take(P0, Long.MAX_VALUE)).isTrue();
    assertThat(KeyRoom.ofHeap().take(P0, KeyWindow.AUTO.whole() + 1)).isFalse();
    assertThat(KeyRoom.ofHeap().take(P0, Runtime.getRuntime().maxMemory() / 10 * 6)).isFalse();
  }
}
