/**
 * What a TorchScript file is made of: a zip archive, restricted pickles and tensors.
 *
 * <p>Everything here reads bytes that anybody may have written: sizes are bounded before anything
 * is allocated, and nothing that a file names is ever loaded or run. Internal to the reader; code
 * and operators are elsewhere.
 */
@NullMarked
package org.djlmpc.zoo.torchscript.archive;

import org.jspecify.annotations.NullMarked;
