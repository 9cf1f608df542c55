package org.djlmpc.preprocessing;

import java.io.DataOutput;
import java.io.IOException;
import org.djlmpc.transport.PartyId;

/**
 * One piece of work that the share holders ask of the assistants: a kind and public shapes, never
 * data.
 *
 * <p>P0 and P1 announce the same operations in the same order; an assistant stops when the two
 * announcements differ. Implementations are records, so that equality compares all public
 * parameters.
 */
public interface Operation {
  /** Stable number of this kind within its suite. */
  int kind();

  /** Writes the public parameters; the suite's codec reads them back. */
  void encode(DataOutput out) throws IOException;

  /** Bytes of keys and correlations that an assistant sends to a party for this operation. */
  long materialBytes(PartyId to);
}
