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
    for (int i = 0; i < 10; i++) {
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
    x = o.linear(o.unary(Operators.Unary.RELU, x), weight(4, 7), null);
    outputs.add(o.softmax(x, -1, false));
    return tracer.finish(outputs);
  }

  private Traced step(Traced x) {
    boolean large = x.shape().get(2) > 4 && x.shape().get(3) > 4;
    return switch (random.nextInt(large ? 9 : 6)) {
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
      case 6 -> o.pool(x, pooling(Pooling.Kind.MEAN));
      default -> o.pool(activation(x), pooling(Pooling.Kind.MAX));
    };
  }

  private Traced convolution(Traced x) {
    boolean depthwise = random.nextInt(3) == 0;
    long c = x.shape().get(1);
    long k = depthwise ? 2 * c > 8 ? c : 2 * c : 1 + random.nextInt(6);
    ConvolutionSpec spec = new ConvolutionSpec(1, 1, 1, 1, 1, 1, depthwise ? (int) c : 1);
    Traced w = weight(k, depthwise ? 1 : c, 3, 3);
    return o.convolution(x, w, random.nextBoolean() ? weight(k) : null, spec);
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
    return switch (random.nextInt(4)) {
      case 0 -> o.clip(x, -1, 1);
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
