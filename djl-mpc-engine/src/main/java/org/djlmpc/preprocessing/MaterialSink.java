package org.djlmpc.preprocessing;

import java.util.List;
import org.djlmpc.transport.Payload;
import org.djlmpc.transport.TensorFrames;

/**
 * Where a generator writes one party's part of an operation, in the order in which {@link Material}
 * reads it.
 */
public interface MaterialSink {
  /** The streams that the party derives from the seed it shares with this assistant. */
  Streams streams();

  /** Sends tensors to the party. */
  void send(List<? extends TensorFrames.Part> parts);

  /** Sends a chunk of keys to the party; the payload passes to the sink. */
  void chunk(Payload keys);
}
