package org.djlmpc.session;

import ai.djl.ndarray.types.Shape;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.djlmpc.transport.PartyId;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Everything that this party's programs revealed: to whom, why, and which shape; never the values.
 */
public final class DisclosureLog {
  private static final Logger LOG = LoggerFactory.getLogger("org.djlmpc.disclosure");
  private static final int KEPT = 10_000;

  private final List<Disclosure> disclosures = new ArrayList<>();

  /**
   * One reveal.
   *
   * @param time when
   * @param request in which request
   * @param shape how much
   * @param learns who learns the values
   * @param reason why, in the program's words
   */
  public record Disclosure(
      Instant time, long request, Shape shape, Set<String> learns, String reason) {}

  /**
   * Notes a reveal.
   *
   * @param request in which request
   * @param shape how much; never the values
   * @param learns who learns the values
   * @param reason why, in the program's words
   */
  public void add(long request, Shape shape, Set<String> learns, String reason) {
    Disclosure disclosure =
        new Disclosure(Instant.now(), request, shape, Set.copyOf(learns), reason);
    synchronized (disclosures) {
      if (disclosures.size() == KEPT) {
        disclosures.remove(0);
      }
      disclosures.add(disclosure);
    }
    LOG.info("request {} reveals {} to {}: {}", request, shape, learns, reason);
  }

  /** The most recent reveals, oldest first. */
  public List<Disclosure> disclosures() {
    synchronized (disclosures) {
      return List.copyOf(disclosures);
    }
  }

  static Set<String> names(Set<PartyId> parties) {
    return parties.stream()
        .map(PartyId::name)
        .collect(java.util.stream.Collectors.toUnmodifiableSet());
  }
}
