package org.djlmpc.crypto;

import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.HexFormat;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;

/** AES-128 of the JDK, whose compiler replaces its loops by the processor's AES instructions. */
final class Aes {
  static final int BLOCK = 16;

  /**
   * Longest piece given to one call. The JDK's loops run on AES instructions only once they are
   * compiled, and long calls delay that; shorter ones than 1 KiB lose to the cost of a call.
   */
  static final int PIECE = 1 << 16;

  private static final boolean KNOWN_ANSWERS_HOLD = knownAnswersHold();

  private Aes() {}

  /** AES/ECB for encryption under a key of 16 bytes. */
  static Cipher ecb(byte[] key) {
    requireKnownAnswers();
    try {
      return newEcb(key);
    } catch (GeneralSecurityException e) {
      throw unusable(e);
    }
  }

  /** A CTR cipher without a key; {@link #start} gives it one. */
  static Cipher ctr() {
    requireKnownAnswers();
    try {
      return Cipher.getInstance("AES/CTR/NoPadding");
    } catch (GeneralSecurityException e) {
      throw unusable(e);
    }
  }

  /** Starts a CTR cipher at the block with the given index. */
  static void start(Cipher ctr, SecretKeySpec key, long block) {
    byte[] counter = new byte[BLOCK];
    for (int i = 0; i < Long.BYTES; i++) {
      counter[BLOCK - 1 - i] = (byte) (block >>> (8 * i));
    }
    try {
      ctr.init(Cipher.ENCRYPT_MODE, key, new IvParameterSpec(counter));
    } catch (GeneralSecurityException e) {
      throw unusable(e);
    }
  }

  /** Runs the cipher over another buffer, in pieces. */
  static void update(Cipher cipher, byte[] src, int srcOff, byte[] dst, int dstOff, int length) {
    try {
      for (int done = 0; done < length; done += PIECE) {
        cipher.update(src, srcOff + done, Math.min(PIECE, length - done), dst, dstOff + done);
      }
    } catch (GeneralSecurityException e) {
      throw unusable(e);
    }
  }

  static MpcException unusable(GeneralSecurityException e) {
    return new MpcException(
        ErrorCode.SELF_TEST,
        "AES of this Java runtime cannot be used.",
        "Run on a JDK with the SunJCE provider.",
        e);
  }

  private static Cipher newEcb(byte[] key) throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance("AES/ECB/NoPadding");
    cipher.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(key, "AES"));
    return cipher;
  }

  private static void requireKnownAnswers() {
    if (!KNOWN_ANSWERS_HOLD) {
      throw new MpcException(
          ErrorCode.SELF_TEST,
          "AES of this Java runtime does not give the known answers of NIST.",
          "Report this with the processor and Java version, and do not use this machine.");
    }
  }

  /** NIST SP 800-38A, F.1.1 (ECB-AES128) and F.5.1 (CTR-AES128), two blocks each. */
  private static boolean knownAnswersHold() {
    HexFormat hex = HexFormat.of();
    byte[] key = hex.parseHex("2b7e151628aed2a6abf7158809cf4f3c");
    byte[] plain = hex.parseHex("6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51");
    byte[] ecb = hex.parseHex("3ad77bb40d7a3660a89ecaf32466ef97f5d3d58503b9699de785895a96fdbaaf");
    byte[] counter = hex.parseHex("f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff");
    byte[] ctr = hex.parseHex("874d6191b620e3261bef6864990db6ce9806f66b7970fdff8617187bb9fffdff");
    try {
      byte[] out = new byte[plain.length];
      newEcb(key).update(plain, 0, plain.length, out, 0);
      boolean holds = Arrays.equals(out, ecb);
      Cipher stream = Cipher.getInstance("AES/CTR/NoPadding");
      stream.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(key, "AES"), new IvParameterSpec(counter));
      stream.update(plain, 0, plain.length, out, 0);
      return holds && Arrays.equals(out, ctr);
    } catch (GeneralSecurityException e) {
      return false;
    }
  }
}
