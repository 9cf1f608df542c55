/**
 * Functions of secrets that no finite number of sums and products computes exactly: approximations
 * with a stated domain and error, for every protocol suite.
 *
 * <p>Everything here is composed of {@link org.djlmpc.protocol.Protocol}'s primitives. The same
 * recipe throughout: a secret is compared with public thresholds, all at once; the bits, being
 * arithmetic shares, select public numbers by a local sum; a short polynomial does the rest.
 * Outside its domain a function keeps the value of the nearest end. No suite's internals may be
 * used.
 */
@NullMarked
package org.djlmpc.protocol.functions;

import org.jspecify.annotations.NullMarked;
