/**
 * Function secret sharing: key generation and evaluation for comparison and equality.
 *
 * <p>No input or output belongs here.
 */
@NullMarked
package org.djlmpc.fss;

import org.jspecify.annotations.NullMarked;
