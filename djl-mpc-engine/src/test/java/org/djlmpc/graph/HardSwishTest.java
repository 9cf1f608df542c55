package org.djlmpc.graph;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import org.djlmpc.fixedpoint.FixedPoint;
import org.djlmpc.graph.Operators.Binary;
import org.djlmpc.graph.Operators.Unary;
import org.djlmpc.protocol.Cost;
import org.djlmpc.protocol.Rounds;
import org.djlmpc.protocol.ariann.Ariann;
import org.djlmpc.ring.ConvolutionSpec;
import org.djlmpc.ring.Ring;
import org.djlmpc.transport.PartyId;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** x relu6(x + 3) / 6 behind a layer: its argument is opened once for all it needs. */
final class HardSwishTest {
  private static final DataType F = DataType.FLOAT32;

  /** The ends of the ramp, what is next to them in 16 and in 8 bits, zero, and far away. */
  private static final float[] EDGES = {
    -3,
    3,
    0,
    -3 + 0x1p-16f,
    -3 - 0x1p-16f,
    3 - 0x1p-16f,
    3 + 0x1p-16f,
    -3 + 0x1p-8f,
    -3 - 0x1p-8f,
    3 - 0x1p-8f,
    3 + 0x1p-8f,
    0x1p-8f,
    -0x1p-8f,
    -1.5f,
    1.5f,
    2.9f,
    -2.9f,
    30,
    -30
  };

  /** A layer that changes nothing, hard swish, and a layer that doubles. */
  private static Graph network(boolean written) {
    Tracer tracer = new Tracer();
    Operators<Traced> o = tracer.operators();
    Traced x = tracer.input("x", new Shape(1, 1, 1, EDGES.length), F);
    Traced y = layer(tracer, x, "first", 1);
    Traced three = tracer.constant(PublicTensor.of(new float[] {3}, new Shape(1)));
    Traced swish =
        written
            ? o.scalar(
                Binary.DIVIDE,
                o.binary(Binary.MULTIPLY, y, o.clip(o.binary(Binary.ADD, y, three), 0, 6)),
                6,
                false)
            : o.unary(Unary.HARD_SWISH, y);
    return tracer.finish(List.of(layer(tracer, swish, "second", 2)));
  }

  private static Traced layer(Tracer tracer, Traced x, String name, float weight) {
    ConvolutionSpec spec = new ConvolutionSpec(1, 1, 0, 0, 1, 1, 1);
    PublicTensor values = PublicTensor.of(new float[] {weight}, new Shape(1, 1, 1, 1));
    return tracer.operators().convolution(x, tracer.weight(name, values), null, spec);
  }

  @ParameterizedTest
  @CsvSource({
    "Z64, 16, SHARED, 0",
    "Z64, 16, OWNER, 0",
    "Z32, 9, SHARED, 0",
    "Z32, 9, OWNER, 0",
    "Z64, 16, SHARED, 1e12",
  })
  void isWhatPyTorchSaysAndCostsWhatWasPlanned(Ring ring, int f, WeightMode mode, double worth) {
    Ariann suite = Ariann.ARIANN.withRounds(new Rounds(worth));
    FixedPoint fixedPoint = new FixedPoint(ring, f);
    PublicTensor input = PublicTensor.of(EDGES, new Shape(1, 1, 1, EDGES.length));
    for (boolean written : new boolean[] {false, true}) {
      Graph graph = network(written);
      PublicTensor expected = Oracle.run(graph, List.of(input)).get(0);
      Graph rewritten = Rewrites.apply(graph, suite.rounds());
      PrivateRun run = PrivateRun.of(suite, rewritten, fixedPoint, mode, input, false);
      double[] actual = run.outputs();
      double bound = ErrorBound.ofOutputs(rewritten, fixedPoint, 30);
      assertThat(bound).isLessThan(1);
      for (int i = 0; i < EDGES.length; i++) {
        assertThat(Math.abs(actual[i] - expected.getDouble(i)))
            .as("hard swish of %s", EDGES[i])
            .isLessThanOrEqualTo(bound);
      }
      Cost planned = Plan.of(rewritten, suite, ring, f, PartyId.P0, mode).total();
      assertThat(run.p0().onlineBytesSent()).isEqualTo(planned.onlineBytesP0());
      assertThat(run.p1().onlineBytesSent()).isEqualTo(planned.onlineBytesP1());
      assertThat(Math.max(run.p0().rounds(), run.p1().rounds())).isEqualTo(planned.rounds());
      if (worth == 0 && mode == WeightMode.SHARED) {
        // the input; x and two bits; both factors; the product, rescaled, and as the next input;
        // a small ring also rescales for the power of two of 1 / 6; the output
        long openings = ring == Ring.Z64 ? 7 : 8;
        long size = EDGES.length;
        long bits = 2 * ((size + 7) / 8);
        assertThat(planned.onlineBytesP0()).isEqualTo(openings * size * ring.bytes() + bits);
      }
    }
  }
}
