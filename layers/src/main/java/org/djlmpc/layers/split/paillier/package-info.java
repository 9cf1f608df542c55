/**
 * Paillier's additively homomorphic encryption, and the first layer of split learning that uses it.
 *
 * <p>The arithmetic, {@link org.djlmpc.layers.split.paillier.Packing}, keys and {@link
 * org.djlmpc.layers.split.paillier.Encryptor}, knows nothing of networks and channels. Nothing here
 * is constant-time: {@link java.math.BigInteger} is not.
 */
@NullMarked
package org.djlmpc.layers.split.paillier;

import org.jspecify.annotations.NullMarked;
