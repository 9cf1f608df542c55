/** Programs that show the engine at work. Nothing that other modules use belongs here. */
@NullMarked
package org.djlmpc.examples;

import org.jspecify.annotations.NullMarked;
