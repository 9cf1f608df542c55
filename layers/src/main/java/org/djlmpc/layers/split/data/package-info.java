/**
 * What a holder does with its own columns before training: reading CSV, a schema, missing values,
 * standardization, categories as sparse indices, and the division into training and test rows.
 *
 * <p>Everything here stays at its holder. Errors name lines and columns, never a value, because an
 * error may be sent to the other parties.
 */
@NullMarked
package org.djlmpc.layers.split.data;

import org.jspecify.annotations.NullMarked;
