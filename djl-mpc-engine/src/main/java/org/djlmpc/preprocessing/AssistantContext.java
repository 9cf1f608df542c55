package org.djlmpc.preprocessing;

import org.djlmpc.transport.Channel;
import org.djlmpc.transport.PartyId;

/** The surroundings of one operation at an assistant. */
public interface AssistantContext {
  /** The request; scope of all streams of this operation. */
  long request();

  /** Number of the operation in the request. */
  int number();

  /** Where a share holder's part of keys and correlations goes. */
  MaterialSink sink(PartyId holder);

  /** Streams that nobody but this assistant knows, fresh for this request. */
  Streams own();

  /** The channel to another party, for assistants of online protocols. */
  Channel channel(PartyId peer);
}
