package org.djlmpc.protocol;

import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;
import org.djlmpc.ring.ConvolutionSpec;
import org.djlmpc.ring.IndexMap;
import org.djlmpc.ring.RingTensor;
import org.jspecify.annotations.Nullable;

/**
 * A public bilinear map of two tensors: the shape of every multiplication that needs a triple.
 *
 * @param kind which map
 * @param convolution geometry, for convolutions only
 */
public record Bilinear(Kind kind, @Nullable ConvolutionSpec convolution) {
  /** The maps. */
  public enum Kind {
    /** x * y elementwise, equal shapes. */
    ELEMENTWISE,
    /** (m, k) times (k, n), or (batch, m, k) times (batch, k, n). */
    MATMUL,
    /** x (m, k) times the transpose of y (n, k). */
    LINEAR,
    /** x (N, C, H, W) with kernels y (K, C / groups, R, S). */
    CONVOLUTION
  }

  /** Elementwise product. */
  public static final Bilinear ELEMENTWISE = new Bilinear(Kind.ELEMENTWISE, null);

  /** Matrix product. */
  public static final Bilinear MATMUL = new Bilinear(Kind.MATMUL, null);

  /** Matrix product with a transposed right side. */
  public static final Bilinear LINEAR = new Bilinear(Kind.LINEAR, null);

  /** Convolution with this geometry. */
  public static Bilinear convolution(ConvolutionSpec spec) {
    return new Bilinear(Kind.CONVOLUTION, spec);
  }

  /** The map itself, over the ring. */
  public RingTensor apply(RingTensor x, RingTensor y) {
    return switch (kind) {
      case ELEMENTWISE -> x.multiply(y);
      case MATMUL -> x.matmul(y);
      case LINEAR -> x.matmulTransposed(y);
      case CONVOLUTION -> x.convolution(y, spec());
    };
  }

  /**
   * The map itself, with as little of a right operand in memory at a time as its parts allow: rows
   * of it give columns or channels of the result. Operands that are made are erased.
   */
  public RingTensor apply(Rows x, Rows y) {
    RingTensor left = x.whole();
    if (left != null) {
      return apply(left, y);
    }
    try (RingTensor made = x.copy()) {
      return apply(made, y);
    }
  }

  private RingTensor apply(RingTensor x, Rows y) {
    RingTensor whole = y.whole();
    if (whole != null) {
      return apply(x, whole);
    }
    Shape shape = y.shape();
    int all = isCut(shape) ? (int) shape.get(0) : 1;
    int rows = (int) (rightAtOnce(shape) / (shape.size() / all));
    if (rows >= all) {
      try (RingTensor made = y.copy()) {
        return apply(x, made);
      }
    }
    List<RingTensor> results = new ArrayList<>();
    RingTensor part = RingTensor.zeros(y.ring(), rows(shape, rows));
    for (int from = 0; from < all; from += rows) {
      if (from + rows > all) {
        part.close();
        part = RingTensor.zeros(y.ring(), rows(shape, all - from));
      }
      y.fill(Math.toIntExact(from * (shape.size() / all)), part);
      results.add(apply(kind == Kind.MATMUL ? columns(x, from, part.shape().get(0)) : x, part));
    }
    part.close();
    RingTensor result = kind == Kind.MATMUL ? sum(results) : RingTensor.concat(results, 1);
    results.stream().filter(summand -> summand != result).forEach(RingTensor::close);
    return result;
  }

  /** How many elements of a right operand that is made in parts are there at once. */
  public long rightAtOnce(Shape y) {
    long row = isCut(y) ? y.size() / y.get(0) : y.size();
    return Math.min(y.size(), Math.max(1, Rows.PIECE / Math.max(1, row)) * row);
  }

  /** Whether rows of the right operand can be taken one after the other. */
  private boolean isCut(Shape y) {
    return switch (kind) {
      case ELEMENTWISE -> false;
      case MATMUL -> y.dimension() == 2 && y.size() > 0;
      case LINEAR -> y.size() > 0;
      case CONVOLUTION -> spec().groups() == 1 && y.size() > 0;
    };
  }

  private static Shape rows(Shape shape, long count) {
    return new Shape(count).addAll(shape.slice(1));
  }

  private static RingTensor columns(RingTensor x, long from, long count) {
    return x.rearrange(
        IndexMap.slice(
            x.shape(),
            new long[] {0, from},
            new long[] {x.shape().get(0), from + count},
            new long[] {1, 1}));
  }

  private static RingTensor sum(List<RingTensor> summands) {
    RingTensor sum = summands.get(0);
    summands.subList(1, summands.size()).forEach(sum::addInPlace);
    return sum;
  }

  /** Shape of the result. */
  public Shape outputShape(Shape x, Shape y) {
    int last = x.dimension() - 1;
    boolean fits =
        switch (kind) {
          case ELEMENTWISE -> x.equals(y);
          case MATMUL ->
              x.dimension() == y.dimension()
                  && last >= 1
                  && last <= 2
                  && x.get(last) == y.get(last - 1)
                  && (last == 1 || x.get(0) == y.get(0));
          case LINEAR -> last == 1 && y.dimension() == 2 && x.get(1) == y.get(1);
          case CONVOLUTION -> true;
        };
    if (!fits) {
      throw new MpcException(
          ErrorCode.SHAPE,
          "A product (" + kind + ") of shapes " + x + " and " + y + ".",
          "Make the inner lengths equal.");
    }
    return switch (kind) {
      case ELEMENTWISE -> x;
      case MATMUL -> {
        long[] shape = Arrays.copyOf(x.getShape(), last + 1);
        shape[last] = y.get(last);
        yield new Shape(shape);
      }
      case LINEAR -> new Shape(x.get(0), y.get(0));
      case CONVOLUTION -> spec().outputShape(x, y);
    };
  }

  /** Ring multiplications of one application in plaintext. */
  public long multiplyAdds(Shape x, Shape y) {
    long outputs = outputShape(x, y).size();
    return switch (kind) {
      case ELEMENTWISE -> outputs;
      case MATMUL, LINEAR -> outputs * x.get(x.dimension() - 1);
      case CONVOLUTION -> outputs * (y.size() / y.get(0));
    };
  }

  private ConvolutionSpec spec() {
    if (convolution == null) {
      throw new MpcException(
          ErrorCode.INTERNAL,
          "A convolution without geometry.",
          "Report this with the stack trace.");
    }
    return convolution;
  }
}
