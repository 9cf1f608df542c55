/**
 * How accurate private inference is: AriaNN's tables on trained networks and real images.
 *
 * <p>Nothing about speed belongs here.
 */
@NullMarked
package org.djlmpc.benchmarks.accuracy;

import org.jspecify.annotations.NullMarked;
