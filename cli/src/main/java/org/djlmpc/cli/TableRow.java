package org.djlmpc.cli;

import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Function;
import org.djlmpc.protocol.Bilinear;
import org.djlmpc.protocol.Protocol;
import org.djlmpc.protocol.SecretMath;
import org.djlmpc.protocol.Share;
import org.djlmpc.ring.ConvolutionSpec;
import org.djlmpc.ring.IndexMap;
import org.djlmpc.ring.Ring;
import org.djlmpc.ring.RingTensor;

/**
 * A row of AriaNN's Table 1, the online cost of its operators (T. Ryffel et al., PoPETs 2022), for
 * one concrete size.
 *
 * <p>The paper's rounds and values are derived from the paper's algorithms: every input of a
 * comparison is opened once under a mask, a product opens both factors, the maximum compares all
 * pairs, a convolution is the product of the unrolled image. m is the number of inputs or the side
 * of a square image, k of a kernel, s the stride. Values count what both parties send together.
 *
 * @param ring ring of the shares
 * @param operator the paper's name
 * @param size of the inputs
 * @param paperRounds rounds by the paper's algorithms
 * @param paperValues values by the paper's algorithms
 * @param shapes shapes of the arguments
 * @param run the operator on shares
 * @param plain the operator on ring elements
 * @param note why our cost differs
 */
