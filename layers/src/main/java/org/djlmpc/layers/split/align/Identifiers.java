package org.djlmpc.layers.split.align;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.text.Normalizer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;

/**
 * A holder's row identifiers as digests of 32 bytes.
 *
 * <p>Before hashing, white space around an identifier is removed and the rest brought to Unicode's
 * normalization form C, so that the same text typed on two systems is the same identifier. Nothing
 * else is changed: "a" and "A", or "7" and "007", are different; whoever wants them equal prepares
 * them so at every holder.
 */
final class Identifiers {
  /** Bytes of a digest. */
  static final int DIGEST = 32;

  /** The most rows of one holder: their digests are one array. */
  static final int MAX = 60_000_000;

  private Identifiers() {}

  /** What counts as the identifier: without white space around it, in normalization form C. */
  static String normalize(String id) {
    return Normalizer.normalize(id, Normalizer.Form.NFC).strip();
  }

  /**
   * The digests of all identifiers.
   *
   * @throws MpcException ARGUMENT if one is empty, or if two are equal, naming their rows; LIMIT
   *     for more than {@link #MAX}
   */
  static byte[] digests(List<String> ids) {
    if (ids.size() > MAX) {
      throw new MpcException(
          ErrorCode.LIMIT,
          ids.size() + " rows are more than the " + MAX + " that can be aligned at once.",
          "Divide the rows, at all holders in the same way, such as by a part of the identifier.");
    }
    MessageDigest sha = Digests.sha256();
    byte[] digests = new byte[ids.size() * DIGEST];
    int row = 0;
    for (String id : ids) {
      String normalized = normalize(id);
      if (normalized.isEmpty()) {
        throw new MpcException(
            ErrorCode.ARGUMENT,
            "Row " + row + " (counted from 0) has no identifier.",
            "Leave such rows out, or give them identifiers.");
      }
      sha.update(normalized.getBytes(StandardCharsets.UTF_8));
      Digests.finish(sha, digests, DIGEST * row);
      row++;
    }
    requireDifferent(digests);
    return digests;
  }

  private static void requireDifferent(byte[] digests) {
    long[] prefixes = new long[digests.length / DIGEST];
    for (int i = 0; i < prefixes.length; i++) {
      prefixes[i] = Words.get(digests, DIGEST * i);
    }
    Arrays.parallelSort(prefixes);
    for (int i = 1; i < prefixes.length; i++) {
      if (prefixes[i] == prefixes[i - 1]) {
        nameDuplicates(digests, prefixes[i]);
      }
    }
  }

  private static void nameDuplicates(byte[] digests, long prefix) {
    Map<String, Integer> seen = new HashMap<>();
    for (int i = 0; i < digests.length / DIGEST; i++) {
      if (Words.get(digests, DIGEST * i) == prefix) {
        String digest = Arrays.toString(Arrays.copyOfRange(digests, DIGEST * i, DIGEST * (i + 1)));
        Integer earlier = seen.put(digest, i);
        if (earlier != null) {
          throw new MpcException(
              ErrorCode.ARGUMENT,
              "Rows " + earlier + " and " + i + " (counted from 0) have the same identifier.",
              "Keep one row for each identifier.");
        }
      }
    }
  }
}
