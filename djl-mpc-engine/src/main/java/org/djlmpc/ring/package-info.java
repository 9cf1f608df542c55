/**
 * Arithmetic on arrays of integers modulo a power of two.
 *
 * <p>Nothing here may know of real numbers, of shares or of parties.
 */
@NullMarked
package org.djlmpc.ring;

import org.jspecify.annotations.NullMarked;
