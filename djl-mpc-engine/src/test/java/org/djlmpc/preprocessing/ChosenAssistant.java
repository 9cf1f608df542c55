package org.djlmpc.preprocessing;

import java.util.function.Function;
import org.djlmpc.transport.Channel;
import org.djlmpc.transport.PartyId;

/** An assistant whose own random tensors a test chooses. */
public final class ChosenAssistant {
  private ChosenAssistant() {}

  /** Serves one request. */
  public static void serve(
      Assistant assistant,
      long request,
      Function<PartyId, Channel> channels,
      Function<PartyId, Streams> streams,
      Streams own) {
    assistant.serve(request, channels, streams, own);
  }
}
