package org.djlmpc.engine;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.djlmpc.fixedpoint.FixedPoint;
import org.djlmpc.graph.Operand;
import org.djlmpc.graph.PublicTensor;
import org.djlmpc.graph.SecretOperators;
import org.djlmpc.protocol.PartyOptions;
import org.djlmpc.protocol.Protocol;
import org.djlmpc.protocol.ProtocolSuite;
import org.djlmpc.protocol.Share;
import org.djlmpc.protocol.ThreadedParties;
import org.djlmpc.protocol.ariann.Ariann;
import org.djlmpc.ring.RingTensor;
import org.djlmpc.session.Request;
import org.djlmpc.transport.PartyId;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** Secret arrays of AriaNN against PyTorch's. */
final class AriannArrayTest extends NDArrayOperatorTable {
  private static ThreadedParties parties;

  @BeforeAll
  static void start() {
    parties = ThreadedParties.start(Ariann.ARIANN, PartyOptions.DEFAULT);
  }

  @AfterAll
  static void stop() {
    parties.close();
  }

  @Override
  List<PublicTensor> compute(Row row) {
    return parties
        .submit((request, suite) -> run(request, suite, row))
        .await(Duration.ofMinutes(3))
        .p1();
  }

  private static List<PublicTensor> run(Request request, ProtocolSuite suite, Row row) {
    Protocol protocol = suite.bind(request);
    ArrayContext context = ArrayContext.of(new SecretOperators(protocol), new Random(1));
    try (MpcNDManager manager = MpcNDManager.base(null, context)) {
      NDList arguments = new NDList();
      for (Argument argument : row.arguments()) {
        arguments.add(
            argument.data() ? share(protocol, manager, argument.tensor()) : argument.on(manager));
      }
      List<PublicTensor> opened = new ArrayList<>();
      for (NDArray result : row.operator().apply(arguments)) {
        opened.add(open(protocol, ((MpcNDArray) result).operand()));
      }
      return opened;
    }
  }

  private static MpcNDArray share(Protocol protocol, MpcNDManager manager, PublicTensor x) {
    FixedPoint encoding = new FixedPoint(protocol.ring(), protocol.fractionBits());
    RingTensor mine = protocol.self() == PartyId.P0 ? encoding.encode(x.floats(), x.shape()) : null;
    Share share = protocol.input(PartyId.P0, x.shape(), protocol.fractionBits(), mine);
    return manager.create(share, DataType.FLOAT32);
  }

  private static PublicTensor open(Protocol protocol, Operand x) {
    if (x instanceof Operand.Public known) {
      return known.tensor();
    }
    Share share = ((Operand.Secret) x).share();
    try (RingTensor value =
        protocol.reveal(share, Set.of(PartyId.P0, PartyId.P1), "the result of a test")) {
      FixedPoint encoding = new FixedPoint(protocol.ring(), protocol.fractionBits());
      return PublicTensor.of(encoding.decodeFloats(value, share.scale()), share.shape());
    }
  }

  @Override
  double tolerance(Row row) {
    // the arguments of these multiply the error of a function
    return Set.of("mish", "adamUpdate", "adamWUpdate").contains(row.name()) ? 6e-3 : 2e-3;
  }

  @Override
  boolean applies(Row row) {
    return row.arithmetic() && row.arguments().stream().anyMatch(Argument::data);
  }

  @Override
  boolean checksTypes() {
    return false;
  }
}
