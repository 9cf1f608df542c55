package org.djlmpc.layers.split.align;

import static org.bouncycastle.math.ec.rfc7748.X25519Field.addOne;
import static org.bouncycastle.math.ec.rfc7748.X25519Field.mul;
import static org.bouncycastle.math.ec.rfc7748.X25519Field.normalize;
import static org.bouncycastle.math.ec.rfc7748.X25519Field.sqr;

import java.math.BigInteger;
import org.bouncycastle.math.ec.rfc7748.X25519;
import org.bouncycastle.math.ec.rfc7748.X25519Field;
import org.djlmpc.crypto.Prg;

/**
 * Multiplication of points of Curve25519 by secret scalars, on the coordinate u alone (X25519, RFC
 * 7748).
 *
 * <p>X25519 makes every scalar a multiple of 8, so a point's part of small order never tells
 * anything about the scalar. Points of peers are checked all the same: {@link #isPoint}.
 */
final class Curve25519 {
  /** Length of an encoded coordinate and of a scalar. */
  static final int BYTES = 32;

  /** Order of the large subgroup: 2^252 + 27742317777372353535851937790883648493. */
  private static final BigInteger ORDER =
      BigInteger.ONE.shiftLeft(252).add(new BigInteger("27742317777372353535851937790883648493"));

  private static final int J = 486662;

  private Curve25519() {}

  /** Two scalars that undo each other: multiplying by both gives a point, or its opposite, back. */
  record Inverses(byte[] scalar, byte[] inverse) {
    void erase() {
      java.util.Arrays.fill(scalar, (byte) 0);
      java.util.Arrays.fill(inverse, (byte) 0);
    }
  }

  /** A random scalar as X25519 clamps it: a multiple of 8 from 2^254 to 2^255 - 8. */
  static byte[] randomScalar(Prg random) {
    byte[] scalar = new byte[BYTES];
    random.fill(scalar, 0, BYTES);
    X25519.clampPrivateKey(scalar);
    return scalar;
  }

  /**
   * A random scalar r, and s with r s = 1 or -1 modulo the order of the subgroup, both clamped. One
   * of the two has such an s for all but one in 2^126 scalars: s = 8 t, and of t and its opposite
   * one lies in the upper half of the residues.
   */
  static Inverses randomInverses(Prg random) {
    while (true) {
      byte[] scalar = randomScalar(random);
      BigInteger r = littleEndian(scalar);
      if (r.mod(ORDER).signum() == 0) {
        continue;
      }
      BigInteger t = r.shiftLeft(3).modInverse(ORDER);
      t = t.max(ORDER.subtract(t));
      if (t.bitLength() == 252) {
        return new Inverses(scalar, littleEndian(t.shiftLeft(3)));
      }
    }
  }

  private static BigInteger littleEndian(byte[] bytes) {
    byte[] reversed = new byte[BYTES];
    for (int i = 0; i < BYTES; i++) {
      reversed[i] = bytes[BYTES - 1 - i];
    }
    return new BigInteger(1, reversed);
  }

  private static byte[] littleEndian(BigInteger number) {
    byte[] bytes = new byte[BYTES];
    for (int i = 0; i < BYTES; i++) {
      bytes[i] = number.shiftRight(8 * i).byteValue();
    }
    return bytes;
  }

  /**
   * Multiplies a point.
   *
   * @return false if the result is the neutral element: the point was of small order
   */
  static boolean multiply(byte[] scalar, byte[] point, int offset, byte[] out, int outOffset) {
    X25519.scalarMult(scalar, 0, point, offset, out, outOffset);
    int any = 0;
    for (int i = 0; i < BYTES; i++) {
      any |= out[outOffset + i];
    }
    return any != 0;
  }

  /**
   * Whether bytes are the canonical coordinate of a point of this curve, not of its twist. Twist
   * and other encodings would do no harm here, but no honest peer sends them.
   */
  static boolean isPoint(byte[] point, int offset) {
    if (!isCanonical(point, offset)) {
      return false;
    }
    int[] u = X25519Field.create();
    X25519Field.decode255(point, offset, u, 0);
    int[] w = X25519Field.create(); // u^3 + J u^2 + u
    int[] t = X25519Field.create();
    mul(u, J, t);
    sqr(u, w);
    X25519Field.add(w, t, w);
    addOne(w);
    X25519Field.carry(w);
    mul(w, u, w);
    // Euler: w^((p - 1) / 2) = (w^((p - 5) / 8))^4 w^2 is 1 for squares other than 0
    Powers.fifthEighths(w, t);
    sqr(t, 2, t);
    sqr(w, w);
    mul(t, w, t);
    normalize(t);
    return X25519Field.isOneVar(t);
  }

  /** Whether the number is below p = 2^255 - 19. */
  private static boolean isCanonical(byte[] point, int offset) {
    if (point[offset + BYTES - 1] != 0x7f) {
      return point[offset + BYTES - 1] >= 0;
    }
    for (int i = BYTES - 2; i > 0; i--) {
      if (point[offset + i] != (byte) 0xff) {
        return true;
      }
    }
    return (point[offset] & 0xff) < 0xed;
  }
}
