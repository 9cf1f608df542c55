/** Channels between parties in one process. No socket may be opened here. */
@NullMarked
package org.djlmpc.transport.memory;

import org.jspecify.annotations.NullMarked;
