package org.djlmpc.fss;

import static org.djlmpc.fss.Blocks.BLOCK;

import org.djlmpc.crypto.FixedKeyHash;

/**
 * Distributed comparison functions: additive shares modulo 2^m of beta [y &lt; alpha], unsigned.
 *
 * <p>Construction: Boyle, Chandran, Gilboa, Gupta, Ishai, Kumar, Rathee, Function Secret Sharing
 * for Mixed-Mode and Fixed-Point Secure Computation (EUROCRYPT 2021, eprint 2020/1392), figure 1,
 * with the generator of {@link Dpf}. Values of both children come from one block (left in its low
 * half) where the payload is one word, else from one or two blocks each. The last value is H_2 of
 * the last seed, and H_8 for a third word, because the seed itself has cleared bits.
 *
 * <p><b>Corrections</b> are the same for both parties, level by level: for each of the {@code
 * domainBits} levels {@code count} blocks (as in {@link Dpf}), then {@code count} payloads; after
 * the last level {@code count} payloads more. Words of a payload take 4 bytes up to m = 32, else 8.
 *
 * <p>Lengths and ranges that do not fit are an {@code MpcException} with code ARGUMENT.
 */
public final class Dcf {
  private Dcf() {}

  /**
   * Bytes of the corrections of {@code count} keys.
   *
   * @param domainBits length of the points, 1 to 64
   */
  public static int correctionBytes(int domainBits, Payload payload, int count) {
    Checks.domain(domainBits, 64);
    long bytes = domainBits * (BLOCK + (long) payload.bytes()) + payload.bytes();
    return Checks.bytes(count * bytes);
  }

  /**
   * Makes keys. Time and memory accesses depend on neither alpha nor beta.
   *
   * @param domainBits length of the points, 1 to 64
   * @param payload kind of the payload
   * @param alpha the secret points, reduced modulo 2^domainBits
   * @param alphaOff position of the first
   * @param beta the secret payloads, one to three words each, reduced modulo 2^m
   * @param betaOff position of the first word
   * @param count number of keys
   * @param roots0 roots of party 0, 16 random bytes a key
   * @param off0 offset of the first, in bytes
   * @param roots1 roots of party 1
   * @param off1 offset of the first, in bytes
   * @param hash the hash both parties will use
   * @param corrections receives {@link #correctionBytes} bytes
   * @param off offset of the first byte
   */
  public static void generate(
      int domainBits,
      Payload payload,
      long[] alpha,
      int alphaOff,
      long[] beta,
      int betaOff,
      int count,
      byte[] roots0,
      int off0,
      byte[] roots1,
      int off1,
      FixedKeyHash hash,
      byte[] corrections,
      int off) {
    Checks.range("points", alpha.length, alphaOff, count);
    Checks.range("payload words", beta.length, betaOff, (long) count * payload.words());
    int bytes = correctionBytes(domainBits, payload, count);
    Checks.range("corrections", corrections.length, off, bytes);
    Checks.range("roots", roots0.length, off0, (long) count * BLOCK);
    Checks.range("roots", roots1.length, off1, (long) count * BLOCK);
    Workspace w = Workspace.ofThread();
    try {
      for (int from = 0; from < count; from += payload.gates()) {
        int gates = Math.min(payload.gates(), count - from);
        w.takePoints(alpha, alphaOff + from, domainBits, gates);
        int betaFrom = betaOff + from * payload.words();
        int root = from * BLOCK;
        DcfPasses.startBoth(w, payload, gates, roots0, off0 + root, roots1, off1 + root);
        int level = off;
        for (int bit = domainBits - 1; bit >= 0; bit--) {
          hash.permute(w.in, 0, w.out, 0, 2 * payload.runs() * gates);
          int seeds = level + from * BLOCK;
          int values = level + count * BLOCK + from * payload.bytes();
          DcfPasses.correctValues(w, payload, gates, bit, beta, betaFrom, corrections, values);
          DcfPasses.correctSeeds(w, payload, gates, bit, corrections, seeds);
          level += count * (BLOCK + payload.bytes());
        }
        hash.permute(w.in, 0, w.out, 0, 2 * payload.blocks() * gates);
        DcfPasses.correctLeaves(w, payload, gates, corrections, level + from * payload.bytes());
      }
    } finally {
      w.wipe(Workspace.GATES);
    }
  }

  /**
   * One party's shares of beta [y &lt; alpha].
   *
   * @param party 0 or 1
   * @param domainBits length of the points, 1 to 64
   * @param payload kind of the payload
   * @param y the public points, reduced modulo 2^domainBits
   * @param yOff position of the first
   * @param count number of keys
   * @param roots the party's roots
   * @param rOff offset of the first, in bytes
   * @param corrections the corrections
   * @param cOff offset of the first byte
   * @param hash the hash that made the keys
   * @param out receives one to three words a key, in [0, 2^m)
   * @param outOff position of the first word
   */
  public static void evaluate(
      int party,
      int domainBits,
      Payload payload,
      long[] y,
      int yOff,
      int count,
      byte[] roots,
      int rOff,
      byte[] corrections,
      int cOff,
      FixedKeyHash hash,
      long[] out,
      int outOff) {
    Checks.party(party);
    Checks.range("points", y.length, yOff, count);
    Checks.range("result words", out.length, outOff, (long) count * payload.words());
    int bytes = correctionBytes(domainBits, payload, count);
    Checks.range("corrections", corrections.length, cOff, bytes);
    Checks.range("roots", roots.length, rOff, (long) count * BLOCK);
    Workspace w = Workspace.ofThread();
    try {
      for (int from = 0; from < count; from += payload.gates()) {
        int gates = Math.min(payload.gates(), count - from);
        w.takePoints(y, yOff + from, domainBits, gates);
        DcfPasses.start(w, payload, gates, party, domainBits - 1, roots, rOff + from * BLOCK);
        int level = cOff;
        for (int bit = domainBits - 1; bit >= 0; bit--) {
          hash.permute(w.in, 0, w.out, 0, (1 + payload.blocks()) * gates);
          int seeds = level + from * BLOCK;
          int values = level + count * BLOCK + from * payload.bytes();
          DcfPasses.addValues(w, payload, gates, bit, corrections, values);
          DcfPasses.descend(w, payload, gates, bit, corrections, seeds);
          level += count * (BLOCK + payload.bytes());
        }
        hash.permute(w.in, 0, w.out, 0, payload.blocks() * gates);
        int leaves = level + from * payload.bytes();
        int result = outOff + from * payload.words();
        DcfPasses.finish(w, payload, gates, party, corrections, leaves, out, result);
      }
    } finally {
      w.wipe(Workspace.GATES);
    }
  }
}
