/** The parties of split learning as processes: their configuration, data and commands. */
@NullMarked
package org.djlmpc.cli.split;

import org.jspecify.annotations.NullMarked;
