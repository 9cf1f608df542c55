package org.djlmpc.engine;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.modality.cv.transform.CenterCrop;
import ai.djl.modality.cv.transform.Normalize;
import ai.djl.modality.cv.transform.Resize;
import ai.djl.modality.cv.transform.ToTensor;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.translate.Pipeline;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.Stream;
import org.djlmpc.graph.PublicTensor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * What DJL's PyTorch engine makes of every array operator, against ours: values, shapes and data
 * types.
 *
 * <p>A subclass says how its arrays are made and opened; the table is the same for public arrays
 * and for secrets of every protocol.
 */
abstract class NDArrayOperatorTable {
  private NDManager torch;

  @BeforeEach
  void openOracle() {
    torch = NDManager.newBaseManager("PyTorch");
  }

  @AfterEach
  void closeOracle() {
    torch.close();
  }

  /** Computes a row on this test's arrays and opens the results. */
  abstract List<PublicTensor> compute(Row row);

  /** The largest error relative to {@code 1 + |expected|}. */
  abstract double tolerance(Row row);

  /** Whether a row can be computed. */
  abstract boolean applies(Row row);

  /** Whether data types have to be PyTorch's too. */
  abstract boolean checksTypes();

  /** An argument of an operator. */
  record Argument(PublicTensor tensor, boolean data) {
    NDArray on(NDManager manager) {
      return manager.create(tensor.toByteBuffer(), tensor.shape(), tensor.dataType());
    }
  }

  /**
   * An operator on arguments.
   *
   * @param arithmetic whether it needs no more than a protocol's elementary operators: sums,
   *     products, comparisons, and moving elements
   */
  record Row(
      String name,
      Function<NDList, NDList> operator,
      List<Argument> arguments,
      boolean arithmetic) {}

  @TestFactory
  Stream<DynamicTest> agreesWithPyTorch() {
    return rows().stream()
        .filter(this::applies)
        .map(row -> DynamicTest.dynamicTest(row.name(), () -> check(row)));
  }

  private void check(Row row) {
    NDList arguments = new NDList();
    row.arguments().forEach(argument -> arguments.add(argument.on(torch)));
    List<PublicTensor> expected =
        row.operator().apply(arguments).stream().map(PublicTensors::copyOf).toList();
    List<PublicTensor> actual = compute(row);
    assertThat(actual).hasSameSizeAs(expected);
    for (int i = 0; i < expected.size(); i++) {
      PublicTensor want = expected.get(i);
      PublicTensor got = actual.get(i);
      assertThat(got.shape()).isEqualTo(want.shape());
      if (checksTypes()) {
        assertThat(got.dataType()).isEqualTo(want.dataType());
      }
      for (int k = 0; k < want.size(); k++) {
        double w = want.getDouble(k);
        double g = got.getDouble(k);
        if (Double.compare(w, g) != 0 && !(Math.abs(w - g) <= tolerance(row) * (1 + Math.abs(w)))) {
          throw new AssertionError(
              String.format(
                  Locale.ROOT,
                  "%s, element %d of %s: expected %s, got %s",
                  row.name(),
                  k,
                  want.shape(),
                  w,
                  g));
        }
      }
    }
  }

  // ---- arguments

  private static Argument floats(long... shape) {
    return range(-3, 3, shape);
  }

  private static Argument range(double low, double high, long... shape) {
    Random random = new Random(java.util.Arrays.hashCode(shape) + Double.hashCode(low));
    Shape of = new Shape(shape);
    float[] values = new float[(int) of.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (low + (high - low) * random.nextDouble());
    }
    return new Argument(PublicTensor.of(values, of), true);
  }

  private static Argument values(float... values) {
    return new Argument(PublicTensor.of(values, new Shape(values.length)), true);
  }

  private static Argument doubles(double... values) {
    return new Argument(PublicTensor.of(values, new Shape(values.length)), false);
  }

  private static Argument ints(int... values) {
    return new Argument(PublicTensor.of(values, new Shape(values.length)), false);
  }

  private static Argument longs(Shape shape, long... values) {
    return new Argument(PublicTensor.of(values, shape), false);
  }

