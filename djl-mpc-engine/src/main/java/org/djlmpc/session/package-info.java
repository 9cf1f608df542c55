/**
 * One party's view of a joint computation: its peers, its randomness and its limits.
 *
 * <p>No operator is carried out here.
 */
@NullMarked
package org.djlmpc.session;

import org.jspecify.annotations.NullMarked;
