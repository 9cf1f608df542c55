package org.djlmpc.cli;

import ai.djl.ndarray.types.Shape;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.djlmpc.graph.Graph;
import org.djlmpc.graph.Node;
import org.djlmpc.graph.Op;
import org.djlmpc.protocol.Bilinear;
import org.djlmpc.ring.ConvolutionSpec;
import org.djlmpc.ring.Ring;
import org.djlmpc.ring.RingTensor;

/**
 * How long this machine takes for one product in the ring, for each shape in a model. Large
 * products are measured in part: their speed does not depend on the batch, nor much on the height
 * of an image or on how many outputs there are.
 */
final class ProductTimes {
  /** A product that takes some 10 ms. */
  private static final long LARGEST = 60_000_000;

  /** At least so often, and so long: what interrupts a short product must not count. */
  private static final int RUNS = 3;

  private static final double MEASURE_SECONDS = 0.01;

  private static final double WARM_UP_SECONDS = 0.4;
  private static final double BUDGET_SECONDS = 2;

  /** A product, of one shape. */
  private record Product(Bilinear map, Shape x, Shape w) {
    long multiplyAdds() {
      return map.multiplyAdds(x, w);
    }

    /** The same with at most about {@link #LARGEST} multiply-adds. */
    Product part() {
      Product part = this;
      if (multiplyAdds() > LARGEST && x.dimension() > 0 && x.get(0) > 1) {
        part = part.with(map, resized(x, 0, share(x.get(0), 1)), w);
      }
      ConvolutionSpec geometry = map.convolution();
      if (part.multiplyAdds() > LARGEST && geometry != null) {
        long least = (w.get(2) - 1) * geometry.dilationH() + 1 + geometry.strideH();
        part = part.with(map, resized(part.x, 2, part.share(x.get(2), least)), w);
      }
      if (part.multiplyAdds() > LARGEST && map.kind() == Bilinear.Kind.LINEAR) {
        part = part.with(map, part.x, resized(w, 0, part.share(w.get(0), 1)));
      }
      return part;
    }

    private long share(long length, long least) {
      return Math.min(length, Math.max(least, length * LARGEST / multiplyAdds()));
    }

    private Product with(Bilinear sameMap, Shape otherX, Shape otherW) {
      return new Product(sameMap, otherX, otherW);
    }

    private static Shape resized(Shape shape, int axis, long length) {
      long[] lengths = shape.getShape().clone();
      lengths[axis] = length;
      return new Shape(lengths);
    }
  }

  private final Ring ring;
  private final Map<Product, Double> perMultiplyAdd = new HashMap<>();
  private final long start = System.nanoTime();
  private double usual;

  /**
   * Times of a machine that was not measured.
   *
   * @param usual seconds for a multiply-add
   */
  ProductTimes(Ring ring, double usual) {
    this.ring = ring;
    this.usual = usual;
  }

  /** Measures the products of a graph. */
  static ProductTimes measure(Graph graph, Ring ring) {
    ProductTimes times = new ProductTimes(ring, 0);
    List<Product> products =
        graph.nodes().stream()
            .map(node -> product(graph, node))
            .flatMap(Optional::stream)
            .distinct()
            .sorted((a, b) -> Long.compare(b.multiplyAdds(), a.multiplyAdds()))
            .toList();
    if (!products.isEmpty()) {
      // until the JVM has compiled the kernels
      while (times.elapsed() < WARM_UP_SECONDS) {
        times.usual = times.seconds(products.get(0).part());
      }
    }
    for (Product product : products) {
      if (times.elapsed() < WARM_UP_SECONDS + BUDGET_SECONDS) {
        times.usual = times.seconds(product.part());
        times.perMultiplyAdd.put(product, times.usual);
      }
    }
    return times;
  }

  private double elapsed() {
    return (System.nanoTime() - start) / 1e9;
  }

  /** Seconds for one multiply-add. */
  private double seconds(Product part) {
    double best = Double.POSITIVE_INFINITY;
    try (RingTensor x = RingTensor.zeros(ring, part.x);
        RingTensor w = RingTensor.zeros(ring, part.w)) {
      double end = elapsed() + MEASURE_SECONDS;
      for (int i = 0; i < RUNS || elapsed() < end; i++) {
        long before = System.nanoTime();
        part.map.apply(x, w).close();
        best = Math.min(best, (System.nanoTime() - before) / 1e9);
      }
    }
    return best / Math.max(1, part.multiplyAdds());
  }

  private static Optional<Product> product(Graph graph, Node node) {
    if (node.inputs().size() < 2) {
      return Optional.empty();
    }
    Shape x = graph.type(node.inputs().get(0)).shape();
    Shape w = graph.type(node.inputs().get(1)).shape();
    if (node.op() instanceof Op.Convolution convolution) {
      return Optional.of(new Product(Bilinear.convolution(convolution.spec()), x, w));
    }
    if (node.op() instanceof Op.Linear) {
      long features = w.get(1);
      return Optional.of(
          new Product(Bilinear.LINEAR, new Shape(x.size() / Math.max(1, features), features), w));
    }
    return Optional.empty();
  }

  /** Seconds for the product of a node, once, with all cores; 0 if it has none. */
  double seconds(Graph graph, Node node, long multiplyAdds) {
    return multiplyAdds
        * product(graph, node).map(perMultiplyAdd::get).orElse(multiplyAdds == 0 ? 0 : usual);
  }
}