  private static Argument booleans(Shape shape, boolean... values) {
    return new Argument(PublicTensor.of(values, shape), false);
  }

  private static Argument bytes(Shape shape) {
    byte[] values = new byte[(int) shape.size()];
    new Random(7).nextBytes(values);
    return new Argument(PublicTensor.ofBytes(values, DataType.UINT8, shape), false);
  }

  // ---- the table

  private static final class Table {
    final List<Row> rows = new ArrayList<>();
    boolean arithmetic;

    void one(String name, Function<NDArray, NDArray> operator, Argument argument) {
      many(name, a -> new NDList(operator.apply(a.get(0))), argument);
    }

    void two(
        String name,
        java.util.function.BinaryOperator<NDArray> operator,
        Argument first,
        Argument second) {
      many(name, a -> new NDList(operator.apply(a.get(0), a.get(1))), first, second);
    }

    void many(String name, Function<NDList, NDList> operator, Argument... arguments) {
      rows.add(new Row(name, operator, List.of(arguments), arithmetic));
    }
  }

  static List<Row> rows() {
    Table t = new Table();
    t.arithmetic = true;
    arithmetic(t);
    comparisons(t);
    reductions(t);
    shapes(t);
    indexing(t);
    layers(t);
    activations(t);
    normalizations(t);
    t.arithmetic = false;
    functions(t);
    types(t);
    return t.rows;
  }

  private static void arithmetic(Table t) {
    Argument x = floats(2, 3);
    Argument row = floats(3);
    Argument column = floats(2, 1);
    t.two("add", NDArray::add, x, floats(1, 3));
    t.two("add broadcast", NDArray::add, row, column);
    t.two("sub", NDArray::sub, x, row);
    t.two("mul", NDArray::mul, x, column);
    t.one("add number", a -> a.add(1.5f), x);
    t.one("add int", a -> a.add(2), x);
    t.one("sub number", a -> a.sub(0.25), x);
    t.one("mul number", a -> a.mul(-2), x);
    t.one("div number", a -> a.div(4), x);
    t.one("rsub", a -> a.getNDArrayInternal().rsub(1), x);
    t.one("pow 2", a -> a.pow(2), x);
    t.one("pow 3", a -> a.pow(3), x);
    t.two("addi", (a, b) -> a.addi(b), x, row);
    t.two("subi", (a, b) -> a.subi(b), x, row);
    t.two("muli", (a, b) -> a.muli(b), x, row);
    t.one("addi number", a -> a.addi(1), x);
    t.one("subi number", a -> a.subi(1), x);
    t.one("muli number", a -> a.muli(0.5), x);
    t.one("divi number", a -> a.divi(2), x);
    t.one("rsubi", a -> a.getNDArrayInternal().rsubi(1), x);
    t.one("neg", NDArray::neg, x);
    t.one("negi", NDArray::negi, x);
    t.one("abs", NDArray::abs, x);
    t.one("sign", NDArray::sign, x);
    t.one("signi", NDArray::signi, x);
    t.one("square", NDArray::square, x);
    t.one("clip", a -> a.clip(-1, 1.5), x);
    t.two("maximum", NDArray::maximum, x, row);
    t.two("minimum", NDArray::minimum, x, row);
    t.one("maximum number", a -> a.maximum(0.5f), x);
    t.one("minimum number", a -> a.minimum(0), x);
    t.two("matMul", NDArray::matMul, x, floats(3, 4));
    t.two("matMul batch", NDArray::matMul, floats(4, 2, 3), floats(4, 3, 2));
    t.two("matMul broadcast", NDArray::matMul, floats(4, 2, 3), floats(3, 5));
    t.two("matMul vector", NDArray::matMul, x, row);
    t.two("batchMatMul", NDArray::batchMatMul, floats(4, 2, 3), floats(4, 3, 2));
    t.two("dot vectors", NDArray::dot, row, floats(3));
    t.two("dot matrices", NDArray::dot, x, floats(3, 2));
    t.one("duplicate", NDArray::duplicate, x);
    t.one("stopGradient", NDArray::stopGradient, x);
    t.one("onesLike", NDArray::onesLike, x);
    t.one("zerosLike", NDArray::zerosLike, x);
    t.two(
        "copyTo",
        (a, b) -> {
          a.copyTo(b);
          return b;
        },
        x,
        floats(2, 3));
    t.two(
        "intern",
        (a, b) -> {
          a.intern(b.mul(2));
          return a;
        },
        x,
        floats(2, 3));
  }

