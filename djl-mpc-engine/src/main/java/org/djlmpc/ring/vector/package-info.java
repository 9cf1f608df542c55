/**
 * Ring kernels on the JDK's incubating vector module.
 *
 * <p>No class elsewhere may link to this package: it is loaded by name and may be absent.
 */
@NullMarked
package org.djlmpc.ring.vector;

import org.jspecify.annotations.NullMarked;
