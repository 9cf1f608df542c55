package org.djlmpc.protocol.ariann;

import java.util.List;
import org.djlmpc.ring.BitTensor;
import org.djlmpc.ring.RingTensor;

/**
 * What turns an opened masked bit s^ = s xor rho into shares of s or of s times something
 * (protocols.md, section 3).
 *
 * <p>One mask r serves the comparison and the selection of the same opening.
 */
final class Selection {
  private Selection() {}

  /** [s] = s^ + (1 - 2 s^) [rho], with s^ added by P0 alone. */
  static RingTensor bit(int j, BitTensor opened, RingTensor rho) {
    RingTensor s = rho.negateWhere(opened);
    if (j == 0) {
      s.addInPlace(RingTensor.fromBits(rho.ring(), rho.shape(), opened));
    }
    return s;
  }

  /**
   * [s u] for a value u = base + [hidden], where the base is public and hidden is shared: s^ u + (1
   * - 2 s^) (base [rho] + [rho hidden]).
   *
   * @param base the public part
   * @param u this party's share of u; P0's holds the base; erased
   * @param rho share of rho
   * @param rhoHidden share of rho times the hidden part; erased
   */
  static RingTensor select(
      BitTensor opened, RingTensor base, RingTensor u, RingTensor rho, RingTensor rhoHidden) {
    RingTensor flip = base.multiply(rho);
    flip.addInPlace(rhoHidden);
    RingTensor result = flip.negateWhere(opened);
    result.addInPlace(u.multiplyBits(opened));
    for (RingTensor used : List.of(flip, rhoHidden, u)) {
      used.close();
    }
    return result;
  }
}
