package org.djlmpc.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.djlmpc.crypto.Seed;
import org.djlmpc.preprocessing.Streams;
import org.djlmpc.ring.CompactTensor;
import org.djlmpc.ring.ConvolutionSpec;
import org.djlmpc.ring.Ring;
import org.djlmpc.ring.RingTensor;
import org.junit.jupiter.api.Test;

/** Operands that are made in parts give the products of whole ones. */
class RowsTest {
  private static RingTensor random(Ring ring, long seed, long... lengths) {
    SplittableRandom random = new SplittableRandom(seed);
    return RingTensor.tabulate(ring, new Shape(lengths), i -> random.nextLong());
  }

  private static long[] longs(RingTensor tensor) {
    return LongStream.range(0, tensor.size()).map(i -> tensor.getLong((int) i)).toArray();
  }

  /** The same elements, none of them in memory as far as the product knows. */
  private static Rows made(RingTensor tensor, List<Integer> parts) {
    return Rows.of(
        tensor.ring(),
        tensor.shape(),
        (from, part) -> {
          parts.add(part.size());
          Rows.of(tensor).fill(from, part);
        });
  }

  private record Product(Bilinear map, Shape left, Shape right, boolean cut) {}

  @Test
  void aProductOfPartsIsTheProduct() {
    Bilinear plain = Bilinear.convolution(new ConvolutionSpec(1, 1, 1, 1, 1, 1, 1));
    Bilinear grouped = Bilinear.convolution(new ConvolutionSpec(1, 1, 1, 1, 1, 1, 2));
    List<Product> products =
        List.of(
            new Product(Bilinear.LINEAR, new Shape(3, 700), new Shape(1600, 700), true),
            new Product(Bilinear.MATMUL, new Shape(3, 1600), new Shape(1600, 700), true),
            new Product(plain, new Shape(2, 400, 3, 3), new Shape(301, 400, 3, 3), true),
            new Product(grouped, new Shape(1, 800, 3, 3), new Shape(302, 400, 3, 3), false),
            new Product(Bilinear.LINEAR, new Shape(3, 7), new Shape(5, 7), false),
            new Product(Bilinear.ELEMENTWISE, new Shape(5, 7), new Shape(5, 7), false));
    for (Ring ring : Ring.values()) {
      for (Product product : products) {
        RingTensor x = random(ring, 1, product.left.getShape());
        RingTensor y = random(ring, 2, product.right.getShape());
        List<Integer> parts = new ArrayList<>();
        RingTensor result = product.map.apply(made(x, new ArrayList<>()), made(y, parts));
        assertThat(longs(result)).isEqualTo(longs(product.map.apply(x, y)));
        assertThat(parts.stream().mapToInt(Integer::intValue).sum()).isEqualTo(y.size());
        assertThat(parts.size() > 1).as(product.toString()).isEqualTo(product.cut);
        assertThat(parts)
            .allMatch(part -> part <= product.map.rightAtOnce(product.right))
            .allMatch(part -> !product.cut || part <= Rows.PIECE);
      }
    }
  }

  @Test
  void partsOfAStreamAreThoseOfTheWholeTensor() {
    Streams streams = Streams.of(Seed.random());
    for (Ring ring : List.of(Ring.Z32, Ring.Z64)) {
      RingTensor whole = streams.tensor("rows", 3, 4, ring, new Shape(500, 700));
      RingTensor part = RingTensor.zeros(ring, new Shape(300_000));
      streams.fill("rows", 3, 4, 12_345, part);
      assertThat(longs(part)).isEqualTo(longs(whole.range(12_345, 300_000)));
      assertThat(LongStream.of(longs(whole)).distinct().count()).isGreaterThan(340_000);
    }
  }

  @Test
  void sumsAndDifferencesOfPartsAreThoseOfTensors() {
    RingTensor x = random(Ring.Z64, 5, 1200, 1000);
    RingTensor y = random(Ring.Z64, 6, 1200, 1000);
    assertThat(longs(Rows.of(x).plus(Rows.of(y)).copy())).isEqualTo(longs(x.add(y)));
    RingTensor collected = RingTensor.zeros(Ring.Z64, x.shape());
    Rows.of(x).minus(Rows.of(y)).forEachPiece(collected::setRange);
    assertThat(longs(collected)).isEqualTo(longs(x.subtract(y)));
  }

  @Test
  void compactTensorsKeepEveryElement() {
    for (Ring ring : Ring.values()) {
      RingTensor small = RingTensor.tabulate(ring, new Shape(200_000), i -> i * 17L - 100_000);
      RingTensor large = random(ring, 7, 200_000);
      CompactTensor compact = new CompactTensor(ring, new Shape(2, 200_000));
      compact.set(0, small);
      compact.set(200_000, small);
      assertThat(compact.bytes()).isEqualTo(1_600_000);
      RingTensor part = RingTensor.zeros(ring, new Shape(150_000));
      compact.copy(30_000, part);
      assertThat(longs(part)).isEqualTo(longs(small.range(30_000, 150_000)));
      compact.set(200_000, large);
      assertThat(compact.bytes()).isEqualTo(ring == Ring.Z64 ? 3_200_000 : 1_600_000);
      assertThat(longs(Rows.of(compact).copy().range(0, 200_000))).isEqualTo(longs(small));
      assertThat(longs(Rows.of(compact).copy().range(200_000, 200_000))).isEqualTo(longs(large));
      compact.close();
      assertThat(longs(Rows.of(compact).copy())).containsOnly(0);
    }
  }
}
