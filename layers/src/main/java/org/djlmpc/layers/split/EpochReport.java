package org.djlmpc.layers.split;

import java.util.Map;
import org.djlmpc.transport.PartyId;

/**
 * What an epoch has cost, with its validation.
 *
 * @param epoch from 1
 * @param seconds of training at the slowest party, without validation
 * @param bytes sent, by sender and receiver, headers included
 */
public record EpochReport(int epoch, double seconds, Map<PartyId, Map<PartyId, Long>> bytes) {
  /** Copies the map. */
  public EpochReport {
    bytes = Map.copyOf(bytes);
  }

  /** Bytes that a party sent. */
  public long bytesSent(PartyId party) {
    return bytes.getOrDefault(party, Map.of()).values().stream().mapToLong(Long::longValue).sum();
  }

  /** Bytes that all parties sent. */
  public long bytesSent() {
    return bytes.keySet().stream().mapToLong(this::bytesSent).sum();
  }
}
