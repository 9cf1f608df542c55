package org.djlmpc.ring.vector;

import jdk.incubator.vector.LongVector;

/** What the vector unit of this machine offers to ring kernels. */
public final class VectorSupport {

  private VectorSupport() {}

  /** Returns how many 64-bit ring elements one vector register of the preferred shape holds. */
  public static int preferredLongLanes() {
    return LongVector.SPECIES_PREFERRED.length();
  }
}
