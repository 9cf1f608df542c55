package org.djlmpc.engine;

import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.Objects;
import java.util.function.DoubleUnaryOperator;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;
import org.djlmpc.graph.Layout;
import org.djlmpc.graph.PublicTensor;

/**
 * Resizing of images (N, C, H, W), one axis after the other: each output row is a sum of a few
 * input rows with public weights, so that it is local on shares as well.
 *
 * <p>Positions and weights are those of DJL's PyTorch engine: corners not aligned, and, where rows
 * become fewer, filtered against aliasing.
 */
enum Interpolation {
  /** The input pixel that the output pixel's corner lies in. */
  NEAREST {
    @Override
    Taps taps(long in, long out) {
      Taps taps = new Taps(1, out);
      for (int i = 0; i < out; i++) {
        taps.set(0, i, (long) Math.floor(i * ((float) in / out)), in, 1);
      }
      return taps;
    }
  },
  /** A mean that falls off linearly with the distance. */
  BILINEAR {
    @Override
    Taps taps(long in, long out) {
      return Taps.filtered(in, out, 1, x -> Math.max(0, 1 - Math.abs(x)));
    }
  },
  /** The mean of the pixels that the output pixel covers. */
  AREA {
    @Override
    Taps taps(long in, long out) {
      long widest = 0;
      for (long i = 0; i < out; i++) {
        widest = Math.max(widest, end(i, in, out) - begin(i, in, out));
      }
      Taps taps = new Taps((int) widest, out);
      for (int i = 0; i < out; i++) {
        long begin = begin(i, in, out);
        long count = end(i, in, out) - begin;
        for (int k = 0; k < widest; k++) {
          taps.set(k, i, begin + k, in, k < count ? 1.0 / count : 0);
        }
      }
      return taps;
    }

    private static long begin(long i, long in, long out) {
      return i * in / out;
    }

    private static long end(long i, long in, long out) {
      return ((i + 1) * in + out - 1) / out;
    }
  },
  /** Keys' cubic with a = -1/2 ("Cubic convolution interpolation", 1981, equation 15). */
  BICUBIC {
    @Override
    Taps taps(long in, long out) {
      return Taps.filtered(in, out, 2, Interpolation::keys);
    }
  };

  private static double keys(double x) {
    double t = Math.abs(x);
    if (t < 1) {
      return (1.5 * t - 2.5) * t * t + 1;
    }
    return t < 2 ? ((-0.5 * t + 2.5) * t - 4) * t + 2 : 0;
  }

  /** Which input rows each output row is made of, and with which weights. */
  abstract Taps taps(long in, long out);

  /** DJL's number for an interpolation, as in {@code Image.Interpolation}. */
  static Interpolation of(int mode) {
    Interpolation[] all = values();
    if (mode < 0 || mode >= all.length) {
      throw UnsupportedNDArray.unsupported(
          "interpolation of kind " + mode, "0 (nearest), 1 (bilinear), 2 (area) or 3 (bicubic)");
    }
    return all[mode];
  }

  /** Images (N, C, H, W) at another height and width. */
  MpcNDArray resize(MpcNDArray images, long height, long width) {
    if (images.isEmpty() || height < 1 || width < 1) {
      throw new MpcException(
          ErrorCode.SHAPE,
          "Images of shape " + images.getShape() + " at " + height + " x " + width + ".",
          "Resize images that are not empty to a positive size.");
    }
    return resizeAxis(resizeAxis(images, 2, height), 3, width);
  }

  private MpcNDArray resizeAxis(MpcNDArray images, int axis, long out) {
    long in = images.getShape().get(axis);
    Taps taps = taps(in, out);
    long[] column = new long[4 - axis];
    Arrays.fill(column, 1);
    column[0] = out;
    MpcNDArray sum = null;
    for (int k = 0; k < taps.count(); k++) {
      MpcNDArray rows = images.operators().layout(Layout.gather(axis, taps.rows(k)), images);
      if (taps.count() == 1) {
        return rows;
      }
      MpcNDArray weights = images.getManager().create(taps.weights(k, new Shape(column)));
      MpcNDArray term = (MpcNDArray) rows.mul(weights);
      sum = sum == null ? term : (MpcNDArray) sum.add(term);
    }
    return Objects.requireNonNull(sum);
  }

  /** For each output row, {@code count} input rows and their weights. */
  static final class Taps {
    private final long[][] rows;
    private final float[][] weights;

    Taps(int count, long out) {
      rows = new long[count][Math.toIntExact(out)];
      weights = new float[count][Math.toIntExact(out)];
    }

    /**
     * Weights by a function of the distance to the middle of the output row. When rows become
     * fewer, the function is as much wider, so that none is passed over.
     *
     * @param radius where the function ends, in rows
     */
    static Taps filtered(long in, long out, int radius, DoubleUnaryOperator filter) {
      double scale = (double) in / out;
      double widening = Math.max(1, scale);
      double reach = radius * widening;
      Taps taps = new Taps((int) Math.ceil(reach) * 2 + 1, out);
      for (int i = 0; i < out; i++) {
        double middle = scale * (i + 0.5);
        long begin = Math.max(0, (long) (middle - reach + 0.5));
        long end = Math.min(in, (long) (middle + reach + 0.5));
        double sum = 0;
        for (long row = begin; row < end; row++) {
          sum += filter.applyAsDouble((row + 0.5 - middle) / widening);
        }
        for (int k = 0; k < taps.count(); k++) {
          double weight = filter.applyAsDouble((begin + k + 0.5 - middle) / widening) / sum;
          taps.set(k, i, begin + k, in, begin + k < end ? weight : 0);
        }
      }
      return taps;
    }

    /** Rows outside the image are the nearest inside. */
    void set(int tap, int i, long row, long in, double weight) {
      rows[tap][i] = Math.max(0, Math.min(in - 1, row));
      weights[tap][i] = (float) weight;
    }

    int count() {
      return rows.length;
    }

    PublicTensor rows(int tap) {
      return PublicTensor.of(rows[tap], new Shape(rows[tap].length));
    }

    PublicTensor weights(int tap, Shape shape) {
      return PublicTensor.of(weights[tap], shape);
    }
  }
}
