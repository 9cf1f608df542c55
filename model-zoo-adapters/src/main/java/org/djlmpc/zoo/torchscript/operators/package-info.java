/**
 * PyTorch's operators, by the names that TorchScript saves, in terms of {@link
 * org.djlmpc.graph.Operators}.
 *
 * <p>A class for each family. Arguments are PyTorch's, with its defaults; results are compared with
 * PyTorch's in the tests.
 */
@NullMarked
package org.djlmpc.zoo.torchscript.operators;

import org.jspecify.annotations.NullMarked;
