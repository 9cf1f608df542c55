/**
 * The language in which TorchScript saves methods: what its printer emits, as a syntax tree.
 *
 * <p>The printer writes a small part of Python: classes, functions, assignments, {@code if}, {@code
 * for ... in range}, {@code while}, calls and literals. Nothing here runs code or knows an
 * operator.
 */
@NullMarked
package org.djlmpc.zoo.torchscript.code;

import org.jspecify.annotations.NullMarked;