record TableRow(
    Ring ring,
    String operator,
    String size,
    int paperRounds,
    long paperValues,
    List<Shape> shapes,
    OnShares run,
    Function<List<RingTensor>, RingTensor> plain,
    String note)
    implements Workload {
  /** Values stay small, so that pairs are equal now and then and no product wraps. */
  private static final int VALUES = 100;

  /** An operator on shares. */
  @FunctionalInterface
  interface OnShares {
    Share apply(Protocol protocol, List<Share> in);
  }

  /** All rows, in the paper's order. */
  static List<TableRow> all(Ring ring) {
    return List.of(
        equality(ring, 1000),
        comparison(ring, 1000),
        linear(ring, 16, 128, 64),
        convolution(ring, 28, 5, 1),
        relu(ring, 1000),
        argmax(ring, 10),
        maxPool(ring, 24, 2, 2),
        batchNorm(ring, 1000));
  }

  private static TableRow equality(Ring ring, int m) {
    return new TableRow(
        ring,
        "Equality",
        "m = " + m,
        1,
        2L * m,
        List.of(new Shape(m), new Shape(m)),
        (protocol, in) -> protocol.isZero(protocol.subtract(in.get(0), in.get(1))),
        in -> bits(in.get(0), i -> in.get(0).getLong(i) == in.get(1).getLong(i)),
        "opens the masked bit for an arithmetic share: + 1 round");
  }

  private static TableRow comparison(Ring ring, int m) {
    return new TableRow(
        ring,
        "Comparison",
        "m = " + m,
        1,
        2L * m,
        List.of(new Shape(m), new Shape(m)),
        (protocol, in) -> new SecretMath(protocol).greaterOrEqual(in.get(0), in.get(1)),
        in -> bits(in.get(0), i -> in.get(0).getLong(i) >= in.get(1).getLong(i)),
        "opens the masked bit for an arithmetic share: + 1 round");
  }

  private static TableRow linear(Ring ring, int m1, int m2, int m3) {
    return new TableRow(
        ring,
        "Linear",
        "(" + m1 + " x " + m2 + ")(" + m2 + " x " + m3 + ")",
        1,
        2L * m1 * m2 + 2L * m2 * m3,
        List.of(new Shape(m1, m2), new Shape(m2, m3)),
        (protocol, in) -> protocol.multiply(Bilinear.MATMUL, in.get(0), in.get(1)),
        in -> in.get(0).matmul(in.get(1)),
        "2 m2 m3 less for a model, whose weights are opened once");
  }

  private static TableRow convolution(Ring ring, int m, int k, int s) {
    Bilinear map = Bilinear.convolution(new ConvolutionSpec(s, s, 0, 0, 1, 1, 1));
    return new TableRow(
        ring,
        "Convolution",
        image(m, k, s),
        1,
        2L * outputs(m, k, s) * k * k + 2L * k * k,
        List.of(new Shape(1, 1, m, m), new Shape(1, 1, k, k)),
        (protocol, in) -> protocol.multiply(map, in.get(0), in.get(1)),
        in -> map.apply(in.get(0), in.get(1)),
        "masks the image, not the unrolled image");
  }

  private static TableRow relu(Ring ring, int m) {
    return new TableRow(
        ring,
        "ReLU",
        "m = " + m,
        2,
        6L * m,
        List.of(new Shape(m)),
        (protocol, in) -> protocol.relu(in.get(0), 0),
        in -> RingTensor.tabulate(ring, in.get(0).shape(), i -> Math.max(0, in.get(0).getLong(i))),
        "selects with the opened input: only a bit more to open");
  }

  private static TableRow argmax(Ring ring, int m) {
    return new TableRow(
        ring,
        "Argmax",
        "m = " + m,
        2,
        2L * m * m,
        List.of(new Shape(m, 1)),
        (protocol, in) -> new SecretMath(protocol).argMaxOfFirstAxis(in.get(0)),
        in -> RingTensor.full(ring, new Shape(1), positionOfLargest(in.get(0))),
        "tournament: fewer values, more rounds");
  }

  private static TableRow maxPool(Ring ring, int m, int k, int s) {
    int side = (m - k) / s + 1;
    IndexMap windows = IndexMap.windows(new Shape(1, 1, m, m), k, k, s, s, 0, 0, side, side);
    return new TableRow(
        ring,
        "MaxPool",
        image(m, k, s),
        3,
        2L * outputs(m, k, s) * ((long) k * k * k * k + 1),
        List.of(new Shape(1, 1, m, m)),
        (protocol, in) ->
            new SecretMath(protocol).maximumOfFirstAxis(protocol.rearrange(in.get(0), windows)),
        in -> OperatorWorkload.largestOfFirstAxis(in.get(0).rearrange(windows)),
        "tournament: fewer values, more rounds");
  }

  private static TableRow batchNorm(Ring ring, int m) {
    return new TableRow(
        ring,
        "BatchNorm",
        "m = " + m,
        9,
        18L * m,
        List.of(new Shape(m)),
        (protocol, in) -> in.get(0),
        in -> in.get(0),
        "for inference: folded into the layer before, nothing runs");
  }

  private static String image(int m, int k, int s) {
    return m + " x " + m + ", k = " + k + ", s = " + s;
  }

  private static long outputs(int m, int k, int s) {
    int side = (m - k) / s + 1;
    return (long) side * side;
  }

  private interface Predicate {
    boolean test(int i);
  }

  private static RingTensor bits(RingTensor x, Predicate holds) {
    return RingTensor.tabulate(x.ring(), x.shape(), i -> holds.test(i) ? 1 : 0);
  }

  private static long positionOfLargest(RingTensor x) {
    int best = 0;
    for (int i = 1; i < x.size(); i++) {
      best = x.getLong(i) > x.getLong(best) ? i : best;
    }
    return best;
  }

  @Override
  public RingTensor values(int argument, int number) {
    SplittableRandom random = new SplittableRandom(31L * number + argument);
    return RingTensor.tabulate(
        ring, shapes.get(argument), i -> random.nextInt(-VALUES, VALUES + 1));
  }

  @Override
  public Share compute(Protocol protocol, List<Share> in) {
    return run.apply(protocol, in);
  }

  @Override
  public RingTensor exact(List<RingTensor> in) {
    return plain.apply(in);
  }

  @Override
  public int rescaledBits() {
    return 0;
  }
}
