/**
 * Adapters from DJL's model zoo and from PyTorch models to the blocks of this project.
 *
 * <p>No training and no command line belongs here.
 */
@NullMarked
package org.djlmpc.zoo;

import org.jspecify.annotations.NullMarked;
