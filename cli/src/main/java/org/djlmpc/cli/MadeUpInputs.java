package org.djlmpc.cli;

import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.BiFunction;
import org.djlmpc.graph.Graph;
import org.djlmpc.graph.PublicTensor;

/**
 * Inputs for a model of which nothing is known but how large its inputs are. Noise, which filters
 * average out, and waves as wide as an image, which they add up: real inputs are between.
 */
final class MadeUpInputs {
  private static final long SEED = 9;
  private static final double MOST_WAVES = 2;

  private MadeUpInputs() {}

  /** Two lists of inputs with real numbers in [-magnitude, magnitude]. */
  static List<List<PublicTensor>> of(Graph graph, double magnitude) {
    SplittableRandom random = new SplittableRandom(SEED);
    return List.of(
        inputs(graph, (x, shape) -> noise(x, magnitude, random)),
        inputs(graph, (x, shape) -> waves(x, shape, magnitude, random)));
  }

  private static List<PublicTensor> inputs(Graph graph, BiFunction<float[], Shape, float[]> fill) {
    return graph.inputs().stream()
        .map(
            input -> {
              Shape shape = input.type().shape();
              return PublicTensor.of(fill.apply(new float[(int) shape.size()], shape), shape);
            })
        .toList();
  }

  private static float[] noise(float[] x, double magnitude, SplittableRandom random) {
    for (int i = 0; i < x.length; i++) {
      x[i] = (float) (magnitude * (2 * random.nextDouble() - 1));
    }
    return x;
  }

  /** A wave over the last two axes for each of the others, or over the last of two. */
  private static float[] waves(float[] x, Shape shape, double magnitude, SplittableRandom random) {
    int axes = shape.dimension();
    int width = axes > 0 ? (int) shape.get(axes - 1) : 1;
    int height = axes > 2 ? (int) shape.get(axes - 2) : 1;
    int plane = Math.max(1, width * height);
    for (int from = 0; from < x.length; from += plane) {
      double phase = random.nextDouble();
      double across = MOST_WAVES * random.nextDouble() / width;
      double down = MOST_WAVES * random.nextDouble() / height;
      for (int i = 0; i < plane; i++) {
        int row = i / width;
        double turns = phase + across * (i % width) + down * row;
        x[from + i] = (float) (magnitude * Math.cos(2 * Math.PI * turns));
      }
    }
    return x;
  }
}
