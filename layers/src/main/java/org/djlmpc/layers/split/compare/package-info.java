/**
 * What split learning is compared with, over the same parties, channels and data: SplitNN, and the
 * plaintext network; and the experiments that measure both.
 */
@NullMarked
package org.djlmpc.layers.split.compare;

import org.jspecify.annotations.NullMarked;
