package org.djlmpc.engine;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import java.util.List;
import org.djlmpc.graph.PublicTensor;

/** Public arrays of engine MPC against PyTorch's. */
final class PublicArrayTest extends NDArrayOperatorTable {
  @Override
  List<PublicTensor> compute(Row row) {
    try (NDManager manager = NDManager.newBaseManager("MPC")) {
      NDList arguments = new NDList();
      row.arguments().forEach(argument -> arguments.add(argument.on(manager)));
      return row.operator().apply(arguments).stream().map(PublicTensors::copyOf).toList();
    }
  }

  @Override
  double tolerance(Row row) {
    return 1e-5;
  }

  @Override
  boolean applies(Row row) {
    return true;
  }

  @Override
  boolean checksTypes() {
    return true;
  }
}
