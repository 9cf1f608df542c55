package org.djlmpc.fss;

import java.util.Random;
import org.djlmpc.crypto.FixedKeyHash;

/** Keys for some points, and what the two parties get from them. */
final class Keys {
  final int domainBits;
  final int count;
  final byte[] roots0;
  final byte[] roots1;
  final byte[] corrections;
  final FixedKeyHash hash = FixedKeyHash.random();

  Keys(int domainBits, long[] alpha, Random random) {
    this.domainBits = domainBits;
    this.count = alpha.length;
    roots0 = roots(count, random);
    roots1 = roots(count, random);
    corrections = new byte[Dpf.correctionBytes(domainBits, count)];
    Dpf.generate(domainBits, alpha, 0, count, roots0, 0, roots1, 0, hash, corrections, 0);
  }

  static byte[] roots(int count, Random random) {
    byte[] roots = new byte[16 * count];
    random.nextBytes(roots);
    return roots;
  }

  long[] lessThan(int party, long[] y) {
    long[] bits = new long[(count + 63) / 64];
    byte[] roots = party == 0 ? roots0 : roots1;
    Dpf.lessThan(party, domainBits, y, 0, count, roots, 0, corrections, 0, hash, bits, 0);
    return bits;
  }

  long[] equal(int party, long[] y) {
    long[] bits = new long[(count + 63) / 64];
    byte[] roots = party == 0 ? roots0 : roots1;
    Dpf.equal(party, domainBits, y, 0, count, roots, 0, corrections, 0, hash, bits, 0);
    return bits;
  }

  static boolean bit(long[] words0, long[] words1, int i) {
    return ((words0[i / 64] ^ words1[i / 64]) >>> i & 1) != 0;
  }
}
