/**
 * Reads ONNX files (operator sets 9 to 23) into the engine's graph form.
 *
 * <p>Three steps: {@code ModelParser} turns bytes into records and tensors, within stated bounds;
 * {@code GraphImport} walks the nodes for given shapes of the inputs, computes what depends on
 * shapes and weights alone, and records the rest; a converter for each operator says what it is in
 * the operators of {@link org.djlmpc.graph.Operators}.
 *
 * <p>The format is that of the ONNX project (Linux Foundation, Apache-2.0), <a
 * href="https://github.com/onnx/onnx/blob/main/docs/IR.md">docs/IR.md</a> and <a
 * href="https://github.com/onnx/onnx/blob/main/docs/Operators.md">docs/Operators.md</a>. No
 * cryptography and no knowledge of other file formats belongs here.
 */
@NullMarked
package org.djlmpc.zoo.onnx;

import org.jspecify.annotations.NullMarked;