  private static void comparisons(Table t) {
    Argument a = values(-2, -0.5f, 0, 0.5f, 2, 2);
    Argument b = values(-2, 0.5f, 0, -0.5f, 1, 3);
    Argument mask = booleans(new Shape(6), true, false, true, true, false, false);
    t.two("eq", NDArray::eq, a, b);
    t.two("neq", NDArray::neq, a, b);
    t.two("gt", NDArray::gt, a, b);
    t.two("gte", NDArray::gte, a, b);
    t.two("lt", NDArray::lt, a, b);
    t.two("lte", NDArray::lte, a, b);
    t.one("eq number", x -> x.eq(0.5f), a);
    t.one("neq number", x -> x.neq(2), a);
    t.one("gt number", x -> x.gt(0), a);
    t.one("gte number", x -> x.gte(0.5), a);
    t.one("lt number", x -> x.lt(0), a);
    t.one("lte number", x -> x.lte(-0.5f), a);
    t.two("logicalAnd", (x, y) -> x.gt(0).logicalAnd(y.gt(0)), a, b);
    t.two("logicalOr", (x, y) -> x.gt(0).logicalOr(y.gt(0)), a, b);
    t.two("logicalXor", (x, y) -> x.gt(0).logicalXor(y.gt(0)), a, b);
    t.one("logicalNot", x -> x.gt(0).logicalNot(), a);
    t.one("all", x -> x.gt(-5).all(), a);
    t.one("all false", NDArray::all, a);
    t.one("any", x -> x.gt(1.5).any(), a);
    t.one("none", x -> x.gt(5).none(), a);
    t.one("countNonzero", NDArray::countNonzero, a);
    t.one("countNonzero axis", x -> x.reshape(2, 3).countNonzero(1), a);
    t.many("where", l -> new NDList(NDArrays.where(l.get(0), l.get(1), l.get(2))), mask, a, b);
    t.two("where secret", (x, y) -> NDArrays.where(x.gt(y), x, y), a, b);
    t.one("isNaN", NDArray::isNaN, a);
    t.one("isInfinite", NDArray::isInfinite, a);
  }

  private static void reductions(Table t) {
    Argument x = floats(2, 3, 4);
    t.one("sum", NDArray::sum, x);
    t.one("sum axis", a -> a.sum(new int[] {1}), x);
    t.one("sum axes keep", a -> a.sum(new int[] {0, -1}, true), x);
    t.one("mean", NDArray::mean, x);
    t.one("mean axis", a -> a.mean(new int[] {-1}), x);
    t.one("mean axis keep", a -> a.mean(new int[] {1}, true), x);
    t.one("max", NDArray::max, x);
    t.one("max axis", a -> a.max(new int[] {1}), x);
    t.one("max axis keep", a -> a.max(new int[] {2}, true), x);
    t.one("min", NDArray::min, x);
    t.one("min axis", a -> a.min(new int[] {0}), x);
    t.one("argMax", NDArray::argMax, x);
    t.one("argMax axis", a -> a.argMax(1), x);
    t.one("argMin", NDArray::argMin, x);
    t.one("argMin axis", a -> a.argMin(-1), x);
    t.one("cumSum axis", a -> a.cumSum(1), x);
    t.one("cumSum", NDArray::cumSum, floats(5));
    t.one("norm 1", a -> a.norm(1, new int[] {1}, true), x);
    t.one("diff", a -> a.diff(1, 1), x);
    t.one("diff 2", a -> a.diff(2, -1), x);
    t.one("prod axis", a -> a.prod(new int[] {1}), x);
  }

