/**
 * Neural-network blocks in forms that secure computation evaluates well.
 *
 * <p>No protocol and no file format belongs here.
 */
@NullMarked
package org.djlmpc.layers;

import org.jspecify.annotations.NullMarked;
