package org.djlmpc.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Polls for what another thread brings about, for at most two minutes. */
public final class Awaiting {
  private Awaiting() {}

  /** Returns when the condition holds; fails if it does not come to hold. */
  public static void until(BooleanSupplier condition) {
    long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(2);
    boolean holds = condition.getAsBoolean();
    while (!holds && System.nanoTime() - deadline < 0) {
      LockSupport.parkNanos(1_000_000);
      holds = condition.getAsBoolean();
    }
    assertThat(holds).as("came to hold in time").isTrue();
  }
}
