package org.djlmpc.layers.split.align;

import java.util.Arrays;
import java.util.Comparator;
import org.djlmpc.crypto.Seed;

/**
 * Names of the common rows which only those understand who have them: a keyed hash of each
 * identifier, sorted. As the key is fresh, their order, which becomes the order of the rows, says
 * nothing about identifiers or about where a row stood at a holder.
 */
final class Tags {
  /** Bytes of a tag. */
  static final int TAG = 16;

  /** Two words a tag. */
  private final long[] words;

  private Tags(long[] words) {
    this.words = words;
  }

  /** Tags to be filled with what a peer sends. */
  static Tags empty(int count) {
    return new Tags(new long[2 * count]);
  }

  /** Sorts rows by their tags, in place, and returns these. */
  static Tags sort(Seed key, byte[] digests, int[] rows) {
    Named[] named = new Named[rows.length];
    Oprf.pieces(
        rows.length,
        (from, to) -> {
          KeyedHash hash = new KeyedHash(key);
          long[] tag = new long[2];
          for (int i = from; i < to; i++) {
            Arrays.fill(tag, 0);
            hash.add(digests, rows[i] * Identifiers.DIGEST, tag, 0);
            named[i] = new Named(tag[0], tag[1], rows[i]);
          }
        });
    Arrays.parallelSort(named, Named.ORDER);
    Tags tags = empty(rows.length);
    for (int i = 0; i < rows.length; i++) {
      tags.words[2 * i] = named[i].first();
      tags.words[2 * i + 1] = named[i].second();
      rows[i] = named[i].row();
    }
    return tags;
  }

  private record Named(long first, long second, int row) {
    private static final Comparator<Named> ORDER =
        (a, b) -> compare(a.first, a.second, b.first, b.second);
  }

  private static int compare(long first, long second, long otherFirst, long otherSecond) {
    int order = Long.compareUnsigned(first, otherFirst);
    return order != 0 ? order : Long.compareUnsigned(second, otherSecond);
  }

  /**
   * Which of a holder's first {@code count} digests have these tags.
   *
   * @return for each tag the row, or -1 where this holder has none
   */
  int[] rows(Seed key, byte[] digests, int count) {
    int[] rows = new int[size()];
    Arrays.fill(rows, -1);
    Oprf.pieces(
        count,
        (from, to) -> {
          KeyedHash hash = new KeyedHash(key);
          long[] tag = new long[2];
          for (int i = from; i < to; i++) {
            Arrays.fill(tag, 0);
            hash.add(digests, i * Identifiers.DIGEST, tag, 0);
            int place = find(tag[0], tag[1]);
            if (place >= 0) {
              rows[place] = i;
            }
          }
        });
    return rows;
  }

  private int find(long first, long second) {
    int low = 0;
    int high = size() - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      int order = compare(words[2 * middle], words[2 * middle + 1], first, second);
      if (order == 0) {
        return middle;
      }
      if (order < 0) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return -1;
  }

  /** Whether each tag is larger than the one before it. */
  boolean ascend() {
    for (int i = 1; i < size(); i++) {
      if (compare(words[2 * i - 2], words[2 * i - 1], words[2 * i], words[2 * i + 1]) >= 0) {
        return false;
      }
    }
    return true;
  }

  int size() {
    return words.length / 2;
  }

  /** Some tags as bytes. */
  byte[] store(int from, int count) {
    byte[] bytes = new byte[TAG * count];
    for (int i = 0; i < 2 * count; i++) {
      Words.put(bytes, Long.BYTES * i, words[2 * from + i]);
    }
    return bytes;
  }

  /** Takes tags from bytes of {@link #store}. */
  void load(byte[] bytes, int from) {
    for (int i = 0; i < bytes.length / Long.BYTES; i++) {
      words[2 * from + i] = Words.get(bytes, Long.BYTES * i);
    }
  }
}
