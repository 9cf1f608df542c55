package org.djlmpc.layers.split.align;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import org.djlmpc.crypto.Prg;
import org.djlmpc.crypto.Seed;
import org.junit.jupiter.api.Test;

class Curve25519Test {
  private static final BigInteger P =
      BigInteger.ONE.shiftLeft(255).subtract(BigInteger.valueOf(19));
  private final Prg random = new Prg(Seed.of(new byte[Seed.BYTES]));

  @Test
  void blindingCommutesAndIsUndone() {
    HashToCurve hash = new HashToCurve("test");
    for (int i = 0; i < 50; i++) {
      byte[] point = new byte[Curve25519.BYTES];
      hash.hash(new byte[] {(byte) i}, point, 0);
      Curve25519.Inverses blind = Curve25519.randomInverses(random);
      byte[] key = Curve25519.randomScalar(random);

      byte[] expected = times(key, point);

      assertThat(times(blind.inverse(), times(key, times(blind.scalar(), point))))
          .isEqualTo(expected);
      assertThat(times(key, times(blind.scalar(), point))).isNotEqualTo(expected);
    }
  }

  @Test
  void acceptsPointsOfTheCurveAlone() {
    assertThat(Curve25519.isPoint(encode(BigInteger.valueOf(9)), 0)).isTrue();
    int points = 0;
    for (int u = 2; u < 200; u++) {
      BigInteger number = BigInteger.valueOf(u);
      BigInteger v2 =
          number.pow(3).add(BigInteger.valueOf(486662).multiply(number.pow(2))).add(number).mod(P);
      boolean square = v2.modPow(P.shiftRight(1), P).equals(BigInteger.ONE);
      assertThat(Curve25519.isPoint(encode(number), 0)).as("u = %d", u).isEqualTo(square);
      points += square ? 1 : 0;
    }
    assertThat(points).isBetween(50, 150);
  }

  @Test
  void refusesOtherEncodings() {
    assertThat(Curve25519.isPoint(encode(BigInteger.valueOf(9).add(P)), 0)).isFalse();
    byte[] highBit = encode(BigInteger.valueOf(9));
    highBit[31] |= (byte) 0x80;
    assertThat(Curve25519.isPoint(highBit, 0)).isFalse();
    assertThat(Curve25519.isPoint(encode(P), 0)).isFalse();
    assertThat(Curve25519.isPoint(encode(BigInteger.ZERO), 0)).isFalse();
  }

  @Test
  void noticesPointsOfSmallOrder() {
    // 1 has order 4; the other two are the points of order 8 (on the curve, or on its twist)
    for (String u :
        new String[] {
          "0",
          "1",
          "325606250916557431795983626356110631294008115727848805560023387167927233504",
          "39382357235489614581723060781553021112529911719440698176882885853963445705823"
        }) {
      byte[] point = encode(new BigInteger(u));
      byte[] out = new byte[Curve25519.BYTES];
      assertThat(Curve25519.multiply(Curve25519.randomScalar(random), point, 0, out, 0))
          .as(u)
          .isFalse();
    }
  }

  private static byte[] times(byte[] scalar, byte[] point) {
    byte[] out = new byte[Curve25519.BYTES];
    assertThat(Curve25519.multiply(scalar, point, 0, out, 0)).isTrue();
    assertThat(Curve25519.isPoint(out, 0)).isTrue();
    return out;
  }

  private static byte[] encode(BigInteger number) {
    byte[] bytes = new byte[Curve25519.BYTES];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = number.shiftRight(8 * i).byteValue();
    }
    return bytes;
  }
}