  private static void shapes(Table t) {
    Argument x = floats(2, 3, 4);
    t.one("reshape", a -> a.reshape(6, 4), x);
    t.one("reshape open", a -> a.reshape(2, -1), x);
    t.one("flatten", NDArray::flatten, x);
    t.one("flatten axes", a -> a.flatten(1, -1), x);
    t.one("expandDims", a -> a.expandDims(1), x);
    t.one("expandDims last", a -> a.expandDims(-1), x);
    t.one("squeeze", NDArray::squeeze, floats(1, 3, 1));
    t.one("squeeze axis", a -> a.squeeze(2), floats(1, 3, 1));
    t.one("squeeze axes", a -> a.squeeze(new int[] {0, 2}), floats(1, 3, 1));
    t.one("transpose", NDArray::transpose, x);
    t.one("transpose axes", a -> a.transpose(1, 2, 0), x);
    t.one("swapAxes", a -> a.swapAxes(0, 2), x);
    t.one("flip", a -> a.flip(0, 2), x);
    t.one("rotate90", a -> a.rotate90(1, new int[] {0, 1}), x);
    t.one("rotate270", a -> a.rotate90(-1, new int[] {1, 2}), x);
    t.one("rotate180", a -> a.rotate90(2, new int[] {0, 2}), x);
    t.one("broadcast", a -> a.broadcast(2, 3, 4), floats(3, 1));
    t.one("tile", a -> a.tile(2), floats(2, 3));
    t.one("tile axes", a -> a.tile(new long[] {1, 3}), floats(2, 3));
    t.one("repeat", a -> a.repeat(2), floats(2, 3));
    t.one("repeat axis", a -> a.repeat(1, 2), floats(2, 3));
    t.one("repeat axes", a -> a.repeat(new long[] {2, 1}), floats(2, 3));
    t.one("repeat to shape", a -> a.repeat(new Shape(4, 6)), floats(2, 3));
    t.one("pad", a -> a.pad(new Shape(1, 2, 0, 1), 0.5), x);
    t.two("concat", (a, b) -> a.concat(b, 1), floats(2, 3), floats(2, 1));
    t.two("concat last", (a, b) -> a.concat(b, -1), floats(2, 3), floats(2, 1));
    t.two("stack", (a, b) -> a.stack(b), floats(2, 3), floats(2, 3));
    t.two("stack last", (a, b) -> a.stack(b, 2), floats(2, 3), floats(2, 3));
    t.many("split", l -> l.get(0).split(2, 2), x);
    t.many("split at", l -> l.get(0).split(new long[] {1, 3}, 2), x);
    t.one("diagonal", NDArray::diagonal, floats(3, 4));
    t.one("diagonal above", a -> a.diagonal(2), floats(3, 4));
    t.one("diagonal below", a -> a.diagonal(-1, 2, 0), x);
  }

