/**
 * Reads TorchScript modules, traced, scripted or frozen, into graphs.
 *
 * <p>{@code archive} reads the file, {@code code} parses the methods, {@code run} executes {@code
 * forward} on shapes, {@code operators} knows PyTorch's operators.
 */
@NullMarked
package org.djlmpc.zoo.torchscript;

import org.jspecify.annotations.NullMarked;
