package org.djlmpc.zoo.onnx;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A declared input.
 *
 * @param name its name
 * @param type element type; OTHER if it is no tensor
 * @param lengths the length of each axis, -1 where it is open; null if nothing is declared
 */
record OnnxInput(String name, ElementType type, @Nullable List<Long> lengths) {}
