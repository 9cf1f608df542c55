/**
 * Exceptions that the engine throws and the reasons that they carry.
 *
 * <p>Nothing that computes or communicates belongs here.
 */
@NullMarked
package org.djlmpc.error;

import org.jspecify.annotations.NullMarked;
