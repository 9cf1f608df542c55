package org.djlmpc.layers.split.align;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.concurrent.atomic.AtomicBoolean;
import org.djlmpc.ring.Parallel;

/**
 * The pseudo-random function {@code F_k(x) = H'(x, k·H(x))} over many digests at once, on all
 * cores. With only {@code r·H(x)} in hand, the owner of k computes {@code k·r·H(x)}, from which
 * whoever knows x and r gets F_k(x): 2HashDH of Jarecki, Kiayias and Krawczyk (ASIACRYPT 2014).
 */
final class Oprf {
  /** Names protocol and version in every hash. */
  private static final String DST = "djl-mpc-align-v1-with-curve25519_XMD:SHA-512_ELL2_RO_";

  private static final byte[] OUTPUT =
      "djl-mpc-align-v1-output".getBytes(StandardCharsets.US_ASCII);

  /** Digests that one thread takes at a time. */
  private static final int PIECE = 128;

  private Oprf() {}

  /** Where the digest of a position lies in the array of digests. */
  @FunctionalInterface
  interface Position {
    /** The number of the digest. */
    int of(int index);
  }

  /** {@code scalar·H(x)} for some digests x, one point after the other. */
  static byte[] blind(byte[] scalar, byte[] digests, Position positions, int count) {
    byte[] points = new byte[count * Curve25519.BYTES];
    pieces(
        count,
        (from, to) -> {
          HashToCurve hash = new HashToCurve(DST);
          byte[] digest = new byte[Identifiers.DIGEST];
          for (int i = from; i < to; i++) {
            System.arraycopy(
                digests, positions.of(i) * Identifiers.DIGEST, digest, 0, Identifiers.DIGEST);
            int at = i * Curve25519.BYTES;
            hash.hash(digest, points, at);
            Curve25519.multiply(scalar, points, at, points, at);
          }
        });
    return points;
  }

  /**
   * Multiplies the points of a peer, in place.
   *
   * @return false if one of them is no point of the curve or of small order
   */
  static boolean multiply(byte[] scalar, byte[] points) {
    AtomicBoolean valid = new AtomicBoolean(true);
    pieces(
        points.length / Curve25519.BYTES,
        (from, to) -> {
          for (int i = from; i < to; i++) {
            int at = i * Curve25519.BYTES;
            if (!Curve25519.isPoint(points, at)
                || !Curve25519.multiply(scalar, points, at, points, at)) {
              valid.set(false);
            }
          }
        });
    return valid.get();
  }

  /** Adds, by exclusive or, the function's values to two words for each digest. */
  static void addOutputs(
      byte[] points, byte[] digests, Position positions, int count, long[] sums) {
    pieces(
        count,
        (from, to) -> {
          MessageDigest sha = Digests.sha256();
          byte[] hash = new byte[Identifiers.DIGEST];
          for (int i = from; i < to; i++) {
            int position = positions.of(i);
            sha.update(OUTPUT);
            sha.update(digests, position * Identifiers.DIGEST, Identifiers.DIGEST);
            sha.update(points, i * Curve25519.BYTES, Curve25519.BYTES);
            Digests.finish(sha, hash, 0);
            sums[2 * position] ^= Words.get(hash, 0);
            sums[2 * position + 1] ^= Words.get(hash, Long.BYTES);
          }
        });
  }

  /** Runs a loop over 0 to {@code count - 1} on all cores, in ranges. */
  static void pieces(int count, Parallel.Range range) {
    Parallel.pieces(
        (count + PIECE - 1) / PIECE,
        piece -> range.run(piece * PIECE, Math.min(count, (piece + 1) * PIECE)));
  }
}
