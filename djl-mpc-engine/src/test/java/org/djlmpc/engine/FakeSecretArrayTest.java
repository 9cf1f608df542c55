package org.djlmpc.engine;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import java.util.List;
import org.djlmpc.graph.PublicTensor;

/**
 * Secret arrays against PyTorch's, as far as the engine is concerned: with secrets that are none.
 */
final class FakeSecretArrayTest extends NDArrayOperatorTable {
  @Override
  List<PublicTensor> compute(Row row) {
    try (MpcNDManager manager = MpcNDManager.base(null, FakeSecrets.context())) {
      NDList arguments = new NDList();
      for (Argument argument : row.arguments()) {
        arguments.add(
            argument.data() ? FakeSecrets.share(manager, argument.tensor()) : argument.on(manager));
      }
      return row.operator().apply(arguments).stream().map(FakeSecretArrayTest::open).toList();
    }
  }

  private static PublicTensor open(NDArray array) {
    return FakeSecrets.open((MpcNDArray) array);
  }

  @Override
  double tolerance(Row row) {
    return 1e-5;
  }

  @Override
  boolean applies(Row row) {
    return row.arguments().stream().anyMatch(Argument::data) && !row.name().equals("nonzero");
  }

  @Override
  boolean checksTypes() {
    return false;
  }
}
