package org.djlmpc.zoo.onnx;

import java.util.List;

/** The value of a node's attribute. */
sealed interface OnnxAttribute {
  /** A real number. */
  record Real(float value) implements OnnxAttribute {}

  /** An integer. */
  record Whole(long value) implements OnnxAttribute {}

  /** Text. */
  record Text(String value) implements OnnxAttribute {}

  /** Real numbers. */
  record Reals(List<Float> values) implements OnnxAttribute {}

  /** Integers. */
  record Wholes(List<Long> values) implements OnnxAttribute {}

  /** A tensor. */
  record Tensor(OnnxTensor value) implements OnnxAttribute {}

  /** A graph: a branch of an {@code If}. */
  record Body(OnnxGraph value) implements OnnxAttribute {}

  /** In a function: the attribute of this name at the node that calls the function. */
  record Reference(String name) implements OnnxAttribute {}

  /** Something that no supported operator has. */
  record Other() implements OnnxAttribute {}
}
