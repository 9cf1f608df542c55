package org.djlmpc.transport.netty;

import io.netty.handler.ssl.NotSslRecordException;
import java.util.List;
import java.util.Locale;
import javax.net.ssl.SSLException;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;
import org.jspecify.annotations.Nullable;

/**
 * What a failed handshake means. The JDK and BoringSSL tell alerts and reasons apart by the text of
 * an exception only.
 */
final class TlsFailure {
  private TlsFailure() {}

  /** Returns the reason, or null if the connection ended without one. */
  static @Nullable MpcException explain(Throwable failure, String peer) {
    SSLException tls = null;
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof MpcException reason) {
        return reason;
      }
      if (cause instanceof NotSslRecordException) {
        return of(ErrorCode.NOT_TLS, peer + " answered in plain TCP, or is another program.");
      }
      if (cause instanceof SSLException e) {
        tls = e;
      }
    }
    return tls == null ? null : explain(String.valueOf(tls.getMessage()), peer);
  }

  private static @Nullable MpcException explain(String message, String peer) {
    String text = message.toLowerCase(Locale.ROOT);
    if (anyOf(text, "close", "timed out")) {
      return null;
    }
    if (anyOf(text, "protocol_version", "protocol version", "unsupported_protocol")) {
      return of(ErrorCode.NOT_TLS, peer + " does not speak TLS 1.3.");
    }
    if (anyOf(text, "empty client certificate", "did_not_return_a_certificate")) {
      return of(ErrorCode.CERTIFICATE_MISSING, peer + " showed no certificate.");
    }
    if (text.contains("alert")) {
      return refusal(text, peer);
    }
    return of(ErrorCode.CONNECT, "TLS with " + peer + " failed: " + printable(message) + ".");
  }

  private static MpcException refusal(String text, String peer) {
    String reason;
    if (text.contains("expired")) {
      reason = "it has expired there.";
    } else if (text.contains("unknown_ca")) {
      reason = "it does not trust the authority.";
    } else if (text.contains("certificate")) {
      reason = "its log says why.";
    } else {
      return of(ErrorCode.CONNECT, peer + " ended the TLS handshake: " + printable(text) + ".");
    }
    return of(
        ErrorCode.CERTIFICATE_REFUSED, peer + " refused the certificate of this party: " + reason);
  }

  private static boolean anyOf(String text, String... parts) {
    return List.of(parts).stream().anyMatch(text::contains);
  }

  /** Texts of the TLS library only; no byte of the peer is in them. */
  private static String printable(String text) {
    return text.replaceAll("[^ -~]", "?");
  }

  private static MpcException of(ErrorCode code, String problem) {
    return new MpcException(code, problem, code.nextStep());
  }
}
