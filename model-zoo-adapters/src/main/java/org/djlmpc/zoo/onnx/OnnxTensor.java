package org.djlmpc.zoo.onnx;

import org.djlmpc.graph.PublicTensor;
import org.jspecify.annotations.Nullable;

/**
 * A tensor of the file, already in memory.
 *
 * @param name its name; empty in attributes
 * @param kind its element type, or why it cannot be used
 * @param value its elements, or null if the engine has no arrays of its kind
 */
record OnnxTensor(String name, String kind, @Nullable PublicTensor value) {}