  private static void indexing(Table t) {
    Argument x = floats(3, 4, 5);
    Argument rows = longs(new Shape(2), 2, 0);
    t.one("get number", a -> a.get(1), x);
    t.one("get numbers", a -> a.get(-1, 2), x);
    t.one("get slice", a -> a.get("1:, :2, ::2"), x);
    t.one("get negative slice", a -> a.get(":, 1:-1"), x);
    t.one("get ellipsis", a -> a.get("..., 1"), x);
    t.one("get ellipsis middle", a -> a.get("1, ..., 2:4"), x);
    t.one("get new axis", a -> a.get("1, null, :, null"), x);
    t.one("get all", a -> a.get(":"), x);
    t.two("get array", (a, i) -> a.get(i), x, rows);
    t.two("get array axis", (a, i) -> a.get(":, {}", i), x, rows);
    t.two("get matrix", (a, i) -> a.get(i), x, longs(new Shape(2, 2), 2, 0, 1, -1));
    t.many("get arrays", l -> new NDList(l.get(0).get("{}, :, {}", l.get(1), l.get(1))), x, rows);
    t.many(
        "get adjacent arrays",
        l -> new NDList(l.get(0).get(":, {}, {}", l.get(1), l.get(1))),
        x,
        rows);
    Argument mask = booleans(new Shape(3), true, false, true);
    Argument full = booleans(new Shape(2, 2), true, false, true, true);
    t.two("get mask", (a, m) -> a.get(m), x, mask);
    t.two("get full mask", (a, m) -> a.get(m), floats(2, 2), full);
    t.two("booleanMask", (a, m) -> a.booleanMask(m), floats(2, 2), full);
    t.two(
        "pick",
        (a, i) -> a.get(new NDIndex().addAllDim().addPickDim(i)),
        floats(3, 4),
        longs(new Shape(3), 1, 3, 0));
    t.two("gather", (a, i) -> a.gather(i, 1), floats(2, 3), longs(new Shape(2, 2), 2, 0, 1, 1));
    t.two("gatherNd", NDArray::gatherNd, x, longs(new Shape(2, 3), 0, 1, 2, 3, 0, 1));
    t.two("take", (a, i) -> a.take(i), x, longs(new Shape(2, 2), 0, 59, 7, 7));
    t.many(
        "put",
        l -> new NDList(l.get(0).put(l.get(1), l.get(2)), l.get(0)),
        floats(2, 3),
        longs(new Shape(2), 1, 5),
        floats(2));
    t.many(
        "scatter",
        l -> new NDList(l.get(0).scatter(l.get(1), l.get(2), 0), l.get(0)),
        floats(3, 2),
        longs(new Shape(2, 2), 2, 0, 1, 1),
        floats(2, 2));
    set(t, "set number", (a, v) -> a.set(new NDIndex("1, :2"), 7), floats(1));
    set(t, "set array", (a, v) -> a.set(new NDIndex("1, :2"), v), floats(2, 5));
    set(t, "set broadcast", (a, v) -> a.set(new NDIndex(":, 1:3"), v), floats(5));
    set(t, "set steps", (a, v) -> a.set(new NDIndex("::2, ..., 0"), v), floats(2, 4));
    set(t, "set scalar", (a, v) -> a.setScalar(new NDIndex(0, 1, 2), 3), floats(1));
    set(t, "set function", (a, v) -> a.set(new NDIndex("2"), y -> y.mul(2)), floats(1));
    set(t, "set buffer", (a, v) -> a.set(new float[60]), floats(1));
    t.many(
        "set mask",
        l -> {
          l.get(0).set(new NDIndex("{}", l.get(1)), -1);
          return new NDList(l.get(0));
        },
        x,
        mask);
    t.two("oneHot", (a, i) -> i.oneHot(4), floats(1), longs(new Shape(3), 0, 3, 1));
  }

  private static void set(
      Table t, String name, java.util.function.BiConsumer<NDArray, NDArray> setter, Argument v) {
    t.two(
        name,
        (a, b) -> {
          setter.accept(a, b);
          return a;
        },
        floats(3, 4, 5),
        v);
  }

