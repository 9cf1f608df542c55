/**
 * Function secret sharing: key generation and evaluation for comparison, equality and step
 * functions, over whole tensors.
 *
 * <p>{@code Dpf} and {@code Dcf} are the constructions of the papers on arrays of points; the gates
 * ({@code DReluGate}, {@code EqualityGate}, {@code PaperComparison}) apply them to opened masked
 * tensors. Everything a party needs besides its root seeds (16 random bytes a gate, from the
 * party's stream) is one array of correction words, the same for both parties.
 *
 * <p>No input or output belongs here, and no choice of what to mask or open.
 */
@NullMarked
package org.djlmpc.fss;

import org.jspecify.annotations.NullMarked;
