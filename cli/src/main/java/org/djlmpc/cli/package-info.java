/** The djl-mpc command and its subcommands. Nothing that a library user needs belongs here. */
@NullMarked
package org.djlmpc.cli;

import org.jspecify.annotations.NullMarked;
