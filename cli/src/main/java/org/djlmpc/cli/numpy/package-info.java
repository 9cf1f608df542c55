/** Arrays in NumPy's file formats, which may come from anybody. Knows no model and no protocol. */
@NullMarked
package org.djlmpc.cli.numpy;

import org.jspecify.annotations.NullMarked;
