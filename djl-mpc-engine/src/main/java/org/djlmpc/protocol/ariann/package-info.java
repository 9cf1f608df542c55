/**
 * Semi-honest two-party protocols with function secret sharing, after AriaNN.
 *
 * <p>Nothing that another suite needs too belongs here.
 */
@NullMarked
package org.djlmpc.protocol.ariann;

import org.jspecify.annotations.NullMarked;
