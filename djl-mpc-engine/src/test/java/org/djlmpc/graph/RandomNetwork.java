package org.djlmpc.graph;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.djlmpc.ring.ConvolutionSpec;

/**
 * A random convolutional network with whatever rewrites look for, and with what they must not
 * touch.
 */
final class RandomNetwork {
  private final Random random;
  private final Tracer tracer = new Tracer();
  private final Operators<Traced> o = tracer.operators();
  private int weights;

  private RandomNetwork(long seed) {
    this.random = new Random(seed);
  }

  static Graph of(long seed) {
    return new RandomNetwork(seed).build();
  }

  static List<PublicTensor> inputs(Graph graph, long seed) {
    Random random = new Random(~seed);
    return graph.inputs().stream()
        .map(in -> Oracle.random(random, DataType.FLOAT32, in.type().shape().getShape()))
        .toList();
  }

  private Graph build() {
    Traced x = tracer.input("image", new Shape(2, 3, 13, 12), DataType.FLOAT32);
    List<Traced> outputs = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      tracer.enter("0" + i);
      Traced y = step(x);
      if (random.nextInt(6) == 0) {
        outputs.add(x);
      }
      x = y;
      tracer.exit();
    }
    x = o.layout(Layout.reshape(2, -1), x);
    x =
        batchNorm(
            o.linear(x, weight(7, x.shape().get(1)), random.nextBoolean() ? weight(7) : null));
    x = o.binary(Operators.Binary.ADD, o.matmul(affine(x), weight(7, 6)), weight(6));
    x = attention(o.layout(Layout.reshape(1, 2, 6), x));
    x = o.linear(o.unary(Operators.Unary.RELU, affine(x)), weight(4, 6), null);
    outputs.add(x);
    return tracer.finish(outputs);
  }

  private Traced step(Traced x) {
    boolean large = x.shape().get(2) > 4 && x.shape().get(3) > 4;
    return switch (random.nextInt(large ? 16 : 12)) {
      case 0, 1 -> batchNorm(random.nextInt(4) == 0 ? x : convolution(x));
      case 2 -> activation(x);
      case 3 -> identity(x);
      case 4 -> o.binary(Operators.Binary.ADD, x, activation(x));
      case 5 -> {
        // an unused value, and one with two readers
        o.unary(Operators.Unary.TANH, x);
        Traced y = convolution(x);
        yield o.binary(Operators.Binary.ADD, batchNorm(y), y);
      }
      case 6 -> affine(affine(x));
      case 7 -> affine(convolution(affine(x)));
      case 8 -> convolution(activation(affine(activation(x))));
      case 9 -> convolution(batchNorm(activation(x)));
      case 10 -> {
        // a batch normalization behind a sum of layers, and the same layer twice
        Traced sum = o.binary(Operators.Binary.ADD, convolution(x, 3), convolution(x, 3));
        Traced twice = o.binary(Operators.Binary.ADD, activation(sum), activation(sum));
        yield random.nextBoolean() ? batchNorm(sum) : twice;
      }
      case 11 -> {
        Traced turned = o.layout(Layout.permute(0, 2, 3, 1), x);
        yield o.layout(Layout.permute(0, 3, 1, 2), affine(turned, 3));
      }
      case 12 -> o.pool(pointwise(x), pooling(Pooling.Kind.MEAN));
      case 13 -> o.pool(affine(x), pooling(Pooling.Kind.MEAN));
      default -> o.pool(activation(x), pooling(Pooling.Kind.MAX));
    };
  }

  private Traced convolution(Traced x) {
    return convolution(x, 1 + random.nextInt(6));
  }

  /** Over 3 x 3 windows; depthwise channels are a multiple of the input's, k or not. */
  private Traced convolution(Traced x, long k) {
    long c = x.shape().get(1);
    boolean depthwise = k % c == 0 && random.nextBoolean();
    boolean large = x.shape().get(2) > 6 && x.shape().get(3) > 6;
    int padding = large && random.nextInt(3) == 0 ? 0 : 1;
    ConvolutionSpec spec =
        new ConvolutionSpec(1, 1, padding, padding, 1, 1, depthwise ? (int) c : 1);
    Traced w = weight(k, depthwise ? 1 : c, 3, 3);
    if (random.nextInt(4) == 0) {
      w = o.scalar(Operators.Binary.MULTIPLY, w, 0.75, true);
    }
    Traced bias = random.nextBoolean() ? weight(k) : null;
    return k == 3 ? o.convolution(x, w, bias, padded(spec)) : o.convolution(x, w, bias, spec);
  }

  /** Sums of layers need layers of one shape. */
  private static ConvolutionSpec padded(ConvolutionSpec spec) {
    return new ConvolutionSpec(1, 1, 1, 1, 1, 1, spec.groups());
  }

  private Traced pointwise(Traced x) {
    ConvolutionSpec spec = new ConvolutionSpec(1, 1, 0, 0, 1, 1, 1);
    return o.convolution(x, weight(4, x.shape().get(1), 1, 1), weight(4), spec);
  }

  private Traced affine(Traced x) {
    return affine(x, Math.min(1, x.shape().dimension() - 1));
  }

  /** A factor or a summand: a number, or parameters along an axis. */
  private Traced affine(Traced x, int axis) {
    double[] numbers = {0.3, -2, 3, 0.125, 6, -0.01, 0.5, 1.0 / 255};
    double number = numbers[random.nextInt(numbers.length)];
    long[] lengths = new long[x.shape().dimension() - axis];
    java.util.Arrays.fill(lengths, 1);
    lengths[0] = random.nextInt(3) == 0 ? 1 : x.shape().get(axis);
    PublicTensor parameters = Oracle.positive(random, lengths);
    Traced p =
        random.nextBoolean()
            ? tracer.constant(parameters)
            : tracer.weight("p" + weights++, parameters);
    return switch (random.nextInt(9)) {
      case 0 -> o.scalar(Operators.Binary.MULTIPLY, x, number, random.nextBoolean());
      case 1 -> o.scalar(Operators.Binary.DIVIDE, x, number * 10, false);
      case 2 -> o.scalar(Operators.Binary.SUBTRACT, x, number, random.nextBoolean());
      case 3 -> o.scalar(Operators.Binary.ADD, x, number, random.nextBoolean());
      case 4 -> o.binary(Operators.Binary.MULTIPLY, p, x);
      case 5 -> o.binary(Operators.Binary.DIVIDE, x, p);
      case 6 -> o.binary(Operators.Binary.ADD, x, p);
      case 7 -> o.binary(Operators.Binary.SUBTRACT, p, x);
      default -> o.unary(Operators.Unary.NEGATE, x);
    };
  }

  /** Layers over three axes that read one array. */
  private Traced attention(Traced x) {
    Traced q = o.linear(x, weight(6, 6), weight(6));
    Traced k = o.linear(x, weight(6, 6), weight(6));
    Traced scores = o.matmul(affine(q, 2), o.layout(Layout.permute(0, 2, 1), k));
    Traced y = o.matmul(scores, o.linear(x, weight(6, 6), null));
    return o.layout(Layout.reshape(2, 6), o.binary(Operators.Binary.ADD, y, weight(6)));
  }

  private Traced batchNorm(Traced x) {
    Traced y = random.nextInt(3) == 0 ? identity(x) : x;
    long c = y.shape().get(1);
    Traced variance = tracer.weight("variance" + weights++, Oracle.positive(random, c));
    return o.batchNorm(
        y,
        weight(c),
        variance,
        random.nextInt(4) > 0 ? weight(c) : null,
        random.nextInt(4) > 0 ? weight(c) : null,
        y.shape().dimension() == 2 && random.nextBoolean() ? -1 : 1,
        1e-5);
  }

  private Traced activation(Traced x) {
    return switch (random.nextInt(9)) {
      case 0 -> o.clip(x, -1, 1);
      case 2 ->
          o.scalar(
              Operators.Binary.MINIMUM, o.scalar(Operators.Binary.MAXIMUM, x, 0, true), 6, false);
      case 3 -> o.unary(Operators.Unary.HARD_SWISH, x);
      case 4 -> o.unary(Operators.Unary.HARD_SIGMOID, x);
      case 5 -> o.clip(o.unary(Operators.Unary.RELU, o.unary(Operators.Unary.RELU, x)), -2, 0.7);
      case 1 -> o.leakyRelu(x, random.nextBoolean() ? 0.1 : -0.5);
      default -> o.unary(Operators.Unary.RELU, x);
    };
  }

  private Traced identity(Traced x) {
    return switch (random.nextInt(5)) {
      case 0 -> o.layout(new Layout.Reshape(x.shape()), x);
      case 1 -> o.cast(x, DataType.FLOAT32);
      case 2 -> o.scalar(Operators.Binary.MULTIPLY, x, 1, true);
      case 3 -> o.scalar(Operators.Binary.SUBTRACT, x, 0, true);
      default -> o.concat(List.of(x), 1);
    };
  }

  private Pooling pooling(Pooling.Kind kind) {
    return random.nextBoolean()
        ? new Pooling(kind, 2, 2, 2, 2, 0, 0, random.nextBoolean(), true)
        : new Pooling(kind, 3, 3, 2, 2, 1, 1, random.nextBoolean(), random.nextBoolean());
  }

  private Traced weight(long... lengths) {
    PublicTensor value = Oracle.random(random, DataType.FLOAT32, lengths);
    double fan = Math.sqrt(value.shape().size() / (double) lengths[0]);
    return tracer.weight(
        "w" + weights++,
        new PublicOperators().scalar(Operators.Binary.DIVIDE, value, 2 * fan, false));
  }
}
