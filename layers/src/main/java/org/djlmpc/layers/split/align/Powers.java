package org.djlmpc.layers.split.align;

import static org.bouncycastle.math.ec.rfc7748.X25519Field.mul;
import static org.bouncycastle.math.ec.rfc7748.X25519Field.sqr;

import org.bouncycastle.math.ec.rfc7748.X25519Field;

/** Powers modulo p = 2^255 - 19 with fixed exponents, by addition chains. */
final class Powers {
  private Powers() {}

  /** {@code out = x^((p - 5) / 8) = x^(2^252 - 3)}; x and out are different arrays. */
  static void fifthEighths(int[] x, int[] out) {
    int[] two = ones(x, 1, x); // the name is k of x^(2^k - 1)
    int[] five = ones(ones(two, 1, x), 2, two);
    int[] ten = ones(five, 5, five);
    int[] twenty = ones(ten, 10, ten);
    int[] fifty = ones(ones(twenty, 20, twenty), 10, ten);
    int[] hundred = ones(fifty, 50, fifty);
    int[] all = ones(ones(hundred, 100, hundred), 50, fifty);
    sqr(all, 2, out);
    mul(out, x, out);
  }

  /** From x^(2^a - 1) and x^(2^b - 1): x^(2^(a + b) - 1). */
  private static int[] ones(int[] a, int b, int[] onesB) {
    int[] product = X25519Field.create();
    sqr(a, b, product);
    mul(product, onesB, product);
    return product;
  }
}
