/**
 * JMH benchmarks of what the engine spends its time with: AES streams, point functions, matrix
 * products, convolutions and openings, and of Paillier encryption. Run them with {@code
 * benchmarks/run kernels}.
 */
@NullMarked
package org.djlmpc.benchmarks.kernels;

import org.jspecify.annotations.NullMarked;
