package org.djlmpc.session;

/**
 * Splits a request's time into offline (depends on no query: waiting for keys, preparing them) and
 * online. Starts offline. Used by the request's thread.
 */
final class PhaseClock {
  private long since = System.nanoTime();
  private long offline;
  private long online;
  private boolean inOnline;

  void enter(boolean toOnline) {
    long now = System.nanoTime();
    if (inOnline) {
      online += now - since;
    } else {
      offline += now - since;
    }
    since = now;
    inOnline = toOnline;
  }

  /** Counts as offline what was spent on keys during the online phase. */
  void moveToOffline(long nanos) {
    if (inOnline) {
      online -= nanos;
      offline += nanos;
    }
  }

  long offlineNanos() {
    enter(inOnline);
    return offline;
  }

  long onlineNanos() {
    enter(inOnline);
    return online;
  }
}
