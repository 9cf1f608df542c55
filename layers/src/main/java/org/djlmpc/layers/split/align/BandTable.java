package org.djlmpc.layers.split.align;

import java.security.MessageDigest;
import java.util.Arrays;
import org.djlmpc.crypto.Prg;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;

/**
 * An oblivious key-value store: a table from which a key's value is read as the exclusive or of
 * some of its cells, and which, for random values, tells nothing about its keys.
 *
 * <p>RB-OKVS of Bienstock, Patel, Seo and Yeo (USENIX Security 2023): a key chooses a start and 128
 * random bits, the cells from there on that it adds up. Keys sorted by start make a band matrix,
 * which is solved in one pass.
 *
 * <p>With 1.25 cells a key the pass fails with probability below 2^-60 for a million keys: the keys
 * that wait for a cell form a queue with an arrival rate of 0.8 a cell, which exceeds q with
 * probability about e^(-0.46 q), and a key fails if q of its 128 cells are taken and the other bits
 * are all zero. Measured with bands of 20 to 28 bits, a failure per key becomes 2^0.66 times rarer
 * with each bit, from 2^-17.7 at 28.
 *
 * <p>Keys are 32-byte digests in one array, values 16 bytes as two words.
 */
final class BandTable {
  /** Bytes of a cell and of a value. */
  static final int CELL = 16;

  /** Length of the nonce which makes the positions of a table its own. */
  static final int NONCE = 16;

  private static final int BAND = 128;

  private final byte[] nonce;
  private final int starts;

  /** Two words a cell. */
  private final long[] cells;

  private BandTable(byte[] nonce, int keys) {
    this.nonce = nonce;
    starts = starts(keys);
    cells = new long[2 * cells(keys)];
  }

  private static int starts(int keys) {
    return Math.max(1, (int) ((5L * keys + 3) / 4));
  }

  /** Cells of a table for so many keys. */
  static int cells(int keys) {
    return starts(keys) + BAND - 1;
  }

  /** A table to be filled with cells that a peer made for so many keys. */
  static BandTable empty(byte[] nonce, int keys) {
    return new BandTable(nonce, keys);
  }

  /**
   * Solves for the cells.
   *
   * @param digests the keys, all different, {@link Identifiers#DIGEST} bytes each
   * @param values two words a key; used up
   * @param random fills the cells that no key determines
   */
  static BandTable encode(byte[] digests, long[] values, byte[] nonce, Prg random) {
    int keys = values.length / 2;
    BandTable table = new BandTable(nonce, keys);
    table.solve(digests, values, random);
    return table;
  }

  private void solve(byte[] digests, long[] values, Prg random) {
    int keys = values.length / 2;
    long[] order = new long[keys]; // start, then key
    long[] bands = new long[2 * keys];
    Rows rows = new Rows();
    for (int i = 0; i < keys; i++) {
      rows.of(digests, i * Identifiers.DIGEST);
      order[i] = (long) rows.start << 32 | i;
      bands[2 * i] = rows.low;
      bands[2 * i + 1] = rows.high;
    }
    Arrays.sort(order);
    int[] pivots = new int[cells.length / 2]; // key + 1 whose band begins at the cell
    for (long entry : order) {
      eliminate((int) (entry >>> 32), (int) entry, bands, values, pivots);
    }
    substitute(bands, values, pivots, random);
    Arrays.fill(bands, 0);
  }

