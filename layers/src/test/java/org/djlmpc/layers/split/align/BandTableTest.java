package org.djlmpc.layers.split.align;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.djlmpc.crypto.Prg;
import org.djlmpc.crypto.Seed;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BandTableTest {
  private final Prg random = new Prg(Seed.of(new byte[Seed.BYTES]));

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 64, 1000, 50_000})
  void returnsTheValueOfEachKeyAfterAJourney(int keys) {
    byte[] digests = bytes(keys * Identifiers.DIGEST);
    long[] values = words(2 * keys);
    byte[] nonce = bytes(BandTable.NONCE);

    BandTable made = BandTable.encode(digests, values.clone(), nonce, random);
    BandTable table = BandTable.empty(nonce, keys);
    int half = made.size() / 2;
    table.load(made.store(0, half), 0);
    table.load(made.store(half, made.size() - half), half);

    long[] read = new long[2 * keys];
    BandTable.Reader reader = table.reader();
    for (int i = 0; i < keys; i++) {
      reader.addValue(digests, Identifiers.DIGEST * i, read, 2 * i);
    }
    assertThat(read).isEqualTo(values);
  }

  @Test
  void givesSomethingElseToOtherKeys() {
    int keys = 2000;
    BandTable table =
        BandTable.encode(
            bytes(keys * Identifiers.DIGEST), new long[2 * keys], bytes(BandTable.NONCE), random);
    byte[] others = bytes(keys * Identifiers.DIGEST);
    long[] read = new long[2 * keys];
    for (int i = 0; i < keys; i++) {
      table.reader().addValue(others, Identifiers.DIGEST * i, read, 2 * i);
    }
    // all values are zero, but the cells are not
    assertThat(Arrays.stream(read).filter(word -> word == 0).count()).isZero();
  }

  @Test
  void hasUniformBitsWhateverTheKeys() {
    int keys = 20_000;
    BandTable table =
        BandTable.encode(
            bytes(keys * Identifiers.DIGEST), words(2 * keys), bytes(BandTable.NONCE), random);
    long ones = 0;
    for (byte b : table.store(0, table.size())) {
      ones += Integer.bitCount(b & 0xff);
    }
    double bits = 128.0 * table.size();
    // seven standard deviations
    assertThat(Math.abs(ones - bits / 2)).isLessThan(7 * Math.sqrt(bits / 4));
  }

  private byte[] bytes(int count) {
    byte[] bytes = new byte[count];
    random.fill(bytes, 0, count);
    return bytes;
  }

  private long[] words(int count) {
    long[] words = new long[count];
    Arrays.setAll(words, i -> random.nextLong());
    return words;
  }
}
