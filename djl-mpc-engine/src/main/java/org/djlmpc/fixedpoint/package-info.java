/**
 * Encoding of real numbers as ring elements, and back.
 *
 * <p>Nothing here may know of shares or of parties.
 */
@NullMarked
package org.djlmpc.fixedpoint;

import org.jspecify.annotations.NullMarked;
