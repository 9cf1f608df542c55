package org.djlmpc.protocol;

import java.util.ArrayList;
import java.util.List;
import org.djlmpc.preprocessing.Prepared;
import org.djlmpc.transport.PartyId;

/** What a planned program will announce and cost, in order. */
public final class PlanLog {
  private final List<Prepared<?>> operations = new ArrayList<>();
  private Cost cost = Cost.ZERO;

  /** Adds one step: its operations, if any, and its online cost without keys. */
  public void add(List<? extends Prepared<?>> announced, Cost online) {
    operations.addAll(announced);
    long p0 = 0;
    long p1 = 0;
    for (Prepared<?> prepared : announced) {
      p0 += prepared.operation().materialBytes(PartyId.P0);
      p1 += prepared.operation().materialBytes(PartyId.P1);
    }
    cost = cost.plus(online.withKeys(p0, p1));
  }

  /** Operations in the order in which the program runs them. */
  public List<Prepared<?>> operations() {
    return List.copyOf(operations);
  }

  /** Costs so far. */
  public Cost cost() {
    return cost;
  }
}
