package org.djlmpc.cli;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.List;

/** The work of an operator benchmark in plaintext on DJL's PyTorch engine. */
final class PlainOperator {
  private static final int RUNS = 3;

  private PlainOperator() {}

  /** Seconds of the best run. */
  static double seconds(JobSpec spec) {
    List<Shape> shapes = new OperatorWorkload(spec).shapes();
    try (NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch")) {
      NDArray x = manager.randomUniform(-1, 1, shapes.get(0), DataType.FLOAT32);
      NDArray w = manager.randomUniform(-1, 1, shapes.get(shapes.size() - 1), DataType.FLOAT32);
      return best(
          () -> {
            try (NDArray y = compute(spec, x, w)) {
              // waits for the result
              y.flatten().get(0).toFloatArray();
            }
          });
    }
  }

  private static NDArray compute(JobSpec spec, NDArray x, NDArray w) {
    return switch (spec.kind()) {
      case RELU -> x.getNDArrayInternal().relu();
      case MATMUL -> x.matMul(w);
      case CONV ->
          x.getNDArrayInternal()
              .convolution(x, w, null, new Shape(1, 1), new Shape(1, 1), new Shape(1, 1), 1)
              .singletonOrThrow();
      case MAXPOOL ->
          x.getNDArrayInternal().maxPool(new Shape(2, 2), new Shape(2, 2), new Shape(0, 0), false);
      case INFER, OPS -> throw new IllegalArgumentException("no single operator");
    };
  }

  static double best(Runnable work) {
    work.run();
    double best = Double.POSITIVE_INFINITY;
    for (int i = 0; i < RUNS; i++) {
      long start = System.nanoTime();
      work.run();
      best = Math.min(best, (System.nanoTime() - start) / 1e9);
    }
    return best;
  }
}
