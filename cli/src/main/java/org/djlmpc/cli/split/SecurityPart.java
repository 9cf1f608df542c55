package org.djlmpc.cli.split;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.djlmpc.cli.identity.PartyNames;
import org.djlmpc.cli.identity.Protection;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;
import org.djlmpc.transport.PartyId;
import org.djlmpc.transport.netty.ConnectionSecurity;
import org.jspecify.annotations.Nullable;

/**
 * How a party proves who it is, as a configuration says it; the fields are the options of {@code
 * split align} and {@code party}.
 *
 * @param tls a directory as {@code certs issue} writes it
 * @param keyStore instead: PKCS#12 file
 * @param keyStorePasswordFile whose first line is the password, or null for the variable
 * @param trust with a key store: certificates of the authorities
 * @param pins fingerprints by role
 * @param insecurePlainTcp instead of both: no protection between local processes
 */
record SecurityPart(
    @Nullable String tls,
    @Nullable String keyStore,
    @Nullable String keyStorePasswordFile,
    @Nullable String trust,
    @Nullable Map<String, String> pins,
    @Nullable Boolean insecurePlainTcp) {

  /**
   * The protection of connections.
   *
   * @param config the configuration, beside which the files are
   * @throws MpcException ARGUMENT for fields that do not fit, KEY_STORE if a file cannot be used
   */
  ConnectionSecurity connections(Path config) {
    Map<PartyId, String> pinned = new LinkedHashMap<>();
    if (pins != null) {
      pins.forEach((name, fingerprint) -> pinned.put(party(config, name), fingerprint));
    }
    Protection protection =
        new Protection(
            beside(config, tls),
            beside(config, keyStore),
            beside(config, keyStorePasswordFile),
            beside(config, trust),
            pinned,
            insecurePlainTcp != null && insecurePlainTcp);
    protection
        .problem(name -> "security." + name.replace('-', '_'))
        .ifPresent(
            problem -> {
              throw wrong(config, problem);
            });
    return protection.security();
  }

  private static PartyId party(Path config, String name) {
    return PartyNames.find(name)
        .orElseThrow(() -> wrong(config, "In security.pins there is no party \"" + name + "\"."));
  }

  private static @Nullable Path beside(Path config, @Nullable String name) {
    return name == null ? null : SplitConfig.beside(config, name);
  }

  private static MpcException wrong(Path config, String problem) {
    return new MpcException(
        ErrorCode.ARGUMENT,
        "The configuration " + config.getFileName() + " cannot be used: " + problem,
        "Compare it with examples/split and docs/split.md.");
  }
}
