package org.djlmpc.layers.split;

import java.util.EnumMap;
import java.util.Map;
import org.djlmpc.transport.PartyId;
import org.djlmpc.transport.Traffic;

/** How much a party has sent in a job, between one look and the next. */
final class SentBytes {
  private final SplitJob job;
  private Map<PartyId, Long> seen = Map.of();

  SentBytes(SplitJob job) {
    this.job = job;
  }

  /** Payload and headers since the last call, by receiver. */
  Map<PartyId, Long> sinceLast() {
    Map<PartyId, Long> now = new EnumMap<>(PartyId.class);
    Map<PartyId, Long> since = new EnumMap<>(PartyId.class);
    job.traffic()
        .forEach(
            (peer, totals) -> {
              Traffic.Phase all = totals.offline().plus(totals.online());
              long bytes = all.bytesSent() + all.overheadBytes();
              now.put(peer, bytes);
              since.put(peer, bytes - seen.getOrDefault(peer, 0L));
            });
    seen = now;
    return since;
  }
}
