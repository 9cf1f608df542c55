/**
 * Private inference of the papers' networks, end to end. Run it with {@code benchmarks/run
 * networks}.
 */
@NullMarked
package org.djlmpc.benchmarks.networks;

import org.jspecify.annotations.NullMarked;
