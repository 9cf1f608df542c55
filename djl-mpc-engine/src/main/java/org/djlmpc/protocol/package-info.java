/**
 * Protocol suites: the secure operators on shares and the interface that they all meet.
 *
 * <p>Nothing here may know of DJL's types.
 */
@NullMarked
package org.djlmpc.protocol;

import org.jspecify.annotations.NullMarked;