  private static void layers(Table t) {
    Argument image = floats(2, 4, 7, 6);
    Shape one = new Shape(1, 1);
    t.many(
        "linear",
        l -> l.get(0).getNDArrayInternal().linear(l.get(0), l.get(1), l.get(2)),
        floats(2, 3),
        floats(4, 3),
        floats(4));
    t.many(
        "linear without bias",
        l -> l.get(0).getNDArrayInternal().linear(l.get(0), l.get(1), null),
        floats(2, 5, 3),
        floats(4, 3));
    t.many(
        "convolution",
        l -> convolution(l, new Shape(2, 1), new Shape(1, 2), new Shape(1, 2), 1),
        image,
        floats(3, 4, 3, 2),
        floats(3));
    t.many(
        "convolution in groups",
        l -> convolution(l, one, new Shape(0, 0), one, 2),
        image,
        floats(6, 2, 3, 3));
    t.many(
        "convolution depthwise",
        l -> convolution(l, one, one, one, 4),
        image,
        floats(4, 1, 3, 3),
        floats(4));
    t.many(
        "convolution 1-D",
        l -> convolution(l, new Shape(2), new Shape(1), new Shape(2), 1),
        floats(2, 3, 9),
        floats(4, 3, 3),
        floats(4));
    Shape two = new Shape(2, 2);
    Shape three = new Shape(3, 3);
    Shape none = new Shape(0, 0);
    t.one("maxPool", a -> a.getNDArrayInternal().maxPool(two, two, none, false), image);
    t.one("maxPool padded", a -> a.getNDArrayInternal().maxPool(three, two, one, false), image);
    t.one("maxPool ceil", a -> a.getNDArrayInternal().maxPool(two, two, none, true), image);
    t.one(
        "maxPool 1-D",
        a -> a.getNDArrayInternal().maxPool(new Shape(3), new Shape(2), new Shape(1), false),
        floats(2, 3, 9));
    t.one("avgPool", a -> a.getNDArrayInternal().avgPool(two, two, none, false, true), image);
    t.one(
        "avgPool padded", a -> a.getNDArrayInternal().avgPool(three, two, one, false, true), image);
    t.one("avgPool ceil", a -> a.getNDArrayInternal().avgPool(three, two, one, true, true), image);
    t.one("globalAvgPool", a -> a.getNDArrayInternal().globalAvgPool(), image);
    t.one("globalMaxPool", a -> a.getNDArrayInternal().globalMaxPool(), image);
    t.one("globalAvgPool 1-D", a -> a.getNDArrayInternal().globalAvgPool(), floats(2, 3, 9));
    t.many(
        "batchNorm",
        NDArrayOperatorTable::batchNorm,
        image,
        floats(4),
        new Argument(range(0.5, 2, 4).tensor(), false),
        floats(4),
        floats(4));
    t.one("relu", Activation::relu, image);
    t.one("leakyRelu", a -> Activation.leakyRelu(a, 0.1f), image);
    t.one("dropout", a -> a.getNDArrayInternal().dropout(a, 0.5f, false).get(0), image);
    t.two(
        "embedding",
        (w, i) ->
            w.getNDArrayInternal().embedding(i, w, ai.djl.ndarray.types.SparseFormat.DENSE).get(0),
        floats(5, 3),
        longs(new Shape(2, 2), 4, 0, 1, 1));
    t.two(
        "sgdUpdate",
        (w, g) -> {
          w.getNDArrayInternal()
              .sgdUpdate(new NDList(w, g), new NDList(w), 0.1f, 0.01f, 0.5f, 5, 0, true);
          return w;
        },
        floats(2, 3),
        floats(2, 3));
    t.many(
        "sgdUpdate momentum",
        l -> {
          NDArray w = l.get(0);
          w.getNDArrayInternal().sgdUpdate(l, new NDList(w), 0.1f, 0.01f, 0.5f, 5, 0.9f, true);
          return new NDList(w, l.get(2));
        },
        floats(2, 3),
        floats(2, 3),
        floats(2, 3));
  }

  private static void activations(Table t) {
    Argument x = range(-12, 12, 2, 3, 40);
    t.one("sigmoid", Activation::sigmoid, x);
    t.one("tanh", NDArray::tanh, x);
    t.one("erf", NDArray::erf, x);
    t.one("softPlus", Activation::softPlus, x);
    t.one("gelu", Activation::gelu, x);
    t.one("swish", a -> Activation.swish(a, 1), x);
    t.one("swish 2", a -> Activation.swish(a, 2), x);
    t.one("mish", Activation::mish, x);
    t.one("relu 6", a -> a.clip(0, 6), x);
  }

  private static NDList convolution(
      NDList l, Shape stride, Shape padding, Shape dilation, int groups) {
    return l.get(0)
        .getNDArrayInternal()
        .convolution(
            l.get(0), l.get(1), l.size() > 2 ? l.get(2) : null, stride, padding, dilation, groups);
  }

  private static NDList batchNorm(NDList l) {
    return l.get(0)
        .getNDArrayInternal()
        .batchNorm(l.get(0), l.get(1), l.get(2), l.get(3), l.get(4), 1, 0.9f, 1e-5f, false);
  }

