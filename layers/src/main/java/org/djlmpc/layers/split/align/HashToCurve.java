package org.djlmpc.layers.split.align;

import static org.bouncycastle.math.ec.rfc7748.X25519Field.addOne;
import static org.bouncycastle.math.ec.rfc7748.X25519Field.areEqual;
import static org.bouncycastle.math.ec.rfc7748.X25519Field.carry;
import static org.bouncycastle.math.ec.rfc7748.X25519Field.cmov;
import static org.bouncycastle.math.ec.rfc7748.X25519Field.cnegate;
import static org.bouncycastle.math.ec.rfc7748.X25519Field.inv;
import static org.bouncycastle.math.ec.rfc7748.X25519Field.mul;
import static org.bouncycastle.math.ec.rfc7748.X25519Field.normalize;
import static org.bouncycastle.math.ec.rfc7748.X25519Field.sqr;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import org.bouncycastle.math.ec.rfc7748.X25519Field;

/**
 * The suite {@code curve25519_XMD:SHA-512_ELL2_RO_} of RFC 9380, section 8.5: strings to points of
 * Curve25519's subgroup of prime order, as a random oracle would choose them, so that nobody knows
 * their discrete logarithms. Of a point only its coordinate u is kept, as X25519 does.
 *
 * <p>No branch and no address depends on the string, apart from its length. Holds the numbers it
 * works on, so each thread has its own.
 */
final class HashToCurve {
  /** Length of an encoded coordinate. */
  static final int BYTES = 32;

  /** Bytes for each field element: ceil((255 + 128) / 8), RFC 9380 section 5.1. */
  private static final int L = 48;

  private static final int HASH = 64;
  private static final int BLOCK = 128;

  /** The coefficient J of the curve {@code v^2 = u^3 + J u^2 + u}. */
  private static final int J = 486662;

  /** c2 = 2^((p + 3) / 8), appendix G.2.1. */
  private static final int[] ROOT_OF_TWO;

  /** c3 = sqrt(-1) = 2^((p - 1) / 4). */
  private static final int[] ROOT_OF_MINUS_ONE;

  static {
    int[] two = X25519Field.create();
    X25519Field.one(two);
    X25519Field.add(two, two, two);
    carry(two);
    int[] power = X25519Field.create();
    Powers.fifthEighths(two, power);
    ROOT_OF_TWO = X25519Field.create();
    mul(power, two, ROOT_OF_TWO); // (p - 5)/8 + 1 = (p + 3)/8
    ROOT_OF_MINUS_ONE = X25519Field.create();
    sqr(power, ROOT_OF_MINUS_ONE);
    mul(ROOT_OF_MINUS_ONE, two, ROOT_OF_MINUS_ONE); // 2 (p - 5)/8 + 1 = (p - 1)/4
  }

  private final MessageDigest sha512 = Digests.sha512();
  private final byte[] dstPrime;
  private final byte[] uniform = new byte[2 * HASH];
  private final byte[] hash = new byte[HASH];
  private final byte[] first = new byte[HASH];
  private final byte[] encoded = new byte[BYTES];

  private final int[] t1 = X25519Field.create();
  private final int[] t2 = X25519Field.create();
  private final int[] t3 = X25519Field.create();
  private final int[] xd = X25519Field.create();
  private final int[] x2n = X25519Field.create();
  private final int[] gxd = X25519Field.create();
  private final int[] gx1 = X25519Field.create();
  private final int[] gx2 = X25519Field.create();
  private final int[] y1 = X25519Field.create();
  private final int[] y2 = X25519Field.create();
  private final int[] u = X25519Field.create();
  private final int[] high = X25519Field.create();
  private final MapPoint q0 = new MapPoint();
  private final MapPoint q1 = new MapPoint();
  private final int[] sumX = X25519Field.create();
  private final int[] sumZ = X25519Field.create();

