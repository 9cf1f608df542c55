package org.djlmpc.transport.certificates;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.UnrecoverableKeyException;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;

/** PKCS#12 files (RFC 7292) with one private key and its certificates. */
final class KeyStoreFile {
  private static final String FORMAT = "PKCS12";
  private static final String ALIAS = "djl-mpc";
  private static final int PASSWORD_BYTES = 24;

  /**
   * A private key with its certificates.
   *
   * @param key of the first certificate
   * @param chain the owner's certificate, then those of the authorities
   */
  record Entry(PrivateKey key, List<X509Certificate> chain) {
    /** Names the certificate, not the key. */
    @Override
    public String toString() {
      return "Entry[" + Fingerprint.of(chain.get(0)) + "]";
    }
  }

  private KeyStoreFile() {}

  /**
   * Reads the one private key of a file.
   *
   * @throws MpcException KEY_STORE if the file is missing or damaged, holds another number of keys,
   *     or the password is wrong
   */
  static Entry read(Path file, KeyStorePassword source) {
    if (!Files.isRegularFile(file)) {
      throw unreadable(file, new NoSuchFileException(file.toString()));
    }
    char[] password = source.read();
    try (InputStream in = Files.newInputStream(file)) {
      KeyStore store = KeyStore.getInstance(FORMAT);
      store.load(in, password);
      return onlyEntry(file, store, password);
    } catch (IOException e) {
      throw e.getCause() instanceof UnrecoverableKeyException
          ? wrongPassword(file, e)
          : damaged(file, e);
    } catch (UnrecoverableKeyException e) {
      throw wrongPassword(file, e);
    } catch (GeneralSecurityException e) {
      throw damaged(file, e);
    } finally {
      Arrays.fill(password, '\0');
    }
  }

  private static Entry onlyEntry(Path file, KeyStore store, char[] password)
      throws GeneralSecurityException {
    List<String> keys = new ArrayList<>();
    for (String alias : Collections.list(store.aliases())) {
      if (store.isKeyEntry(alias)) {
        keys.add(alias);
      }
    }
    if (keys.size() == 1 && store.getKey(keys.get(0), password) instanceof PrivateKey key) {
      Certificate[] chain = store.getCertificateChain(keys.get(0));
      return new Entry(key, Arrays.stream(chain).map(X509Certificate.class::cast).toList());
    }
    throw new MpcException(
        ErrorCode.KEY_STORE,
        file + " holds " + keys.size() + " private keys.",
        "Make a key store with the one key of this party.");
  }

  /** Writes a key store and, to another file, its new random password. */
  static void write(Path file, Path passwordFile, Entry entry) {
    byte[] random = new byte[PASSWORD_BYTES];
    new SecureRandom().nextBytes(random);
    byte[] text = Base64.getUrlEncoder().withoutPadding().encode(random);
    char[] password = new char[text.length];
    for (int i = 0; i < text.length; i++) {
      password[i] = (char) text[i];
    }
    try {
      OwnerOnly.create(
          file,
          out -> {
            KeyStore store = KeyStore.getInstance(FORMAT);
            store.load(null, null);
            Certificate[] chain = entry.chain.toArray(Certificate[]::new);
            store.setKeyEntry(ALIAS, entry.key, password, chain);
            store.store(out, password);
          });
      OwnerOnly.create(
          passwordFile,
          out -> {
            out.write(text);
            out.write('\n');
          });
    } finally {
      Arrays.fill(random, (byte) 0);
      Arrays.fill(text, (byte) 0);
      Arrays.fill(password, '\0');
    }
  }

  static MpcException unreadable(Path file, IOException e) {
    return new MpcException(
        ErrorCode.KEY_STORE,
        e instanceof NoSuchFileException
            ? "There is no file " + file + "."
            : "The file " + file + " cannot be read.",
        "Make it with djl-mpc certs init and certs issue, or name the right one.",
        e);
  }

  private static MpcException wrongPassword(Path file, Exception e) {
    return new MpcException(
        ErrorCode.KEY_STORE,
        "The password does not open " + file + ".",
        "Give the password that belongs to this key store.",
        e);
  }

  private static MpcException damaged(Path file, Exception e) {
    return new MpcException(
        ErrorCode.KEY_STORE,
        file + " is no PKCS#12 key store, or is damaged.",
        "Name the .p12 file of this party.",
        e);
  }
}