  private static void normalizations(Table t) {
    Argument x = floats(2, 3, 4);
    Argument positive = range(0.1, 4, 2, 3);
    t.two("div", NDArray::div, floats(2, 3), positive);
    t.two("divi", (a, b) -> a.divi(b), floats(2, 3), positive);
    t.one("rdiv", a -> a.getNDArrayInternal().rdiv(2), positive);
    t.one("sqrt", NDArray::sqrt, positive);
    t.one("cbrt", NDArray::cbrt, positive);
    t.one("exp", NDArray::exp, x);
    t.one("log", NDArray::log, positive);
    t.one("log2", NDArray::log2, positive);
    t.one("log10", NDArray::log10, positive);
    t.one("sinh", NDArray::sinh, x);
    t.one("cosh", NDArray::cosh, x);
    t.two("xlogy", NDArray::xlogy, values(0, 1, -2), values(0, 3, 0.5f));
    t.one("softSign", Activation::softSign, x);
    t.one("elu", a -> Activation.elu(a, 0.5f), x);
    t.one("selu", Activation::selu, x);
    t.one("softmax", a -> a.softmax(-1), x);
    t.one("softmax axis", a -> a.softmax(1), x);
    t.one("logSoftmax", a -> a.logSoftmax(2), x);
    t.one("norm", NDArray::norm, x);
    t.one("norm axes", a -> a.norm(new int[] {0, 2}, true), x);
    t.one("normalize", NDArray::normalize, floats(2, 3));
    t.one("normalize 1", a -> a.normalize(1, 0), floats(2, 3));
    t.one("prod", NDArray::prod, floats(6));
    t.many(
        "layerNorm",
        l ->
            l.get(0)
                .getNDArrayInternal()
                .layerNorm(l.get(0), new Shape(3, 4), l.get(1), l.get(2), 1e-5f),
        x,
        floats(3, 4),
        range(1, 2, 3, 4));
    adam(t, "adamUpdate", false);
    adam(t, "adamWUpdate", true);
    t.one("pow -1", a -> a.pow(-1), positive);
    t.many(
        "batchNorm with a secret variance",
        NDArrayOperatorTable::batchNorm,
        floats(2, 4, 7, 6),
        floats(4),
        range(0.5, 2, 4),
        floats(4),
        floats(4));
  }

  private static void functions(Table t) {
    Argument x = floats(2, 3, 4);
    Argument positive = range(0.1, 4, 2, 3);
    t.two("mod", NDArray::mod, floats(2, 3), positive);
    t.one("mod number", a -> a.mod(2), floats(2, 3));
    t.one("modi", a -> a.modi(2), floats(2, 3));
    t.two("pow", NDArray::pow, positive, floats(2, 3));
    t.one("powi", a -> a.powi(2), x);
    t.one("floor", NDArray::floor, x);
    t.one("ceil", NDArray::ceil, x);
    t.one("round", NDArray::round, values(-1.5f, -0.5f, 0.5f, 1.5f, 2.4f));
    t.one("trunc", NDArray::trunc, x);
    t.one("sin", NDArray::sin, x);
    t.one("cos", NDArray::cos, x);
    t.one("tan", NDArray::tan, range(-1.4, 1.4, 6));
    t.one("toDegrees", NDArray::toDegrees, x);
    t.one("toRadians", NDArray::toRadians, x);
    t.two("nonzero", (a, b) -> a.gt(b).nonzero(), floats(2, 3), floats(3));
    t.one("toTensor", a -> a.getNDArrayInternal().toTensor(), bytes(new Shape(5, 4, 3)));
    t.one("toTensor batch", a -> a.getNDArrayInternal().toTensor(), bytes(new Shape(2, 5, 4, 3)));
    t.one(
        "normalize channels",
        a ->
            a.getNDArrayInternal().normalize(new float[] {0.1f, 0.2f, 0.3f}, new float[] {1, 2, 3}),
        floats(3, 4, 5));
    t.one("crop", a -> a.getNDArrayInternal().crop(1, 2, 2, 3), bytes(new Shape(6, 5, 3)));
    for (int mode = 0; mode < 4; mode++) {
      int kind = mode;
      Argument photo = range(0, 1, 9, 7, 3);
      t.one("resize down " + mode, a -> a.getNDArrayInternal().resize(4, 5, kind), photo);
      t.one("resize up " + mode, a -> a.getNDArrayInternal().resize(15, 20, kind), photo);
    }
    t.many(
        "image transforms",
        l ->
            new Pipeline(
                    new Resize(12, 10),
                    new CenterCrop(8, 6),
                    new ToTensor(),
                    new Normalize(new float[] {0.4f, 0.5f, 0.6f}, new float[] {0.2f, 0.3f, 0.1f}))
                .transform(l),
        range(0, 255, 21, 17, 3));
    t.one(
        "interpolation",
        a -> a.getNDArrayInternal().interpolation(new long[] {6, 3}, 1, false),
        floats(2, 3, 4, 5));
  }

