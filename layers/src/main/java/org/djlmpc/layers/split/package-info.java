/**
 * Split learning after SPNN (Chen et al., arXiv:2003.05198): several holders of columns compute the
 * first layer together so that nobody sees another's features, a server runs the hidden layers in
 * clear, and the holder of the labels runs the last layer and the loss.
 *
 * <p>{@link org.djlmpc.layers.split.SplitPlan} is what all parties agree on, {@link
 * org.djlmpc.layers.split.FirstLayer} how the sum of the holders' products reaches the server, and
 * {@link org.djlmpc.layers.split.RowSource} where rows come from. Parties exchange data through
 * channels alone, also as threads of one process.
 */
@NullMarked
package org.djlmpc.layers.split;

import org.jspecify.annotations.NullMarked;
