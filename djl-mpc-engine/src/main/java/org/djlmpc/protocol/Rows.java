package org.djlmpc.protocol;

import ai.djl.ndarray.types.Shape;
import org.djlmpc.ring.CompactTensor;
import org.djlmpc.ring.Ring;
import org.djlmpc.ring.RingTensor;
import org.jspecify.annotations.Nullable;

/**
 * An operand that can be had in parts, so that large weights and their masks, which follow from
 * seeds, are never whole in memory. {@link Bilinear#apply(Rows, Rows)} takes some rows of the right
 * operand's first axis at a time.
 */
public interface Rows {
  /** Elements that are made at once: a few megabytes. */
  int PIECE = 1 << 20;

  /** The ring. */
  Ring ring();

  /** The shape of all rows. */
  Shape shape();

  /**
   * Writes some of the elements.
   *
   * @param from the first of them, in row-major order
   * @param part receives as many as it has
   */
  void fill(int from, RingTensor part);

  /** All rows, if they are in memory; the tensor is not the caller's to close. Null if not. */
  default @Nullable RingTensor whole() {
    return null;
  }

  /** All rows, in a tensor that the caller closes. */
  default RingTensor copy() {
    RingTensor all = RingTensor.zeros(ring(), shape());
    fill(0, all);
    return all;
  }

  /** Goes through all elements, {@link #PIECE} of them at a time. */
  default void forEachPiece(PieceUse use) {
    int size = Math.toIntExact(shape().size());
    for (int from = 0; from < size; from += PIECE) {
      try (RingTensor piece = RingTensor.zeros(ring(), new Shape(Math.min(PIECE, size - from)))) {
        fill(from, piece);
        use.accept(from, piece);
      }
    }
  }

  /** What is done with a piece. */
  @FunctionalInterface
  interface PieceUse {
    /**
     * Uses a piece, which is erased afterwards.
     *
     * @param from its first element
     */
    void accept(int from, RingTensor piece);
  }

  /** What makes elements. */
  @FunctionalInterface
  interface Filler {
    /** As {@link Rows#fill}. */
    void fill(int from, RingTensor part);
  }

  /** A tensor in memory. */
  static Rows of(RingTensor tensor) {
    return new Rows() {
      @Override
      public Ring ring() {
        return tensor.ring();
      }

      @Override
      public Shape shape() {
        return tensor.shape();
      }

      @Override
      public void fill(int from, RingTensor part) {
        try (RingTensor range = tensor.range(from, part.size())) {
          part.setRange(0, range);
        }
      }

      @Override
      public RingTensor whole() {
        return tensor;
      }
    };
  }

  /** A tensor in memory, in short form. */
  static Rows of(CompactTensor tensor) {
    return of(tensor.ring(), tensor.shape(), tensor::copy);
  }

  /** Elements that are made when they are needed. */
  static Rows of(Ring ring, Shape shape, Filler filler) {
    return new Rows() {
      @Override
      public Ring ring() {
        return ring;
      }

      @Override
      public Shape shape() {
        return shape;
      }

      @Override
      public void fill(int from, RingTensor part) {
        filler.fill(from, part);
      }
    };
  }

  /** The sum. */
  default Rows plus(Rows other) {
    return of(
        ring(),
        shape(),
        (from, part) -> {
          fill(from, part);
          try (RingTensor summand = RingTensor.zeros(ring(), part.shape())) {
            other.fill(from, summand);
            part.addInPlace(summand);
          }
        });
  }

  /** The difference. */
  default Rows minus(Rows other) {
    return of(
        ring(),
        shape(),
        (from, part) -> {
          fill(from, part);
          try (RingTensor subtrahend = RingTensor.zeros(ring(), part.shape())) {
            other.fill(from, subtrahend);
            part.subtractInPlace(subtrahend);
          }
        });
  }
}