  /** Adds rows until this one begins at a cell that no other row begins at. */
  private static void eliminate(int start, int key, long[] bands, long[] values, int[] pivots) {
    int column = start;
    long low = bands[2 * key];
    long high = bands[2 * key + 1];
    while ((low | high) != 0) {
      int zeros =
          low != 0 ? Long.numberOfTrailingZeros(low) : Long.SIZE + Long.numberOfTrailingZeros(high);
      if (zeros >= Long.SIZE) {
        low = high;
        high = 0;
      }
      int shift = zeros % Long.SIZE;
      if (shift > 0) {
        low = low >>> shift | high << -shift;
        high >>>= shift;
      }
      column += zeros;
      int pivot = pivots[column] - 1;
      if (pivot < 0) {
        pivots[column] = key + 1;
        bands[2 * key] = low;
        bands[2 * key + 1] = high;
        return;
      }
      low ^= bands[2 * pivot];
      high ^= bands[2 * pivot + 1];
      values[2 * key] ^= values[2 * pivot];
      values[2 * key + 1] ^= values[2 * pivot + 1];
    }
    throw new MpcException(
        ErrorCode.INTERNAL,
        "The rows could not be arranged for the alignment, which happens once in 2^60 runs.",
        "Start the alignment again.");
  }

  private void substitute(long[] bands, long[] values, int[] pivots, Prg random) {
    for (int column = pivots.length - 1; column >= 0; column--) {
      int pivot = pivots[column] - 1;
      if (pivot < 0) {
        cells[2 * column] = random.nextLong();
        cells[2 * column + 1] = random.nextLong();
      } else {
        // the cell itself is still zero
        long[] sum = {values[2 * pivot], values[2 * pivot + 1]};
        add(column, bands[2 * pivot], bands[2 * pivot + 1], sum, 0);
        cells[2 * column] = sum[0];
        cells[2 * column + 1] = sum[1];
      }
    }
  }

  private void add(int start, long low, long high, long[] sum, int offset) {
    long first = sum[offset];
    long second = sum[offset + 1];
    for (long bits = low; bits != 0; bits &= bits - 1) {
      int cell = start + Long.numberOfTrailingZeros(bits);
      first ^= cells[2 * cell];
      second ^= cells[2 * cell + 1];
    }
    for (long bits = high; bits != 0; bits &= bits - 1) {
      int cell = start + Long.SIZE + Long.numberOfTrailingZeros(bits);
      first ^= cells[2 * cell];
      second ^= cells[2 * cell + 1];
    }
    sum[offset] = first;
    sum[offset + 1] = second;
  }

  /** Reads values for one thread. */
  Reader reader() {
    return new Reader();
  }

  /** One thread's access to the table. */
  final class Reader {
    private final Rows rows = new Rows();

    /** Adds the value of a key (something random, if the table was made without it) to a sum. */
    void addValue(byte[] digests, int offset, long[] sum, int sumOffset) {
      rows.of(digests, offset);
      add(rows.start, rows.low, rows.high, sum, sumOffset);
    }
  }

  /** Number of cells. */
  int size() {
    return cells.length / 2;
  }

  /** Writes cells as little-endian bytes, or reads them. */
  byte[] store(int from, int count) {
    byte[] bytes = new byte[count * CELL];
    for (int i = 0; i < 2 * count; i++) {
      Words.put(bytes, Long.BYTES * i, cells[2 * from + i]);
    }
    return bytes;
  }

  /** Takes cells from bytes of {@link #store}. */
  void load(byte[] bytes, int from) {
    for (int i = 0; i < bytes.length / Long.BYTES; i++) {
      cells[2 * from + i] = Words.get(bytes, Long.BYTES * i);
    }
  }

  /** Row of the matrix for a key: where it starts, and its bits. */
  private final class Rows {
    private final MessageDigest sha = Digests.sha256();
    private final byte[] hash = new byte[32];
    private int start;
    private long low;
    private long high;

    void of(byte[] digests, int offset) {
      sha.update(nonce);
      sha.update(digests, offset, Identifiers.DIGEST);
      Digests.finish(sha, hash, 0);
      // 63 random bits times the number of starts, divided by 2^63
      start = (int) Math.multiplyHigh(Words.get(hash, 16) >>> 1, (long) starts << 1);
      low = Words.get(hash, 0);
      high = Words.get(hash, 8);
    }
  }
}