  /** A point as the map gives it: u = xn / xd, v = y. */
  static final class MapPoint {
    private final int[] xn = X25519Field.create();
    private final int[] xd = X25519Field.create();
    private final int[] y = X25519Field.create();

    /** The coordinate u, for tests. */
    byte[] encodeU() {
      int[] quotient = X25519Field.create();
      inv(xd, quotient);
      mul(quotient, xn, quotient);
      return encodeReduced(quotient);
    }

    /** The coordinate v, for tests. */
    byte[] encodeV() {
      int[] v = X25519Field.create();
      X25519Field.copy(y, 0, v, 0);
      return encodeReduced(v);
    }

    private static byte[] encodeReduced(int[] element) {
      byte[] bytes = new byte[BYTES];
      normalize(element);
      X25519Field.encode(element, bytes);
      return bytes;
    }
  }

  /**
   * A hash of its own for each purpose.
   *
   * @param dst the domain separation tag, 1 to 255 ASCII characters
   */
  HashToCurve(String dst) {
    byte[] tag = dst.getBytes(StandardCharsets.US_ASCII);
    dstPrime = java.util.Arrays.copyOf(tag, tag.length + 1);
    dstPrime[tag.length] = (byte) tag.length;
  }

  /**
   * Writes the point of a message.
   *
   * @param out gets {@link #BYTES} bytes: u, little-endian, canonical
   */
  void hash(byte[] message, byte[] out, int offset) {
    expandMessage(message);
    toField(0, u);
    map(u, q0);
    toField(L, u);
    map(u, q1);
    addPoints();
    clearCofactor();
    inv(sumZ, t1);
    mul(sumX, t1, t1);
    normalize(t1);
    X25519Field.encode(t1, out, offset);
  }

  /** The first of the two mapped points of the last message. */
  MapPoint q0() {
    return q0;
  }

  /** The second of the two mapped points of the last message. */
  MapPoint q1() {
    return q1;
  }

  /** expand_message_xmd of section 5.3.1, for 96 bytes: two blocks of SHA-512. */
  private void expandMessage(byte[] message) {
    sha512.update(ZERO_PAD);
    sha512.update(message);
    sha512.update((byte) 0);
    sha512.update((byte) (2 * L));
    sha512.update((byte) 0);
    sha512.update(dstPrime);
    Digests.finish(sha512, first, 0);
    sha512.update(first);
    sha512.update((byte) 1);
    sha512.update(dstPrime);
    Digests.finish(sha512, uniform, 0);
    for (int i = 0; i < HASH; i++) {
      hash[i] = (byte) (first[i] ^ uniform[i]);
    }
    sha512.update(hash);
    sha512.update((byte) 2);
    sha512.update(dstPrime);
    Digests.finish(sha512, uniform, HASH);
  }

  private static final byte[] ZERO_PAD = new byte[BLOCK];

  /** 48 bytes, most significant first, modulo p: 2^255 = 19 and 2^256 = 38. */
  private void toField(int offset, int[] element) {
    for (int i = 0; i < BYTES; i++) {
      encoded[i] = uniform[offset + L - 1 - i];
    }
    int topBit = (encoded[BYTES - 1] & 0x80) >>> 7;
    X25519Field.decode255(encoded, element);
    java.util.Arrays.fill(encoded, (byte) 0);
    for (int i = 0; i < L - BYTES; i++) {
      encoded[i] = uniform[offset + L - BYTES - 1 - i];
    }
    X25519Field.decode255(encoded, high);
    mul(high, 38, high);
    high[0] += 19 * topBit;
    X25519Field.add(element, high, element);
    normalize(element);
  }

