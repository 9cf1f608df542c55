/**
 * DJL's engine, manager and array interfaces over secret-shared values.
 *
 * <p>No cryptography belongs here.
 */
@NullMarked
package org.djlmpc.engine;

import org.jspecify.annotations.NullMarked;
