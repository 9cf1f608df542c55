package org.djlmpc.zoo.torchscript.operators;

import ai.djl.ndarray.types.Shape;
import java.util.Map;
import org.djlmpc.zoo.Partial;
import org.djlmpc.zoo.Resampling;
import org.djlmpc.zoo.torchscript.run.Arguments;
import org.djlmpc.zoo.torchscript.run.Operation;
import org.djlmpc.zoo.torchscript.run.Value;

/** Images in other sizes. */
final class Resizing {
  private Resizing() {}

  static void addTo(Map<String, Operation> operations) {
    operations.put("upsample_nearest2d", a -> nearest(a, 0));
    operations.put("_upsample_nearest_exact2d", a -> nearest(a, 0.5f));
    operations.put("upsample_bilinear2d", Resizing::bilinear);
  }

  /**
   * A new size, and how many input pixels one output pixel is worth along each axis: by the factors
   * if the model names any, as PyTorch does, by the sizes otherwise.
   *
   * @param height its height
   * @param width its width
   * @param scaleH rows of the input for one of the output
   * @param scaleW columns of the input for one of the output
   */
  private record Target(long height, long width, double scaleH, double scaleW) {}

  /**
   * {@code (x, size or None, ..., factors or None)}, or {@code (x, size, ..., factor of height,
   * factor of width)}.
   *
   * @param position where the factors are
   */
  private static Target target(Arguments a, int position) {
    Shape in = a.tensor(0, "input").shape();
    if (in.dimension() != 4) {
      throw a.wrong(0, "no batch of images");
    }
    double h = 0;
    double w = 0;
    if (a.isSequence(position)) {
      double[] factors = a.reals(position, "scale_factors");
      h = factors[0];
      w = factors[factors.length - 1];
    } else {
      h = a.real(position, "scales_h", 0);
      w = a.real(position + 1, "scales_w", h);
    }
    long height = (long) Math.floor(in.get(2) * h);
    long width = (long) Math.floor(in.get(3) * w);
    if (a.has(1, "output_size")) {
      int[] size = a.lengths(1, "output_size", 2);
      height = size[0];
      width = size[1];
    }
    a.charge(
        Math.addExact(
            Math.multiplyExact(Math.max(height, 1), in.get(2)),
            Math.multiplyExact(Math.max(width, 1), in.get(3))));
    if (height < 1 || width < 1 || in.get(2) < 1 || in.get(3) < 1) {
      throw a.wrong(1, "no size of an image");
    }
    return new Target(
        height,
        width,
        h > 0 ? 1 / h : (double) in.get(2) / height,
        w > 0 ? 1 / w : (double) in.get(3) / width);
  }

  private static Value nearest(Arguments a, float shift) {
    Target target = target(a, 2);
    Partial x = a.tensor(0, "input");
    return Results.tensor(
        Resampling.nearest(
            a.operators(),
            x,
            target.height(),
            target.width(),
            (float) target.scaleH(),
            (float) target.scaleW(),
            shift));
  }

  private static Value bilinear(Arguments a) {
    Target target = target(a, 3);
    Partial x = a.tensor(0, "input");
    return Results.tensor(
        Resampling.bilinear(
            a.operators(),
            x,
            target.height(),
            target.width(),
            a.flag(2, "align_corners", false),
            target.scaleH(),
            target.scaleW()));
  }
}