  /** map_to_curve_elligator2_curve25519 of appendix G.2.1, with its names and line by line. */
  private void map(int[] element, MapPoint q) {
    sqr(element, t1);
    X25519Field.add(t1, t1, t1); // tv1 = 2 u^2
    carry(t1);
    X25519Field.copy(t1, 0, xd, 0);
    addOne(xd);
    sqr(xd, t2);
    mul(t2, xd, gxd);
    mul(t1, -J, gx1); // J tv1 x1n, where x1n = -J
    mul(gx1, J, gx1);
    X25519Field.add(gx1, t2, gx1);
    carry(gx1);
    mul(gx1, -J, gx1);
    sqr(gxd, t3);
    sqr(t3, t2);
    mul(t3, gxd, t3);
    mul(t3, gx1, t3);
    mul(t2, t3, t2); // gx1 gxd^7
    Powers.fifthEighths(t2, y1);
    mul(y1, t3, y1); // y11
    mul(y1, element, y2);
    mul(y2, ROOT_OF_TWO, y2); // y21

    selectRoot(y1, gx1);
    mul(t1, -J, x2n);
    mul(gx1, t1, gx2);
    selectRoot(y2, gx2);

    int e3 = isRoot(y1, gx1);
    // x1n = -J
    X25519Field.zero(q.xn);
    q.xn[0] = -J;
    cmov(~e3, x2n, 0, q.xn, 0);
    X25519Field.copy(y2, 0, q.y, 0);
    cmov(e3, y1, 0, q.y, 0);
    normalize(q.y);
    int e4 = q.y[0] & 1;
    cnegate((e3 & 1) ^ e4, q.y);
    X25519Field.copy(xd, 0, q.xd, 0);
  }

  /** Replaces y by y sqrt(-1) unless y^2 gxd = gx. */
  private void selectRoot(int[] y, int[] gx) {
    int itIs = isRoot(y, gx);
    mul(y, ROOT_OF_MINUS_ONE, t2);
    cmov(~itIs, t2, 0, y, 0);
  }

  /** All ones if y^2 gxd = gx, else 0. */
  private int isRoot(int[] y, int[] gx) {
    sqr(y, t2);
    mul(t2, gxd, t2);
    normalize(t2);
    X25519Field.copy(gx, 0, t3, 0);
    normalize(t3);
    return areEqual(t2, t3);
  }

  /**
   * u of q0 + q1, as sumX / sumZ: {@code ((y1 - y0) / (x1 - x0))^2 - J - x0 - x1}. Equal or
   * opposite points do not occur: whoever finds a message for that has found a collision of 255
   * bits.
   */
  private void addPoints() {
    mul(q0.xn, q1.xd, t1);
    mul(q1.xn, q0.xd, t2);
    mul(q0.xd, q1.xd, t3); // common denominator d of x0 = t1/d, x1 = t2/d
    X25519Field.sub(t2, t1, y1);
    carry(y1); // (x1 - x0) d
    X25519Field.add(t1, t2, y2);
    carry(y2); // (x0 + x1) d
    X25519Field.sub(q1.y, q0.y, gx1);
    carry(gx1);
    sqr(gx1, gx1);
    sqr(t3, gx2);
    mul(gx1, gx2, gx1);
    mul(gx1, t3, gx1); // (y1 - y0)^2 d^3
    sqr(y1, gx2); // (x1 - x0)^2 d^2
    mul(t3, J, xd);
    X25519Field.add(xd, y2, xd);
    carry(xd); // (J + x0 + x1) d
    mul(xd, gx2, xd);
    X25519Field.sub(gx1, xd, sumX);
    carry(sumX);
    mul(t3, gx2, sumZ);
  }

  /** Multiplies by the cofactor 8: doubles three times, RFC 7748 section 5. */
  private void clearCofactor() {
    for (int i = 0; i < 3; i++) {
      X25519Field.add(sumX, sumZ, t1);
      X25519Field.sub(sumX, sumZ, t2);
      sqr(t1, t1); // AA
      sqr(t2, t2); // BB
      X25519Field.sub(t1, t2, t3); // E
      carry(t3);
      mul(t1, t2, sumX);
      mul(t3, (J - 2) / 4, gx1);
      X25519Field.add(gx1, t1, gx1);
      carry(gx1);
      mul(t3, gx1, sumZ);
    }
  }
}