  private static void adam(Table t, String name, boolean decoupled) {
    t.many(
        name,
        l -> {
          NDArray w = l.get(0);
          w.getNDArrayInternal()
              .adamUpdate(
                  l,
                  new NDList(w),
                  0.1f,
                  0.05f,
                  0.01f,
                  0.5f,
                  5,
                  0.9f,
                  0.99f,
                  1e-8f,
                  true,
                  decoupled);
          return new NDList(w, l.get(2), l.get(3));
        },
        floats(2, 3),
        floats(2, 3),
        floats(2, 3),
        range(0.5, 1, 2, 3));
  }

  private static void types(Table t) {
    Argument i = ints(-3, 0, 2, 7);
    Argument j = ints(2, 5, -3, 4);
    Argument d = doubles(-1.5, 0.25, 3, 8);
    Argument u = bytes(new Shape(4));
    Argument b = booleans(new Shape(4), true, false, true, false);
    t.two("int + int", NDArray::add, i, j);
    t.two("int * float", NDArray::mul, i, floats(4));
    t.two("int + double", NDArray::add, i, d);
    t.two("float + double", NDArray::add, floats(4), d);
    t.two("int / int", NDArray::div, i, j);
    t.two("int % int", NDArray::mod, i, j);
    t.two("byte + int", NDArray::add, u, j);
    t.one("int + 1", a -> a.add(1), i);
    t.one("int + 1L", a -> a.add(1L), i);
    t.one("int * 0.5f", a -> a.mul(0.5f), i);
    t.one("int * 0.5", a -> a.mul(0.5), i);
    t.one("byte / 255.0", a -> a.div(255.0), u);
    t.one("byte + 1", a -> a.add(1), u);
    t.one("double * 0.5f", a -> a.mul(0.5f), d);
    t.one("int gt", a -> a.gt(0), i);
    t.one("sum of ints", NDArray::sum, i);
    t.one("sum of booleans", NDArray::sum, b);
    t.one("sum of bytes", NDArray::sum, u);
    t.one("cumSum of ints", a -> a.cumSum(0), i);
    t.one("mean of doubles", NDArray::mean, d);
    t.one("max of ints", NDArray::max, i);
    t.one("argMax of ints", NDArray::argMax, i);
    t.one("exp of ints", NDArray::exp, i);
    t.one("sqrt of doubles", a -> a.abs().sqrt(), d);
    t.one("abs of ints", NDArray::abs, i);
    t.one("square of ints", NDArray::square, i);
    t.one("not of booleans", NDArray::logicalNot, b);
    t.two("booleans and", NDArray::logicalAnd, b, b);
    t.one("float to int", a -> a.toType(DataType.INT32, false), d);
    t.one("double to float", a -> a.toType(DataType.FLOAT32, false), d);
    t.one("int to boolean", a -> a.toType(DataType.BOOLEAN, false), i);
    t.one("boolean to float", a -> a.toType(DataType.FLOAT32, false), b);
    t.one("byte to float", a -> a.toType(DataType.FLOAT32, false), u);
    t.one("int to byte", a -> a.toType(DataType.UINT8, false), i);
    t.one("addi on ints", a -> a.addi(2), i);
    t.two("concat of ints", (x, y) -> x.concat(y), i, j);
    t.one(
        "set on ints",
        a -> {
          a.set(new NDIndex("1:3"), 9);
          return a;
        },
        i);
    t.one("scalar", a -> a.get(2), i);
    t.one("sum of a scalar", a -> a.get(2).sum(), d);
    t.one("argMax of a scalar", a -> a.get(2).argMax(0), d);
  }
}
