package org.djlmpc.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.types.Shape;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.djlmpc.error.MpcException;
import org.djlmpc.ring.BitTensor;
import org.djlmpc.ring.Ring;
import org.djlmpc.ring.RingTensor;
import org.junit.jupiter.api.Test;

/** Seeds, streams, and the fixed-key hash against its formula. */
class CryptoTest {
  private final Seed seed =
      Seed.of(HexFormat.of().parseHex("00112233445566778899aabbccddeeff".repeat(2)));

  @Test
  void derivationIsHkdfAndTellsLabelsAndIdentifiersApart() throws Exception {
    byte[][] derived = {
      seed.derive("ab").copyBytes(),
      seed.derive("a").copyBytes(),
      seed.derive("ab", 0).copyBytes(),
      seed.derive("ab", 0, 0).copyBytes(),
      seed.derive("ab", 1, 0).copyBytes(),
      seed.derive("ab", 0, 1).copyBytes(),
      seed.derive("ab\0").copyBytes(),
      seed.copyBytes()
    };
    for (int i = 0; i < derived.length; i++) {
      for (int j = 0; j < i; j++) {
        assertThat(derived[i]).isNotEqualTo(derived[j]);
      }
    }
    byte[] prk = hmac("djl-mpc/seed/1".getBytes(StandardCharsets.US_ASCII), seed.copyBytes());
    byte[] info =
        HexFormat.of()
            .parseHex("00000020" + "00000002" + "6162" + "00000001" + "0000000000000000" + "01");
    assertThat(derived[2]).isEqualTo(hmac(prk, info));
  }

