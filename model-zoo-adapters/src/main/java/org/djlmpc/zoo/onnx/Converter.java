package org.djlmpc.zoo.onnx;

import java.util.List;
import org.djlmpc.zoo.Partial;
import org.jspecify.annotations.Nullable;

/** Says what one ONNX operator is in the engine's operators. */
@FunctionalInterface
interface Converter {
  /**
   * The values that the node makes, or fewer if only those have a form here; null for one that an
   * operator without a form makes.
   *
   * @throws UnsupportedNode if this use of the operator has no form
   * @throws org.djlmpc.error.MpcException MALFORMED_MODEL, SHAPE, DATA_TYPE or ARGUMENT if the node
   *     contradicts itself or its inputs
   */
  List<@Nullable Partial> convert(NodeView node);

  /** The usual case of one result. */
  @FunctionalInterface
  interface OfOne {
    Partial convert(NodeView node);
  }
}
