package org.djlmpc.preprocessing;

import java.io.DataOutput;
import java.io.IOException;
import org.djlmpc.transport.PartyId;

/**
 * One piece of work that the share holders ask of an assistant: a kind and public shapes, never
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

  /** Bytes of keys and correlations that the assistant sends to a party for this operation. */
  long materialBytes(PartyId to);

  /**
   * About how many bytes of tensors the assistant holds at once to serve this operation. It refuses
   * what it has no room for.
   */
  long workBytes();

  /** Who serves this operation. What two assistants do together is an operation at each. */
  default PartyId assistant() {
    return PartyId.P2;
  }

  /**
   * Whether the assistant waits for messages of the online phase. If so, no key of this or a later
   * operation of this assistant is prepared ahead, as its material comes after those messages.
   */
  default boolean online() {
    return false;
  }
}
