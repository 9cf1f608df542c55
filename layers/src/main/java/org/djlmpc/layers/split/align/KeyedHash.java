package org.djlmpc.layers.split.align;

import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.ShortBufferException;
import javax.crypto.spec.SecretKeySpec;
import org.djlmpc.crypto.Seed;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;

/** A pseudo-random function from digests to two words: HMAC-SHA-256, cut. For one thread. */
final class KeyedHash {
  private final Mac mac;
  private final byte[] hash = new byte[32];

  KeyedHash(Seed key) {
    byte[] bytes = key.copyBytes();
    try {
      mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(bytes, "HmacSHA256"));
    } catch (NoSuchAlgorithmException | InvalidKeyException e) {
      throw new MpcException(
          ErrorCode.SELF_TEST,
          "HMAC-SHA-256 of this Java runtime cannot be used.",
          "Run on a JDK with the SunJCE provider.",
          e);
    } finally {
      Arrays.fill(bytes, (byte) 0);
    }
  }

  /** Adds, by exclusive or, the function of a digest to two words. */
  void add(byte[] digests, int offset, long[] sum, int sumOffset) {
    mac.update(digests, offset, Identifiers.DIGEST);
    try {
      mac.doFinal(hash, 0);
    } catch (ShortBufferException e) {
      throw new MpcException(
          ErrorCode.INTERNAL, "A hash has no room.", ErrorCode.INTERNAL.nextStep(), e);
    }
    sum[sumOffset] ^= Words.get(hash, 0);
    sum[sumOffset + 1] ^= Words.get(hash, Long.BYTES);
  }
}
