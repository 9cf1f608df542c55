/**
 * Correlated randomness that is made before inputs are known: its sources, its stores and its use.
 *
 * <p>No online step of a protocol belongs here.
 */
@NullMarked
package org.djlmpc.preprocessing;

import org.jspecify.annotations.NullMarked;
