package org.djlmpc.layers.split.paillier;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;
import org.djlmpc.fixedpoint.FixedPoint;
import org.djlmpc.layers.split.FirstLayer;
import org.djlmpc.layers.split.FirstWeights;
import org.djlmpc.layers.split.Roles;
import org.djlmpc.layers.split.RowBatch;
import org.djlmpc.layers.split.SplitJob;
import org.djlmpc.layers.split.Step;
import org.djlmpc.ring.Ring;
import org.djlmpc.ring.RingTensor;
import org.djlmpc.transport.Channel;
import org.djlmpc.transport.FrameType;
import org.djlmpc.transport.PartyId;
import org.jspecify.annotations.Nullable;

/**
 * {@code he}: the sum of the holders' products under Paillier encryption (SPNN, arXiv:2003.05198,
 * Algorithm 3, with the rules of protocols.md, section 8, for routes and rounding).
 *
 * <pre>
 * server:   1. makes a key pair for the job, sends the public key to all holders
 * holder i: 2. p_i = round(X_i theta_i, f)
 *           3. c_i = c_(i-1)·Enc(p_i), with c_0 = 1, to holder i + 1; the last to the server
 * server:   4. h1 = Dec(c_last) = sum of p_i
 * </pre>
 *
 * <p>Ciphertexts go from holder to holder on their direct channel. The server could decrypt them,
 * so neither it nor the coordinator passes them on, and the channel must be encrypted under keys
 * that the server does not have. Each Enc has fresh randomness, so what the last holder sends tells
 * nothing of the summands but their sum. Rounding comes before encryption: a sum with 2f fraction
 * bits would let the server solve for one-hot features.
 *
 * <p>The server learns h1, holders see ciphertexts only. Secure while the server does not collude
 * with a holder: together with holder i + 1 it decrypts the sum up to holder i. Computational:
 * rests on the decisional composite residuosity assumption and short exponents ({@link Encryptor}).
 *
 * <p>About 11 bytes a value and holder (512 for 46 values at 2048 bits), as many hops as holders. A
 * holder's value must have {@link Packing#valueBits} bits with its f fraction bits, so with two
 * holders and f = 16, X_i theta_i below 2^25 in magnitude.
 *
 * @param keyBits bits of n
 * @param exponentBits bits of the random exponents
 * @param slotBits bits of a slot; fewer take less time for smaller values
 */
public record HomomorphicSum(int keyBits, int exponentBits, int slotBits) implements FirstLayer {
  /** A key of 2048 bits, exponents of 448 and slots of 44. */
  public static final HomomorphicSum DEFAULT = ofKey(PaillierPublicKey.MIN_BITS);

  private static final int KEY = 0;

  /**
   * Checks the numbers.
   *
   * @throws MpcException with code ARGUMENT
   */
  public HomomorphicSum {
    PaillierPublicKey.requireBits(keyBits);
    Encryptor.requireExponent(keyBits, exponentBits);
  }

  /** With a key of other length, the exponents that it needs at least, and slots of 44 bits. */
  public static HomomorphicSum ofKey(int keyBits) {
    return new HomomorphicSum(
        keyBits, Encryptor.shortExponentBits(keyBits), Packing.DEFAULT_SLOT_BITS);
  }

  /** The same with exponents of half the bits of n, which rest on factoring alone. */
  public HomomorphicSum withLongExponents() {
    return new HomomorphicSum(keyBits, keyBits / 2, slotBits);
  }

  /** The same with other slots. */
  public HomomorphicSum withSlotBits(int bits) {
    return new HomomorphicSum(keyBits, exponentBits, bits);
  }

  @Override
  public String name() {
    return "he";
  }

  @Override
  public Map<String, String> options() {
    return new TreeMap<>(
        Map.of(
            "key bits", Integer.toString(keyBits),
            "exponent bits", Integer.toString(exponentBits),
            "slot bits", Integer.toString(slotBits)));
  }

  @Override
  public void check(Roles roles, int fractionBits) {
    Packing packing = Packing.ofSlots(keyBits, slotBits, roles.holders());
    if (packing.valueBits() < fractionBits + 2) {
      throw new MpcException(
          ErrorCode.ARGUMENT,
          fractionBits
              + " fraction bits leave no room in values of "
              + packing.valueBits()
              + " bits.",
          "Choose fewer fraction bits or wider slots.");
    }
  }

  @Override
  public HolderSide holder(SplitJob job, FirstWeights theta) {
    List<PartyId> holders = job.plan().roles().holderIds();
    Channel server = job.channel(Roles.SERVER);
    PaillierPublicKey key = PaillierPublicKey.of(server.receive(FrameType.SETUP, KEY));
    if (key.bits() != keyBits) {
      throw new MpcException(
          ErrorCode.CONFIGURATION_MISMATCH,
          "The server's key has " + key.bits() + " bits instead of " + keyBits + ".",
          ErrorCode.CONFIGURATION_MISMATCH.nextStep());
    }
    int place = holders.indexOf(job.self());
    boolean first = place == 0;
    boolean last = place == holders.size() - 1;
    ChainLink link =
        new ChainLink(
            Encryptor.of(key, exponentBits),
            packing(job),
            first ? null : job.channel(holders.get(place - 1)),
            last ? server : job.channel(holders.get(place + 1)));
    return new Holder(link, theta, fixedPoint(job));
  }

  private record Holder(ChainLink link, FirstWeights theta, FixedPoint fixedPoint)
      implements HolderSide {
    @Override
    public void contribute(Step step, @Nullable Step next, RowBatch x) {
      float[] product = theta.product(x);
      long[] p = new long[product.length];
      try (RingTensor rounded = fixedPoint.encode(product, step.shape(theta.width()))) {
        rounded.copyWords(p, 0, 0, p.length);
        link.add(step.number(), p);
      } finally {
        Arrays.fill(p, 0);
        Arrays.fill(product, 0);
      }
    }

    @Override
    public void close() {
      link.close();
    }
  }

  @Override
  public ServerSide server(SplitJob job) {
    List<PartyId> holders = job.plan().roles().holderIds();
    PaillierPrivateKey key = PaillierPrivateKey.generate(keyBits);
    for (PartyId holder : holders) {
      job.channel(holder).send(FrameType.SETUP, KEY, key.publicKey().toBytes());
    }
    Channel last = job.channel(holders.get(holders.size() - 1));
    int width = job.plan().network().width();
    return new Server(new SumReceiver(key, packing(job), last), fixedPoint(job), width);
  }

  private record Server(SumReceiver receiver, FixedPoint fixedPoint, int width)
      implements ServerSide {
    @Override
    public float[] sum(Step step) {
      long[] sums = receiver.receive(step.number(), Math.multiplyExact(step.rows(), width));
      try (RingTensor h1 = RingTensor.zeros(Ring.Z64, step.shape(width))) {
        h1.setWords(sums, 0, 0, sums.length);
        return fixedPoint.decodeFloats(h1, fixedPoint.fractionBits());
      }
    }

    @Override
    public void close() {
      receiver.close();
    }
  }

  private Packing packing(SplitJob job) {
    return Packing.ofSlots(keyBits, slotBits, job.plan().roles().holders());
  }

  private static FixedPoint fixedPoint(SplitJob job) {
    return new FixedPoint(Ring.Z64, job.plan().fractionBits());
  }
}
