package org.djlmpc.ring;

import ai.djl.ndarray.types.Shape;
import java.math.BigInteger;
import java.util.Random;

/** Ring arithmetic by the book, on BigInteger, and tensors that probe its edges. */
final class RingOracle {

  private static final long[] EDGES = {
    0, 1, -1, 2, Long.MAX_VALUE, Long.MIN_VALUE, Integer.MAX_VALUE, Integer.MIN_VALUE, 1L << 32
  };

  private final Ring ring;
  private final Random random;

  RingOracle(Ring ring, long seed) {
    this.ring = ring;
    this.random = new Random(seed);
  }

  /** Random words, a quarter of them edge values. */
  RingTensor tensor(long... shape) {
    return RingTensor.tabulate(
        ring,
        new Shape(shape),
        i -> random.nextInt(4) == 0 ? EDGES[random.nextInt(EDGES.length)] : random.nextLong());
  }

  BitTensor bits(int size) {
    BitTensor bits = BitTensor.zeros(size);
    for (int i = 0; i < size; i++) {
      bits.set(i, random.nextBoolean());
    }
    return bits;
  }

  int below(int bound) {
    return random.nextInt(bound);
  }

  int between(int low, int high) {
    return low + random.nextInt(high - low + 1);
  }

  /** The signed value of an element. */
  static BigInteger at(RingTensor tensor, int i) {
    return BigInteger.valueOf(tensor.getLong(i));
  }

  /** The unsigned value of an element. */
  BigInteger unsignedAt(RingTensor tensor, int i) {
    return at(tensor, i).mod(BigInteger.ONE.shiftLeft(ring.bits()));
  }

  /** The signed representative of a value modulo 2^n, as {@link RingTensor#getLong} shows it. */
  long reduce(BigInteger value) {
    int unused = Long.SIZE - ring.bits();
    return value.longValue() << unused >> unused;
  }
}
