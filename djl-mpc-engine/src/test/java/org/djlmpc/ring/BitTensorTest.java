package org.djlmpc.ring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.BitSet;
import org.djlmpc.error.MpcException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BitTensorTest {

  private final RingOracle oracle = new RingOracle(Ring.Z64, 11);

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 7, 8, 63, 64, 65, 128, 1001})
  void behavesAsABitSetWithZerosBehindItsEnd(int size) {
    BitTensor a = oracle.bits(size);
    BitTensor b = oracle.bits(size);
    BitSet xor = set(a);
    xor.xor(set(b));
    BitSet and = set(a);
    and.and(set(b));
    BitSet not = set(a);
    not.flip(0, size);
    assertThat(set(a.xor(b))).isEqualTo(xor);
    assertThat(set(a.copy().xorInPlace(b))).isEqualTo(xor);
    assertThat(set(a.and(b))).isEqualTo(and);
    assertThat(set(a.not())).isEqualTo(not);
    assertThat(a.wordCount()).isEqualTo((size + 63) / 64);
    assertThat(a.byteLength()).isEqualTo((size + 7) / 8);

    byte[] bytes = new byte[a.byteLength() + 2];
    a.store(bytes, 1);
    assertThat(BitSet.valueOf(bytes).get(8, bytes.length * 8)).isEqualTo(set(a));
    java.util.Arrays.fill(bytes, bytes.length - 1, bytes.length, (byte) -1);
    BitTensor loaded = BitTensor.zeros(size).not();
    loaded.load(bytes, 1);
    assertThat(set(loaded)).isEqualTo(set(a));

    for (int i = 0; i < a.wordCount(); i++) {
      loaded.setWord(i, -1);
    }
    assertThat(set(loaded).cardinality()).isEqualTo(size);
    loaded.close();
    assertThat(set(loaded).isEmpty()).isTrue();
    assertThat(a.toString()).isEqualTo("BitTensor(" + size + ")");
  }

  @Test
  void rangesOfBits() {
    BitTensor a = oracle.bits(300);
    for (int from = 0; from <= 256; from += 64) {
      for (int count : new int[] {0, 1, 44, 300 - from}) {
        BitTensor part = a.range(from, count);
        assertThat(set(part)).isEqualTo(set(a).get(from, from + count));
        BitTensor target = BitTensor.zeros(300).not();
        target.setRange(from, part);
        BitSet expected = new BitSet();
        expected.set(0, 300);
        expected.clear(from, from + count);
        for (int i = 0; i < count; i++) {
          expected.set(from + i, part.get(i));
        }
        assertThat(set(target)).isEqualTo(expected);
      }
    }
    byte[] bytes = new byte[5];
    a.store(bytes, 0, 72, 37);
    assertThat(BitSet.valueOf(bytes)).isEqualTo(set(a).get(72, 109));
    BitTensor target = a.not();
    target.load(bytes, 0, 72, 37);
    BitSet expected = set(a);
    expected.flip(0, 72);
    expected.flip(109, 300);
    assertThat(set(target)).isEqualTo(expected);
    assertThatThrownBy(() -> a.range(1, 2)).isInstanceOf(MpcException.class);
    assertThatThrownBy(() -> a.xor(BitTensor.zeros(299))).isInstanceOf(MpcException.class);
    assertThatThrownBy(() -> a.get(300)).isInstanceOf(MpcException.class);
  }

  @Test
  void absentBitsStayAbsent() {
    BitTensor absent = BitTensor.absent(100);
    BitTensor present = BitTensor.zeros(100);
    for (BitTensor result :
        new BitTensor[] {
          absent.xor(present),
          present.and(absent),
          absent.not(),
          absent.copy(),
          absent.xorInPlace(present),
          BitTensor.absent(200).range(64, 100)
        }) {
      assertThat(result.isAbsent()).isTrue();
      assertThat(result.size()).isEqualTo(100);
    }
    assertThat(absent.byteLength()).isEqualTo(13);
    byte[] bytes = {1};
    absent.store(bytes, 0);
    absent.load(bytes, 0);
    absent.setWord(0, 1);
    assertThat(bytes).containsExactly(1);
    assertThatThrownBy(() -> absent.get(0)).isInstanceOf(MpcException.class);
    assertThatThrownBy(() -> present.xorInPlace(absent)).isInstanceOf(MpcException.class);
  }

  /** All words, also what lies behind the end. */
  private static BitSet set(BitTensor bits) {
    long[] words = new long[bits.wordCount()];
    for (int i = 0; i < words.length; i++) {
      words[i] = bits.word(i);
    }
    BitSet set = BitSet.valueOf(words);
    for (int i = 0; i < bits.size(); i++) {
      assertThat(bits.get(i)).isEqualTo(set.get(i));
    }
    return set;
  }
}
