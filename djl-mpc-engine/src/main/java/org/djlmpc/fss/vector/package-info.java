/**
 * The passes over function secret sharing trees on the JDK's incubating vector module.
 *
 * <p>No class elsewhere may link to this package: it is loaded by name and may be absent.
 */
@NullMarked
package org.djlmpc.fss.vector;

import org.jspecify.annotations.NullMarked;
