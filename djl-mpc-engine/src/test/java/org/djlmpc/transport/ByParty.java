package org.djlmpc.transport;

import java.util.Map;
import java.util.Objects;

/**
 * One value for each party.
 *
 * @param map holds a value for every party that is asked for
 */
public record ByParty<V>(Map<PartyId, V> map) {
  /** The value of a party. */
  public V of(PartyId party) {
    return Objects.requireNonNull(map.get(party));
  }
}
