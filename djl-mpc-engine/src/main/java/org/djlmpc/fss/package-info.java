/**
 * Function secret sharing: key generation and evaluation for point and comparison functions, over
 * many points at once.
 *
 * <p>{@code Dpf} gives shared bits and serves all comparisons; {@code Dcf} gives shared numbers,
 * for splines and for a ReLU without the bit's round, which no protocol has yet. Everything a party
 * needs besides its root seeds (16 random bytes a key, from the party's stream) is one array of
 * correction words, the same for both parties.
 *
 * <p>No input or output belongs here, and no choice of what to mask or open: the gates are in the
 * protocols.
 */
@NullMarked
package org.djlmpc.fss;

import org.jspecify.annotations.NullMarked;
