package org.djlmpc.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class WireFormatTest {
  @Test
  void aHeaderIsReadAsItWasWritten() {
    Frame frame = new Frame(FrameType.OPEN, 1L << 40, -7, 3, 12, new byte[300]);
    byte[] header = WireFormat.header(frame);
    assertThat(header).hasSize(WireFormat.HEADER_BYTES);
    assertThat(WireFormat.parse(header, PartyId.P1))
        .isEqualTo(new WireFormat.Header(300, FrameType.OPEN, 1L << 40, -7, 3, 12));
  }

  @Test
  void largeKeysComeIntoArraysThatAreUsedAgain() {
    int length = (64 << 10) + 41; // of no other test
    var keys = new WireFormat.Header(length, FrameType.PREPROCESSING, 1, 0, 0, 0);
    Payload first = keys.room();
    Arrays.fill(first.bytes(), (byte) 5);
    keys.withPayload(first).erase();
    assertThat(keys.room().bytes()).isSameAs(first.bytes()).containsOnly(0).hasSize(length);
    var opening = new WireFormat.Header(length, FrameType.OPEN, 1, 0, 0, 1);
    var few = new WireFormat.Header(41, FrameType.PREPROCESSING, 1, 0, 0, 0);
    for (var header : new WireFormat.Header[] {opening, few}) {
      Payload payload = header.room();
      header.withPayload(payload).erase();
      assertThat(header.room().bytes()).isNotSameAs(payload.bytes()).hasSize(header.length());
    }
  }

  @Test
  void codesOfTypesStay() {
    // A change here is a change of the wire format and needs a new version of it.
    assertThat(Arrays.stream(FrameType.values()).map(type -> type + "=" + type.code()))
        .containsExactly(
            "HELLO=0",
            "SEED=1",
            "ANNOUNCE=2",
            "PREPROCESSING=3",
            "AGREE=4",
            "SETUP=5",
            "SHARE=6",
            "OPEN=7",
            "ABORT=8",
            "END=9");
    for (FrameType type : FrameType.values()) {
      assertThat(FrameType.ofCode(type.code())).isEqualTo(type);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "-1, 7, 1, 0, 1, length 4294967295",
    "8388609, 7, 1, 0, 1, length 8388609",
    "4097, 8, 1, 0, 0, length 4097 of a reason to stop",
    "0, 10, 1, 0, 0, type 10",
    "0, -1, 1, 0, 0, type -1",
    "0, 7, -1, 0, 1, request -1",
    "0, 8, -2, 0, 0, request -2",
    "0, 7, 1, -1, 1, sequence number -1",
    "0, 7, 1, 0, 0, round 0",
    "0, 7, 1, 0, 2147483647, round 2147483647",
    "0, 3, 1, 0, 1, round 1",
  })
  void anImpossibleHeaderIsRefused(
      int length, byte type, long request, int sequence, int round, String what) {
    byte[] header =
        ByteBuffer.allocate(WireFormat.HEADER_BYTES)
            .putInt(length)
            .put(type)
            .putLong(request)
            .putInt(0)
            .putInt(sequence)
            .putInt(round)
            .array();
    assertThatExceptionOfType(MpcException.class)
        .isThrownBy(() -> WireFormat.parse(header, PartyId.P1))
        .withMessageContaining("P1 sent a frame with the impossible " + what)
        .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.BAD_FRAME));
  }
}
