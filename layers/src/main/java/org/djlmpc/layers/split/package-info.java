/**
 * Split learning after SPNN (Chen et al., arXiv:2003.05198): several holders of columns compute the
 * first layer together so that nobody sees another's features, a server runs the hidden layers in
 * clear, and the holder of the labels runs the last layer and the loss.
 */
@NullMarked
package org.djlmpc.layers.split;

import org.jspecify.annotations.NullMarked;
