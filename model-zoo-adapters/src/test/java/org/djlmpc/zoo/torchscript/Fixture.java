package org.djlmpc.zoo.torchscript;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.djlmpc.graph.DjlOperators;
import org.djlmpc.graph.Graph;
import org.djlmpc.graph.GraphSource;
import org.djlmpc.graph.PublicOperators;
import org.djlmpc.graph.PublicTensor;
import org.djlmpc.graph.TensorType;

/** Inputs and the outputs that PyTorch computed for them. */
record Fixture(List<PublicTensor> inputs, List<PublicTensor> outputs) {
  /** Reads an npz with arrays x, x0, x1, ... and y, y0, y1, .... */
  static Fixture read(Path npz) throws IOException {
    List<PublicTensor> inputs = new ArrayList<>();
    List<PublicTensor> outputs = new ArrayList<>();
    try (NDManager manager = NDManager.newBaseManager("PyTorch");
        InputStream in = Files.newInputStream(npz)) {
      for (NDArray array : NDList.decode(manager, in)) {
        (array.getName().startsWith("x") ? inputs : outputs).add(DjlOperators.toPublic(array));
      }
    }
    return new Fixture(inputs, outputs);
  }

  /** The fixture beside a module, whose name ends in .traced.pt, .scripted.pt or .frozen.pt. */
  static Fixture beside(Path module) throws IOException {
    String name = module.getFileName().toString();
    return read(module.resolveSibling(name.replaceAll("\\.\\w+\\.pt$", ".io.npz")));
  }

  /** A file of the test resources. */
  static Path resource(String name) {
    try {
      return Path.of(Objects.requireNonNull(Fixture.class.getResource(name), name).toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  List<TensorType> types() {
    return inputs.stream().map(PublicTensor::type).toList();
  }

  Graph graph(GraphSource source) {
    return source.graph(types());
  }

  /** Largest distance from PyTorch's outputs, relative to the largest of each where above one. */
  double errorInJava(Graph graph) {
    return error(graph.evaluate(new PublicOperators(), inputs));
  }

  /** The same, computed by DJL's PyTorch engine. */
  double errorInPyTorch(Graph graph) {
    try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
      DjlOperators operators = new DjlOperators(manager);
      List<NDArray> arguments = inputs.stream().map(operators::constant).toList();
      List<NDArray> results =
          graph.evaluate(operators, arguments, graph.weights(operators), DjlOperators.closing());
      return error(results.stream().map(DjlOperators::toPublic).toList());
    }
  }

  /** The same of outputs that something else computed. */
  double error(List<PublicTensor> actual) {
    if (actual.size() != outputs.size()) {
      throw new AssertionError(actual.size() + " outputs in place of " + outputs.size());
    }
    double worst = 0;
    for (int i = 0; i < actual.size(); i++) {
      PublicTensor expected = outputs.get(i);
      if (!actual.get(i).shape().equals(expected.shape())) {
        throw new AssertionError(actual.get(i).type() + " in place of " + expected.type());
      }
      double[] a = actual.get(i).cast(DataType.FLOAT64).doubles();
      double[] e = expected.cast(DataType.FLOAT64).doubles();
      double largest = 0;
      double distance = 0;
      for (int j = 0; j < a.length; j++) {
        largest = Math.max(largest, Math.abs(e[j]));
        // NaN must count
        distance = Math.abs(a[j] - e[j]) <= distance ? distance : Math.abs(a[j] - e[j]);
      }
      worst = Math.max(worst, distance / Math.max(1, largest));
    }
    return worst;
  }
}
