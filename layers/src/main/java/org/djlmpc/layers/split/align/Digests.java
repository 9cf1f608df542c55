package org.djlmpc.layers.split.align;

import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;

/** The JDK's hash functions, without checked exceptions. */
final class Digests {
  private Digests() {}

  static MessageDigest sha256() {
    return of("SHA-256");
  }

  static MessageDigest sha512() {
    return of("SHA-512");
  }

  /** Ends a hash and writes it; the digest starts anew. */
  static void finish(MessageDigest digest, byte[] out, int offset) {
    try {
      digest.digest(out, offset, digest.getDigestLength());
    } catch (DigestException e) {
      throw new MpcException(
          ErrorCode.INTERNAL, "A hash has no room.", ErrorCode.INTERNAL.nextStep(), e);
    }
  }

  private static MessageDigest of(String algorithm) {
    try {
      return MessageDigest.getInstance(algorithm);
    } catch (NoSuchAlgorithmException e) {
      throw new MpcException(
          ErrorCode.SELF_TEST,
          "This Java runtime lacks " + algorithm + ".",
          "Run on a JDK with the SUN provider.",
          e);
    }
  }
}
