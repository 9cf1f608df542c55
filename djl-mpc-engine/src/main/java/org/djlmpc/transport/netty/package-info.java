/** Channels between parties over TCP and TLS. No other package may name a Netty type. */
@NullMarked
package org.djlmpc.transport.netty;

import org.jspecify.annotations.NullMarked;
