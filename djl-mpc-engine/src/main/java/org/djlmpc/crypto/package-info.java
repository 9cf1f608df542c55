/**
 * Pseudo-random generators, key derivation, commitments and hashes.
 *
 * <p>No protocol logic and no input or output belongs here.
 */
@NullMarked
package org.djlmpc.crypto;

import org.jspecify.annotations.NullMarked;
