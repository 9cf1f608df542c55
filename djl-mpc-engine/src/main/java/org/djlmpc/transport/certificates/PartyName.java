package org.djlmpc.transport.certificates;

import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.djlmpc.transport.PartyId;

/**
 * How a certificate names a party: by a URI such as {@code djl-mpc:party:P0} among its subject
 * alternative names (RFC 5280, section 4.2.1.6). The subject itself means nothing.
 */
public final class PartyName {
  private static final String PREFIX = "djl-mpc:party:";

  /** GeneralName's choice {@code uniformResourceIdentifier}. */
  private static final int URI = 6;

  private static final int DNS = 2;
  private static final int IP = 7;

  private PartyName() {}

  /** The URI of a party. */
  public static String uri(PartyId party) {
    return PREFIX + party.name();
  }

  /** The party that a certificate names; empty if it names none, or more than one. */
  public static Optional<PartyId> in(X509Certificate certificate) {
    List<String> names = alternativeNames(certificate, URI);
    List<PartyId> named =
        Arrays.stream(PartyId.values()).filter(party -> names.contains(uri(party))).toList();
    return named.size() == 1 ? Optional.of(named.get(0)) : Optional.empty();
  }

  /** The host names and addresses in a certificate, which nobody checks. */
  public static List<String> hosts(X509Certificate certificate) {
    return Stream.of(DNS, IP)
        .flatMap(type -> alternativeNames(certificate, type).stream())
        .toList();
  }

  private static List<String> alternativeNames(X509Certificate certificate, int type) {
    try {
      Collection<List<?>> names = certificate.getSubjectAlternativeNames();
      return names == null
          ? List.of()
          : names.stream()
              .filter(name -> Integer.valueOf(type).equals(name.get(0)))
              .map(name -> String.valueOf(name.get(1)))
              .toList();
    } catch (CertificateParsingException e) {
      return List.of();
    }
  }
}
