package org.djlmpc.protocol;

import java.time.Duration;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;
import org.djlmpc.preprocessing.KeyWindow;
import org.djlmpc.ring.Ring;
import org.djlmpc.session.SessionConfig;
import org.djlmpc.transport.LinkShape;
import org.djlmpc.transport.NetworkOptions;

/**
 * Settings of a group of parties; the same at all of them.
 *
 * @param ring ring of the shares
 * @param fractionBits fraction bits of the fixed-point encoding
 * @param keyWindow the keys that each share holder holds ahead of use
 * @param timeout how long to wait for a peer
 * @param shape latency and bandwidth to imitate
 */
public record PartyOptions(
    Ring ring, int fractionBits, KeyWindow keyWindow, Duration timeout, LinkShape shape) {
  /**
   * 64-bit ring, 16 fraction bits, keys as {@link KeyWindow#AUTO} says, one minute, links as they
   * are.
   */
  public static final PartyOptions DEFAULT =
      new PartyOptions(Ring.Z64, 16, KeyWindow.AUTO, Duration.ofSeconds(60), LinkShape.NONE);

  /** Refuses a ring that is too small for values. */
  public PartyOptions {
    if (ring.isSmall()) {
      throw new MpcException(
          ErrorCode.ARGUMENT,
          "A ring of " + ring.bits() + " bits holds no encoded values.",
          "Use Ring.Z64 or Ring.Z32.");
    }
  }

  /** The same with another ring and encoding. */
  public PartyOptions withFixedPoint(Ring newRing, int newFractionBits) {
    return new PartyOptions(newRing, newFractionBits, keyWindow, timeout, shape);
  }

  /** The same with another key window. */
  public PartyOptions withKeyWindow(KeyWindow window) {
    return new PartyOptions(ring, fractionBits, window, timeout, shape);
  }

  /** The same with another timeout. */
  public PartyOptions withTimeout(Duration newTimeout) {
    return new PartyOptions(ring, fractionBits, keyWindow, newTimeout, shape);
  }

  /** The same with imitated latency and bandwidth. */
  public PartyOptions withShape(LinkShape newShape) {
    return new PartyOptions(ring, fractionBits, keyWindow, timeout, newShape);
  }

  /** Limits of the network. */
  public NetworkOptions network() {
    // keys and their corrections may wait in the inbox up to the window; openings are small beside
    // them
    long keys = keyWindow.most() + keyWindow.streamed();
    return NetworkOptions.DEFAULT
        .withIoTimeout(timeout)
        .withShape(shape)
        .withMaxBufferedBytes(Math.max(NetworkOptions.DEFAULT.maxBufferedBytes(), keys));
  }

  /** What the handshake compares. */
  public SessionConfig session(ProtocolSuite suite) {
    return new SessionConfig(
        suite.name(), suite.options(), suite.parties(), ring, fractionBits, keyWindow, timeout);
  }
}
