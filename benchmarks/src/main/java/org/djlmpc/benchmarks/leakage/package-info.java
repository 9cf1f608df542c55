/** What split learning gives away, as in SPNN's Table 2 and beyond it. */
@NullMarked
package org.djlmpc.benchmarks.leakage;

import org.jspecify.annotations.NullMarked;
