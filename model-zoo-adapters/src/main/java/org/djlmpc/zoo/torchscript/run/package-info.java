/**
 * Runs a module's {@code forward} on tensors that have only a shape: partial evaluation.
 *
 * <p>Numbers, lists, control flow and calls are computed; what is done to tensors is recorded.
 * Every run has a budget and a depth, so that hostile code ends. No operator of PyTorch is known
 * here.
 */
@NullMarked
package org.djlmpc.zoo.torchscript.run;

import org.jspecify.annotations.NullMarked;
