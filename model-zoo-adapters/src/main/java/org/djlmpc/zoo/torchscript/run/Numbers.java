package org.djlmpc.zoo.torchscript.run;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.Optional;
import org.djlmpc.graph.PublicTensor;
import org.djlmpc.zoo.Partial;
import org.djlmpc.zoo.PartialOperators;

/** Numbers of the program, which PyTorch writes as numbers or as tensors without axes. */
public final class Numbers {
  private Numbers() {}

  /** A Long or a Double; a truth value is 0 or 1, a known tensor of one element is that element. */
  public static Optional<Number> number(Value value, PartialOperators o) {
    if (value instanceof Value.Int number) {
      return Optional.of(number.value());
    }
    if (value instanceof Value.Real number) {
      return Optional.of(number.value());
    }
    if (value instanceof Value.Bool truth) {
      return Optional.of(truth.value() ? 1L : 0L);
    }
    if (value instanceof TensorValue tensor) {
      return element(tensor, o);
    }
    return Optional.empty();
  }

  private static Optional<Number> element(TensorValue tensor, PartialOperators o) {
    if (!(tensor.read(o) instanceof Partial.Known known)) {
      // no value is known, and asking for one is what private models may not do
      throw new UnsupportedCall(
          "a number or a decision that depends on the input",
          "compute it with tensors, torch.where for example");
    }
    PublicTensor elements = known.tensor();
    if (known.weight() != null && elements.isFloating()) {
      throw new UnsupportedCall(
          "a number or a decision that depends on the weight " + known.weight(),
          "keep it a tensor: as a number it would become public");
    }
    if (elements.size() != 1) {
      return Optional.empty();
    }
    return Optional.of(
        elements.isFloating() ? (Number) elements.getDouble(0) : (Number) elements.getLong(0));
  }

  /** A number as a tensor without axes, of the type that PyTorch gives it. */
  public static Optional<Partial> tensor(Value value) {
    if (value instanceof Value.Int number) {
      return Optional.of(scalar(PublicTensor.of(new long[] {number.value()}, shapeless())));
    }
    if (value instanceof Value.Real number) {
      return Optional.of(scalar(PublicTensor.scalar(number.value(), DataType.FLOAT64)));
    }
    if (value instanceof Value.Bool truth) {
      return Optional.of(scalar(PublicTensor.scalar(truth.value() ? 1 : 0, DataType.BOOLEAN)));
    }
    return Optional.empty();
  }

  private static Shape shapeless() {
    return new Shape();
  }

  private static Partial scalar(PublicTensor tensor) {
    return PartialOperators.architecture(tensor);
  }
}
