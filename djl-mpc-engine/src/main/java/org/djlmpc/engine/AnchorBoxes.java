package org.djlmpc.engine;

import ai.djl.ndarray.types.Shape;
import java.util.List;
import org.djlmpc.graph.PublicTensor;

/**
 * Boxes that a detector begins with (W. Liu et al., "SSD: Single Shot MultiBox Detector", ECCV
 * 2016, section 2.2): around each position of a feature map, in parts of the image. They depend on
 * shapes alone and are public.
 *
 * @param sizes heights of the boxes of the first ratio
 * @param ratios widths over heights; those after the first have the first size
 */
record AnchorBoxes(List<Float> sizes, List<Float> ratios) {
  /**
   * All boxes.
   *
   * @param features (N, C, H, W)
   * @param steps distance of positions, height first; not positive for 1 / H and 1 / W
   * @param offsets of a position in its cell, height first
   * @param clip whether boxes end at the image's border
   * @return (1, H W (sizes + ratios - 1), 4): left, top, right, bottom
   */
  PublicTensor around(Shape features, List<Float> steps, List<Float> offsets, boolean clip) {
    int height = Math.toIntExact(features.get(2));
    int width = Math.toIntExact(features.get(3));
    boolean even = steps.get(0) <= 0 || steps.get(1) <= 0;
    float stepY = even ? 1f / height : steps.get(0);
    float stepX = even ? 1f / width : steps.get(1);
    int perPosition = sizes.size() + Math.max(0, ratios.size() - 1);
    float[] corners = new float[height * width * perPosition * 4];
    int to = 0;
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        float centreY = (y + offsets.get(0)) * stepY;
        float centreX = (x + offsets.get(1)) * stepX;
        for (int box = 0; box < perPosition; box++) {
          float size = sizes.get(box < sizes.size() ? box : 0);
          float ratio = ratio(box);
          float halfWidth = size * height / width * ratio / 2;
          float halfHeight = size / ratio / 2;
          corners[to++] = limited(centreX - halfWidth, clip);
          corners[to++] = limited(centreY - halfHeight, clip);
          corners[to++] = limited(centreX + halfWidth, clip);
          corners[to++] = limited(centreY + halfHeight, clip);
        }
      }
    }
    return PublicTensor.of(corners, new Shape(1, (long) height * width * perPosition, 4));
  }

  /** Square root of the ratio of a box at its position. */
  private float ratio(int box) {
    if (ratios.isEmpty()) {
      return 1;
    }
    return (float) Math.sqrt(ratios.get(Math.max(0, box - sizes.size() + 1)));
  }

  private static float limited(float coordinate, boolean clip) {
    return clip ? Math.min(Math.max(coordinate, 0), 1) : coordinate;
  }
}
