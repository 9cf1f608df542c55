package org.djlmpc.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.types.Shape;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.djlmpc.error.MpcException;
import org.djlmpc.ring.BitTensor;
import org.djlmpc.ring.Ring;
import org.djlmpc.ring.RingTensor;
import org.junit.jupiter.api.Test;

/** Tensors of any width survive the way into frames and back, whatever lies beside them. */
class TensorFramesTest {
  private static RingTensor tensor(Ring ring, int size) {
    return RingTensor.tabulate(ring, new Shape(size), i -> i * 0x9E3779B97F4A7C15L);
  }

  private static TensorFrames.Elements empty(TensorFrames.Elements like) {
    RingTensor tensor = like.tensor();
    return new TensorFrames.Elements(
        RingTensor.full(tensor.ring(), tensor.shape(), -1), like.bits());
  }

  @Test
  void packedElementsCrossFrames() {
    int elements = 3 * TensorFrames.FRAME / 8 + 5;
    List<TensorFrames.Elements> sent =
        List.of(
            new TensorFrames.Elements(tensor(Ring.Z64, 3), 41),
            new TensorFrames.Elements(tensor(Ring.Z64, elements), 44),
            new TensorFrames.Elements(tensor(Ring.Z64, 1001)),
            new TensorFrames.Elements(tensor(Ring.Z32, elements), 23),
            new TensorFrames.Elements(tensor(Ring.Z8, 17), 3));
    BitTensor bits = tensor(Ring.Z64, 1234).bit(40);
    List<TensorFrames.Part> out = new ArrayList<>(sent);
    out.add(new TensorFrames.Bits(bits));
    Queue<byte[]> frames = new ArrayDeque<>();
    TensorFrames.send(out, frames::add);
    assertThat(frames).hasSizeGreaterThan(2).allMatch(f -> f.length <= TensorFrames.FRAME);
    long bytes = frames.stream().mapToLong(f -> f.length).sum();
    assertThat(bytes).isEqualTo(out.stream().mapToLong(TensorFrames.Part::bytes).sum());
    assertThat(sent.get(1).bytes()).isEqualTo((elements * 44L + 7) / 8);

    List<TensorFrames.Elements> received = sent.stream().map(TensorFramesTest::empty).toList();
    BitTensor receivedBits = BitTensor.zeros(1234);
    List<TensorFrames.Part> in = new ArrayList<>(received);
    in.add(new TensorFrames.Bits(receivedBits));
    TensorFrames.receive(PartyId.P1, frames::remove, in);
    assertThat(frames).isEmpty();
    for (int part = 0; part < sent.size(); part++) {
      RingTensor expected = sent.get(part).tensor().low(sent.get(part).bits());
      for (int i = 0; i < expected.size(); i++) {
        if (received.get(part).tensor().getLong(i) != expected.getLong(i)) {
          assertThat(received.get(part).tensor().getLong(i))
              .as("part %d, element %d", part, i)
              .isEqualTo(expected.getLong(i));
        }
      }
    }
    for (int word = 0; word < bits.wordCount(); word++) {
      assertThat(receivedBits.word(word)).isEqualTo(bits.word(word));
    }
  }

  @Test
  void anotherWidthIsNoticed() {
    Queue<byte[]> frames = new ArrayDeque<>();
    TensorFrames.send(List.of(new TensorFrames.Elements(tensor(Ring.Z64, 100), 44)), frames::add);
    TensorFrames.Elements other = new TensorFrames.Elements(tensor(Ring.Z64, 100), 45);
    assertThatThrownBy(() -> TensorFrames.receive(PartyId.P1, frames::remove, List.of(other)))
        .isInstanceOf(MpcException.class)
        .hasMessageContaining("550 bytes instead of 563");
  }
}
