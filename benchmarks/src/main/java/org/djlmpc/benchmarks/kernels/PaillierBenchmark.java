package org.djlmpc.benchmarks.kernels;

import java.math.BigInteger;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.djlmpc.layers.split.paillier.Ciphertexts;
import org.djlmpc.layers.split.paillier.Encryptor;
import org.djlmpc.layers.split.paillier.Packing;
import org.djlmpc.layers.split.paillier.PaillierPrivateKey;
import org.djlmpc.ring.Kernels;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * Paillier on one core: values of 42 bits per second, 46 in each ciphertext at 2048 bits. Packing
 * is part of encryption.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
public class PaillierBenchmark {
  /** The slots at 2048 bits; other sizes of keys do not fit this benchmark. */
  private static final int VALUES = 46;

  private final PaillierPrivateKey key = PaillierPrivateKey.generate(2048);
  private final Packing packing = Packing.of(key.publicKey(), 2);
  private final Encryptor owner = Encryptor.of(key);
  private final long[] values =
      new SplittableRandom(1).longs(VALUES, -(1L << 41), 1L << 41).toArray();
  private final Ciphertexts ciphertexts = owner.encrypt(packing.pack(values, 0, VALUES));

  /** One core. */
  @Setup
  public void prepare() {
    Kernels.setParallelism(1);
  }

  /** Drops the key. */
  @TearDown
  public void close() {
    owner.close();
    key.close();
  }

  /** Somebody who has the public key. */
  @State(Scope.Benchmark)
  public static class Holder {
    /** Bits of the exponents: the default, and the paper's. */
    @Param({"448", "1024"})
    public int exponentBits = 448;

    private @Nullable Encryptor encryptor;

    /** Makes the holder's table. */
    @Setup
    public void prepare(PaillierBenchmark benchmark) {
      encryptor = Encryptor.of(benchmark.key.publicKey(), exponentBits);
    }

    Encryptor encryptor() {
      return Objects.requireNonNull(encryptor);
    }

    /** Drops the table. */
    @TearDown
    public void close() {
      encryptor().close();
    }
  }

  /** By somebody who has the public key. */
  @Benchmark
  @OperationsPerInvocation(VALUES)
  public Ciphertexts encrypt(Holder holder) {
    return holder.encryptor().encrypt(packing.pack(values, 0, VALUES));
  }

  /** Adds values to a ciphertext and re-randomizes it, as a holder in the chain does. */
  @Benchmark
  @OperationsPerInvocation(VALUES)
  public Ciphertexts encryptOnto(Holder holder) {
    return holder.encryptor().encryptOnto(ciphertexts, packing.pack(values, 0, VALUES));
  }

  /** By the owner of the key, always with exponents of 448 bits. */
  @Benchmark
  @OperationsPerInvocation(VALUES)
  public Ciphertexts encryptAsOwner() {
    return owner.encrypt(packing.pack(values, 0, VALUES));
  }

  /** Adds two ciphertexts. */
  @Benchmark
  @OperationsPerInvocation(VALUES)
  public Ciphertexts add() {
    return ciphertexts.plus(ciphertexts);
  }

  /** By the owner of the key. */
  @Benchmark
  @OperationsPerInvocation(VALUES)
  public BigInteger[] decrypt() {
    return key.decrypt(ciphertexts);
  }
}
