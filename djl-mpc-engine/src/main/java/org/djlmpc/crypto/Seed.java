package org.djlmpc.crypto;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.generators.HKDFBytesGenerator;
import org.bouncycastle.crypto.params.HKDFParameters;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;

/**
 * A secret of 32 bytes, from which streams and further seeds are derived.
 *
 * <p>Derivation is HKDF with SHA-256 (RFC 5869). Its {@code info} encodes label and identifiers
 * with their lengths, so two different (label, ids) never share an encoding.
 */
public final class Seed implements AutoCloseable {
  /** Length of a seed in bytes. */
  public static final int BYTES = 32;

  private static final SecureRandom RANDOM = new SecureRandom();
  private static final byte[] SALT = "djl-mpc/seed/1".getBytes(StandardCharsets.US_ASCII);

  private final byte[] secret;
  private boolean closed;

  private Seed(byte[] secret) {
    this.secret = secret;
  }

  /** A fresh seed from the operating system's generator. */
  public static Seed random() {
    byte[] secret = new byte[BYTES];
    RANDOM.nextBytes(secret);
    return new Seed(secret);
  }

  /**
   * A seed from bytes that another party sent; the bytes are copied.
   *
   * @param bytes exactly {@link #BYTES} bytes
   * @throws MpcException with code ARGUMENT for another length
   */
  public static Seed of(byte[] bytes) {
    if (bytes.length != BYTES) {
      throw new MpcException(
          ErrorCode.ARGUMENT,
          "A seed has " + BYTES + " bytes, but " + bytes.length + " were given.",
          "Pass the bytes that copyBytes returned at the peer.");
    }
    return new Seed(bytes.clone());
  }

  /** A copy of the secret, to send over a confidential channel; the caller zeroes it. */
  public synchronized byte[] copyBytes() {
    requireOpen();
    return secret.clone();
  }

  /**
   * The seed that belongs to a label and identifiers (session, operation, tensor, attempt, ...).
   *
   * @param label what the derived seed is for; different purposes need different labels
   * @param ids identifiers within that purpose
   */
  public Seed derive(String label, long... ids) {
    return new Seed(expand(BYTES, label, ids));
  }

  /** HKDF output of another length than a seed's, for keys of this package. */
  synchronized byte[] expand(int length, String label, long... ids) {
    requireOpen();
    byte[] name = label.getBytes(StandardCharsets.UTF_8);
    ByteBuffer info = ByteBuffer.allocate(12 + name.length + 8 * ids.length);
    info.putInt(length).putInt(name.length).put(name).putInt(ids.length);
    for (long id : ids) {
      info.putLong(id);
    }
    HKDFBytesGenerator hkdf = new HKDFBytesGenerator(new SHA256Digest());
    hkdf.init(new HKDFParameters(secret, SALT, info.array()));
    byte[] derived = new byte[length];
    hkdf.generateBytes(derived, 0, length);
    return derived;
  }

  private void requireOpen() {
    if (closed) {
      throw new MpcException(
          ErrorCode.CLOSED,
          "This seed was closed and its secret erased.",
          "Derive what you need before closing it.");
    }
  }

  /** Erases the secret. */
  @Override
  public synchronized void close() {
    closed = true;
    Arrays.fill(secret, (byte) 0);
  }

  @Override
  public String toString() {
    return "Seed[hidden]";
  }
}
