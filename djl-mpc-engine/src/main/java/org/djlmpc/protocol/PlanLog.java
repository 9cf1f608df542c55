package org.djlmpc.protocol;

import java.util.ArrayList;
import java.util.List;
import org.djlmpc.preprocessing.Prepared;
import org.djlmpc.transport.PartyId;

/** What a planned program will announce and cost, in order. */
public final class PlanLog {
  private final List<Prepared<?>> operations = new ArrayList<>();
  private Cost cost = Cost.ZERO;
  private int depthP0;
  private int depthP1;

  /**
   * Adds one step: its operations, if any, and its online cost without keys. A step in which only
   * one party sends makes only the other wait, so rounds do not simply add up.
   */
  public void add(List<? extends Prepared<?>> announced, Cost online) {
    operations.addAll(announced);
    long p0 = 0;
    long p1 = 0;
    for (Prepared<?> prepared : announced) {
      p0 += prepared.operation().materialBytes(PartyId.P0);
      p1 += prepared.operation().materialBytes(PartyId.P1);
    }
    cost = cost.plus(online.withKeys(p0, p1));
    for (int round = 0; round < online.rounds(); round++) {
      int before = depthP0;
      if (online.onlineBytesP1() > 0) {
        depthP0 = Math.max(depthP0, depthP1 + 1);
      }
      if (online.onlineBytesP0() > 0) {
        depthP1 = Math.max(depthP1, before + 1);
      }
    }
  }

  /** Operations in the order in which the program runs them. */
  public List<Prepared<?>> operations() {
    return List.copyOf(operations);
  }

  /** The operations since the last call, for a program that is planned a part at a time. */
  public List<Prepared<?>> takeOperations() {
    List<Prepared<?>> taken = List.copyOf(operations);
    operations.clear();
    return taken;
  }

  /** Costs so far. */
  public Cost cost() {
    return new Cost(
        Math.max(depthP0, depthP1),
        cost.onlineBytesP0(),
        cost.onlineBytesP1(),
        cost.keyBytesP0(),
        cost.keyBytesP1(),
        cost.comparisons(),
        cost.multiplyAdds());
  }
}
