package org.djlmpc.layers.split;

import ai.djl.ndarray.NDArray;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * A parameter of a network on a device of PyTorch's, with its values on the CPU, where they are
 * updated.
 *
 * @param array on the device
 * @param values what the updates work on
 * @param updater none for what layers change themselves, such as running means
 */
record TorchParameter(NDArray array, float[] values, @Nullable Updater updater) implements Part {
  /** One that is trained by a rule, or changed by its layer. */
  static TorchParameter of(NDArray array, UpdateRule rule, boolean trained) {
    float[] values = TorchDevice.values(array);
    return new TorchParameter(array, values, trained ? new Updater(rule, values.length) : null);
  }

  void clearGradient() {
    if (updater != null) {
      TorchDevice.clearGradient(array);
    }
  }

  /** One step against the gradient that the last backward pass left. */
  void update() {
    if (updater != null) {
      updater.update(values, TorchDevice.gradient(array));
      array.set(values);
    }
  }

  @Override
  public void save(DataOutput out) throws IOException {
    FloatData.write(out, TorchDevice.values(array));
    if (updater != null) {
      updater.save(out);
    }
  }

  @Override
  public void load(DataInput in) throws IOException {
    FloatData.read(in, values);
    array.set(values);
    if (updater != null) {
      updater.load(in);
    }
  }

  /** Erases what the rule remembers; the array goes with its manager. */
  @Override
  public void close() {
    if (updater != null) {
      updater.close();
    }
  }
}
