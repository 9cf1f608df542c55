package org.djlmpc.preprocessing;

import java.util.EnumMap;
import java.util.Map;
import org.djlmpc.transport.PartyId;

/**
 * Room in this JVM's heap for keys that are held before the online phase: half of it and no more
 * than one program may take, for each party, as parties that are threads of one process read the
 * same arrays. All sessions share it, so that requests side by side do not fill the heap with keys;
 * who finds no room streams.
 */
public final class KeyRoom {
  private static final KeyRoom HEAP =
      new KeyRoom(Math.min(Runtime.getRuntime().maxMemory() / 2, KeyWindow.AUTO.whole()));

  private final long each;
  private final Map<PartyId, Long> taken = new EnumMap<>(PartyId.class);

  KeyRoom(long each) {
    this.each = each;
  }

  /** The room of this JVM. */
  public static KeyRoom ofHeap() {
    return HEAP;
  }

  /** Takes room for a party's keys; false if there is not so much. */
  public synchronized boolean take(PartyId party, long bytes) {
    long sum = taken.getOrDefault(party, 0L) + bytes;
    if (sum > each) {
      return false;
    }
    taken.put(party, sum);
    return true;
  }

  /** Gives back what was taken. */
  public synchronized void giveBack(PartyId party, long bytes) {
    taken.merge(party, -bytes, Long::sum);
  }
}
