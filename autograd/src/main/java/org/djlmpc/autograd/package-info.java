/**
 * Reverse-mode differentiation recorded over NDArray operators.
 *
 * <p>Nothing here may know of an engine, of shares or of parties.
 */
@NullMarked
package org.djlmpc.autograd;

import org.jspecify.annotations.NullMarked;