  private static byte[] hmac(byte[] key, byte[] message) throws Exception {
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(key, "HmacSHA256"));
    return mac.doFinal(message);
  }

  @Test
  void closedSeedsAndStreamsRefuse() {
    Seed closed = Seed.random();
    Prg prg = new Prg(closed);
    closed.close();
    assertThat(prg.nextLong()).isNotEqualTo(prg.nextLong());
    assertThatThrownBy(closed::copyBytes).isInstanceOf(MpcException.class);
    assertThatThrownBy(() -> closed.derive("x")).isInstanceOf(MpcException.class);
    prg.close();
    assertThatThrownBy(prg::nextLong).isInstanceOf(MpcException.class);
    assertThatThrownBy(() -> Seed.of(new byte[16])).isInstanceOf(MpcException.class);
    assertThat(seed.toString() + prg).doesNotContain("0011");
  }

  @Test
  void streamIsCounterModeWhereverItStarts() throws Exception {
    int length = 3 * (1 << 16) + 100;
    byte[] stream = new byte[length];
    new Prg(seed).fill(stream, 0, length);
    byte[] counters = new byte[length / 16 * 16];
    for (int i = 0; i < counters.length / 16; i++) {
      counters[16 * i + 15] = (byte) i;
      counters[16 * i + 14] = (byte) (i >>> 8);
    }
    Cipher ecb = Cipher.getInstance("AES/ECB/NoPadding");
    byte[] key = seed.expand(16, "aes-128-ctr-stream");
    ecb.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(key, "AES"));
    assertThat(ecb.doFinal(counters)).isEqualTo(Arrays.copyOf(stream, counters.length));

    Prg prg = new Prg(seed);
    for (int from : new int[] {1 << 16, 5, 0, 160, 100_001}) {
      byte[] part = new byte[70_003];
      prg.seek(from);
      prg.fill(part, 1, 7);
      prg.fill(part, 8, 69_995);
      assertThat(Arrays.copyOfRange(part, 1, part.length))
          .isEqualTo(Arrays.copyOfRange(stream, from, from + part.length - 1));
    }
    prg.seek(16L << 40);
    long far = prg.nextLong();
    prg.seek((16L << 40) + 3);
    prg.seek(16L << 40);
    assertThat(prg.nextLong()).isEqualTo(far);
  }

  @Test
  void tensorsAndBitsAreTheStreamsBytes() {
    byte[] stream = new byte[400_000];
    new Prg(seed).fill(stream, 0, stream.length);
    Prg prg = new Prg(seed);
    RingTensor longs = prg.tensor(Ring.Z64, new Shape(100, 200));
    RingTensor ints = prg.tensor(Ring.Z32, new Shape(20_001));
    BitTensor bits = prg.bits(600_001);
    RingTensor expected = RingTensor.zeros(Ring.Z64, new Shape(20_000));
    expected.load(stream, 0, 0, 20_000);
    assertThat(longs.getLong(19_999)).isEqualTo(expected.getLong(19_999));
    assertThat(longs.getLong(7)).isEqualTo(expected.getLong(7));
    RingTensor expectedInts = RingTensor.zeros(Ring.Z32, new Shape(20_001));
    expectedInts.load(stream, 160_000, 0, 20_001);
    assertThat(ints.getLong(20_000)).isEqualTo(expectedInts.getLong(20_000));
    BitTensor expectedBits = BitTensor.zeros(600_001);
    expectedBits.load(stream, 240_004);
    for (int i = 0; i < bits.size(); i += 1001) {
      assertThat(bits.get(i)).isEqualTo(expectedBits.get(i));
    }
    RingTensor part = RingTensor.zeros(Ring.Z64, new Shape(10));
    prg.seek(0);
    prg.fill(part, 3, 2);
    assertThat(part.getLong(3)).isEqualTo(expected.getLong(0));
    assertThat(part.getLong(2)).isZero();
    assertThat(part.getLong(5)).isZero();
  }

  /** H_d(s) = AES_k(sigma(s) xor d) xor sigma(s) xor d, block by block. */
  @Test
  void hashFollowsItsFormula() throws Exception {
    FixedKeyHash hash = FixedKeyHash.from(seed);
    Cipher aes = Cipher.getInstance("AES/ECB/NoPadding");
    aes.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(hash.publicKey(), "AES"));
    byte[] blocks = new byte[16 * 5000 + 3];
    new Random(5).nextBytes(blocks);
    byte[] hashed = new byte[blocks.length];
    hash.hash(blocks, 3, 2, hashed, 3, 5000);
    for (int at = 3; at < blocks.length; at += 16 * 311) {
      byte[] sigma = new byte[16];
      for (int i = 0; i < 16; i++) {
        boolean low = i % 8 < 4;
        int hi = blocks[at + i / 8 * 8 + 4 + i % 4];
        int lo = blocks[at + i / 8 * 8 + i % 4];
        sigma[i] = (byte) (low ? hi : hi ^ lo);
      }
      sigma[0] ^= 2;
      byte[] expected = aes.doFinal(sigma);
      for (int i = 0; i < 16; i++) {
        expected[i] ^= sigma[i];
      }
      assertThat(Arrays.copyOfRange(hashed, at, at + 16)).isEqualTo(expected);
    }
    assertThat(FixedKeyHash.of(hash.publicKey()).publicKey()).isEqualTo(hash.publicKey());
    assertThat(FixedKeyHash.random().publicKey()).isNotEqualTo(hash.publicKey());
    assertThat(hash.publicKey()).isNotEqualTo(seed.expand(16, "aes-128-ctr-stream"));
  }

  @Test
  void oneHashKeyServesABoundedNumberOfBlocks() {
    FixedKeyHash hash = FixedKeyHash.random();
    byte[] a = new byte[1 << 20];
    byte[] b = new byte[1 << 20];
    hash.permute(a, 0, b, 0, 1 << 16);
    assertThatThrownBy(() -> hash.permute(a, 0, b, 0, 1 << 30)).isInstanceOf(MpcException.class);
  }

  @Test
  void aesRateIsPlausible() {
    assertThat(AesRate.blocksPerSecond()).isBetween(1e5, 1e11);
  }
}
