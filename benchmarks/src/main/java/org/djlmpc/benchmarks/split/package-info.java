/**
 * Split learning as in SPNN's section 6: accuracy, time and bytes of its methods, of SplitNN and of
 * the plaintext network, on real and on made-up rows.
 */
@NullMarked
package org.djlmpc.benchmarks.split;

import org.jspecify.annotations.NullMarked;
