package org.djlmpc.graph;

import org.djlmpc.ring.Ring;

/**
 * What {@link ErrorBound} proves of one node of a graph.
 *
 * @param id the node's number
 * @param magnitude bound of the exact values; infinite where unknown
 * @param error bound of the distance between fixed-point and exact values, a pending rescaling
 *     included; infinite where unknown
 * @param ringMagnitude bound of the absolute values of the ring elements, read as signed integers,
 *     that the node truncates, compares or returns
 */
public record NodeBound(int id, double magnitude, double error, double ringMagnitude) {
  /**
   * Whether no input can make the node overflow: all ring elements are below 2^(n-2), which
   * truncation needs and comparison more than needs (protocols.md, sections 2 and 4). For a product
   * of two encoded values that is |z| 2^(2f) &lt; 2^(n-2).
   */
  public boolean fits(Ring ring) {
    return ringMagnitude < Math.scalb(1.0, ring.bits() - 2);
  }
}
