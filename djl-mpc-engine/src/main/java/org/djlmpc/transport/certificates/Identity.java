package org.djlmpc.transport.certificates;

import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import org.djlmpc.error.MpcException;
import org.djlmpc.transport.PartyId;
import org.djlmpc.transport.certificates.CertificateCheck.Role;

/**
 * What a party proves itself with, and whom it believes. The private key stays in memory as long as
 * this object; the JDK cannot erase it.
 */
public final class Identity {
  private final PrivateKey key;
  private final List<X509Certificate> chain;
  private final CertificateCheck check;

  /**
   * Joins a key with its certificates.
   *
   * @param key of the first certificate
   * @param chain the party's certificate, then those of the authorities between
   * @param authorities whose certificates this party believes
   */
  public Identity(PrivateKey key, List<X509Certificate> chain, List<X509Certificate> authorities) {
    this.key = key;
    this.chain = List.copyOf(chain);
    this.check = new CertificateCheck(authorities);
  }

  /**
   * Reads the files of a party.
   *
   * @throws MpcException KEY_STORE if a file is missing or damaged, or the password is wrong
   */
  public static Identity load(IdentityFiles files) {
    KeyStoreFile.Entry entry = KeyStoreFile.read(files.keyStore(), files.password());
    return new Identity(entry.key(), entry.chain(), PemFile.read(files.trust()));
  }

  /**
   * Writes the files of a party for {@link IdentityFiles#in}, readable by their owner only, with a
   * new random password.
   *
   * @throws MpcException KEY_STORE if one exists already or cannot be written
   */
  public void save(Path directory) {
    OwnerOnly.createDirectory(directory);
    KeyStoreFile.write(
        directory.resolve(IdentityFiles.KEY_STORE_FILE),
        directory.resolve(IdentityFiles.PASSWORD_FILE),
        new KeyStoreFile.Entry(key, chain));
    PemFile.write(directory.resolve(IdentityFiles.TRUST_FILE), check.authorities());
  }

  /**
   * The party that this identity names.
   *
   * @throws MpcException if the certificate would not convince a party with the same authorities
   */
  public PartyId party() {
    PartyId party = check.check("this party", chain, Role.LISTENS);
    check.check("this party", chain, Role.CONNECTS);
    return party;
  }

  /** The private key, for the handshake. */
  public PrivateKey key() {
    return key;
  }

  /** The party's certificate, then those of the authorities between. */
  public List<X509Certificate> chain() {
    return chain;
  }

  /** The check that certificates of others must pass. */
  public CertificateCheck check() {
    return check;
  }
}
