/**
 * The recorded graph of operators, its passes and its plan of execution.
 *
 * <p>Nothing here may know of DJL's engine interfaces.
 */
@NullMarked
package org.djlmpc.graph;

import org.jspecify.annotations.NullMarked;
