package org.djlmpc.zoo.torchscript.operators;

import java.util.HashMap;
import java.util.Map;
import org.djlmpc.zoo.torchscript.run.Operation;
import org.djlmpc.zoo.torchscript.run.Operations;
import org.jspecify.annotations.Nullable;

/** Every operator that this reader knows. */
public final class TorchOperations implements Operations {
  private static final TorchOperations ALL = new TorchOperations();

  private final Map<String, Operation> operations = new HashMap<>();

  private TorchOperations() {
    NumberOperations.addTo(operations);
    ContainerOperations.addTo(operations);
    TensorFacts.addTo(operations);
    Arithmetic.addTo(operations);
    Activations.addTo(operations);
    Products.addTo(operations);
    Convolutions.addTo(operations);
    Poolings.addTo(operations);
    Normalizations.addTo(operations);
    Reductions.addTo(operations);
    Layouts.addTo(operations);
    Joining.addTo(operations);
    Paddings.addTo(operations);
    Resizing.addTo(operations);
    Creation.addTo(operations);
  }

  /** All of them. */
  public static TorchOperations all() {
    return ALL;
  }

  @Override
  public @Nullable Operation named(String name) {
    return operations.get(name);
  }

  @Override
  public String nearest(String name) {
    String stem = name.replaceAll("^_+|_+$", "");
    if (stem.contains("conv3d") || stem.contains("3d")) {
      return "nearest: the same operator in two dimensions";
    }
    String real = stem.replaceFirst("^quantized\\.", "").replaceFirst("(_|^)(relu|dynamic)$", "");
    if (stem.startsWith("quantized.") && operations.containsKey(real)) {
      return "nearest: " + real + ", in the model before it is quantized";
    }
    if (stem.contains("quantize") || stem.startsWith("fake_quant") || stem.contains("int8")) {
      return "export the model before it is quantized";
    }
    if (stem.startsWith("lstm") || stem.startsWith("gru") || stem.startsWith("rnn")) {
      return "nearest: the cell written with linear, sigmoid and tanh";
    }
    if (stem.startsWith("embedding")) {
      return "nearest: linear on one-hot rows";
    }
    if (stem.contains("sort") || stem.startsWith("topk") || stem.startsWith("kthvalue")) {
      return "nearest: max and argmax; sort the opened result";
    }
    if (stem.startsWith("rand") || stem.startsWith("bernoulli") || stem.startsWith("multinomial")) {
      return "remove the randomness: call eval() before exporting";
    }
    if (stem.contains("norm")) {
      return "nearest: batch_norm, layer_norm or group_norm";
    }
    if (stem.contains("pool")) {
      return "nearest: max_pool2d or avg_pool2d";
    }
    if (stem.contains("bicubic") || stem.contains("upsample") || stem.contains("grid_sample")) {
      return "nearest: upsample_bilinear2d";
    }
    if (stem.contains("einsum") || stem.contains("tensordot")) {
      return "nearest: permute and matmul";
    }
    if (stem.contains("nms") || stem.contains("nonzero") || stem.contains("masked_select")) {
      return "its shape depends on the data: apply it to the opened result";
    }
    if (stem.contains("lu")) {
      return "nearest: relu, leaky_relu, elu, gelu or silu";
    }
    return "write it with arithmetic, matmul, conv2d and relu";
  }
}
