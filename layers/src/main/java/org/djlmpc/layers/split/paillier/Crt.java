package org.djlmpc.layers.split.paillier;

import java.math.BigInteger;

/**
 * Arithmetic modulo n and n^2 by that modulo p, q, p^2 and q^2, for who knows p and q (Chinese
 * remainder theorem; Paillier 1999, section 7): half-length numbers and half-length exponents.
 */
final class Crt {
  private final Half p;
  private final Half q;

  /** q^-1 modulo p. */
  private final BigInteger inverse;

  /** q^-2 modulo p^2. */
  private final BigInteger squareInverse;

  Crt(BigInteger p, BigInteger q) {
    this.p = new Half(p, q);
    this.q = new Half(q, p);
    this.inverse = q.modInverse(p);
    this.squareInverse = this.q.modulus.square().modInverse(this.p.modulus.square());
  }

  /** One of the primes. */
  BigInteger prime() {
    return p.modulus.m();
  }

  /** The plaintext of a ciphertext, at least 0 and below n. */
  BigInteger decrypt(BigInteger ciphertext) {
    return join(
        p.decrypt(ciphertext), q.decrypt(ciphertext), p.modulus.m(), q.modulus.m(), inverse);
  }

  /** Powers of a base modulo n^2, from tables modulo p^2 and q^2. */
  PowerTable table(BigInteger base, int exponentBytes) {
    FixedBase table0 = new FixedBase(p.modulus, base, exponentBytes);
    FixedBase table1 = new FixedBase(q.modulus, base, exponentBytes);
    return (start, exponents, at, plaintext) ->
        join(
            p.times(table0, start, exponents, at, plaintext),
            q.times(table1, start, exponents, at, plaintext),
            p.modulus.square(),
            q.modulus.square(),
            squareInverse);
  }

  /** The number below u·v that is x modulo u and y modulo v. */
  private static BigInteger join(
      BigInteger x, BigInteger y, BigInteger u, BigInteger v, BigInteger inverseOfV) {
    return y.add(x.subtract(y).multiply(inverseOfV).mod(u).multiply(v));
  }

  /** One of the primes. */
  private static final class Half {
    private final SquareModulus modulus;
    private final BigInteger other;
    private final BigInteger exponent;
    private final BigInteger scale;

    /** Prepares arithmetic modulo prime^2. */
    Half(BigInteger prime, BigInteger other) {
      this.modulus = new SquareModulus(prime);
      this.other = other;
      this.exponent = prime.subtract(BigInteger.ONE);
      // (1 + n)^(p-1) = 1 + (p-1)·q·p modulo p^2, so L of it is -q modulo p.
      this.scale = other.negate().modInverse(prime);
    }

    /** L(c^(p-1) mod p^2)·h modulo p, where L(x) = (x - 1) / p and h = L((1 + n)^(p-1))^-1. */
    BigInteger decrypt(BigInteger c) {
      BigInteger power = c.mod(modulus.square()).modPow(exponent, modulus.square());
      BigInteger l = power.subtract(BigInteger.ONE).divide(modulus.m());
      return l.multiply(scale).mod(modulus.m());
    }

    /** What {@link PowerTable#times} asks for, modulo p^2, where 1 + M·n = 1 + (M·q)·p. */
    BigInteger times(
        FixedBase table, BigInteger start, byte[] exponents, int at, BigInteger plaintext) {
      return table.times(
          start.mod(modulus.square()), exponents, at, plaintext.multiply(other).mod(modulus.m()));
    }
  }

  @Override
  public String toString() {
    return "Crt[hidden]";
  }
}
