/**
 * Message exchange between parties: frames, channels and their accounting.
 *
 * <p>Nothing here may look into what a message means.
 */
@NullMarked
package org.djlmpc.transport;

import org.jspecify.annotations.NullMarked;
