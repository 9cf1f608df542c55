package org.djlmpc.session;

import java.util.function.BiFunction;
import org.djlmpc.crypto.Seed;
import org.djlmpc.preprocessing.Streams;
import org.djlmpc.transport.Network;
import org.djlmpc.transport.PartyId;

/** A session whose random tensors a test chooses. */
public final class ChosenSession {
  private ChosenSession() {}

  /** Opens a session; {@code source} makes the streams shared with a peer. */
  public static Session open(
      Network network, SessionConfig config, BiFunction<PartyId, Seed, Streams> source) {
    return Session.open(network, config, source);
  }
}
