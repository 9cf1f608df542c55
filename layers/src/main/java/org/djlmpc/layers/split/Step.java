package org.djlmpc.layers.split;

import ai.djl.ndarray.types.Shape;

/**
 * One batch on its way forward, the same at all parties.
 *
 * @param number counts the batches of a job, from 0, and never repeats in it: the operation number
 *     of its frames
 * @param rows of the batch
 */
public record Step(int number, int rows) {
  /** The shape of what has this many columns. */
  public Shape shape(int width) {
    return new Shape(rows, width);
  }
}
