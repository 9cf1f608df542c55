package org.djlmpc.transport.netty;

import io.netty.channel.Channel;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import java.net.InetSocketAddress;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;
import org.djlmpc.transport.PartyId;
import org.djlmpc.transport.certificates.Fingerprint;
import org.djlmpc.transport.certificates.Identity;
import org.djlmpc.transport.certificates.PartyName;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * TLS 1.3 (RFC 8446) with certificates on both sides. Each side checks that the other's certificate
 * was issued by an authority that it trusts and names the party that it claims to be; where the
 * machine is does not matter.
 *
 * <p>The JDK's TLS is used, or BoringSSL if {@code netty-tcnative} is on the class path.
 */
public final class MutualTls implements ConnectionSecurity {
  private static final Logger LOG = LoggerFactory.getLogger(MutualTls.class);
  private static final String PROTOCOL = "TLSv1.3";

  /** The fastest first; all are sound. */
  private static final List<String> SUITES =
      List.of("TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256");

  private final Identity identity;
  private final Map<PartyId, Fingerprint> pins;
  private final SslProvider provider;
  private final SslContext accepting;
  private final Map<PartyId, SslContext> dialling = new ConcurrentHashMap<>();

  private MutualTls(Identity identity, Map<PartyId, Fingerprint> pins, SslProvider provider) {
    this.identity = identity;
    this.pins = new EnumMap<>(PartyId.class);
    this.pins.putAll(pins);
    this.provider = provider;
    accepting =
        build(
            SslContextBuilder.forServer(identity.key(), chain(identity))
                .clientAuth(ClientAuth.REQUIRE),
            null);
  }

  /** Connections of the party that an identity names. */
  public static MutualTls of(Identity identity) {
    MutualTls tls = with(identity, fastestProvider());
    LOG.info("connections in {}", tls);
    return tls;
  }

  static MutualTls with(Identity identity, SslProvider provider) {
    return new MutualTls(identity, Map.of(), provider);
  }

  /**
   * The same, believing of these parties no other certificate than the one with this fingerprint.
   * It must come from a trusted authority all the same.
   */
  public MutualTls withPins(Map<PartyId, Fingerprint> fingerprints) {
    return new MutualTls(identity, fingerprints, provider);
  }

  private static SslProvider fastestProvider() {
    return OpenSsl.isAvailable() && SslProvider.isTlsv13Supported(SslProvider.OPENSSL)
        ? SslProvider.OPENSSL
        : SslProvider.JDK;
  }

  /** The protocol and whose it is. */
  @Override
  public String toString() {
    return PROTOCOL + (provider == SslProvider.JDK ? " of the JDK" : " of BoringSSL");
  }

  private static X509Certificate[] chain(Identity identity) {
    return identity.chain().toArray(X509Certificate[]::new);
  }

  private SslContext build(SslContextBuilder builder, @Nullable PartyId dialled) {
    try {
      return builder
          .sslProvider(provider)
          .protocols(PROTOCOL)
          .ciphers(SUITES)
          .trustManager(new PartyTrustManager(identity.check(), pins, dialled))
          // the name that counts is the party's, which the trust manager checks
          .endpointIdentificationAlgorithm(null)
          .build();
    } catch (SSLException e) {
      throw new MpcException(
          ErrorCode.KEY_STORE,
          "This party's key cannot be used for TLS: " + e.getMessage() + ".",
          "Make a new certificate with djl-mpc certs issue.",
          e);
    }
  }

  private SslContext dialling(PartyId peer) {
    return dialling.computeIfAbsent(
        peer,
        dialled ->
            build(
                SslContextBuilder.forClient().keyManager(identity.key(), chain(identity)),
                dialled));
  }

  @Override
  public void checkSelf(PartyId self) {
    PartyId named = identity.party();
    if (named != self) {
      throw new MpcException(
          ErrorCode.CERTIFICATE_NAME,
          "This party is " + self + ", and its certificate names " + named + ".",
          "Start " + self + " with the key store that was issued for it.");
    }
  }

  /** Every address will do. */
  @Override
  public void checkAddress(InetSocketAddress address) {}

  @Override
  public void install(ChannelPipeline pipeline, @Nullable PartyId dialled) {
    pipeline.addLast(new LingeringClose());
    if (dialled == null) {
      pipeline.addLast(new PlainGreetingGuard());
      pipeline.addLast(accepting.newHandler(pipeline.channel().alloc()));
    } else {
      pipeline.addLast(dialling(dialled).newHandler(pipeline.channel().alloc()));
    }
  }

  @Override
  public void verify(Channel connection, PartyId claimed) {
    if (shownBy(connection) != claimed) {
      throw new MpcException(
          ErrorCode.CERTIFICATE_NAME,
          "A party said that it is " + claimed + ", and its certificate names another one.",
          ErrorCode.CERTIFICATE_NAME.nextStep());
    }
  }

  /** The party in the certificate, which the trust manager has checked. */
  private static @Nullable PartyId shownBy(Channel connection) {
    SslHandler tls = connection.pipeline().get(SslHandler.class);
    if (tls == null) {
      return null;
    }
    try {
      Certificate[] shown = tls.engine().getSession().getPeerCertificates();
      return Arrays.stream(shown)
          .findFirst()
          .flatMap(first -> PartyName.in((X509Certificate) first))
          .orElse(null);
    } catch (SSLPeerUnverifiedException e) {
      return null;
    }
  }

  @Override
  public @Nullable MpcException explain(Throwable failure, String peer) {
    return TlsFailure.explain(failure, peer);
  }
}
