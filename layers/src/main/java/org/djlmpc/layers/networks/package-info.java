/**
 * The networks that the papers on private inference measure, as DJL Blocks, one of them with
 * trained weights, and the data set that it was trained on.
 *
 * <p>Every Block here runs on any DJL engine. No protocol belongs here.
 */
@NullMarked
package org.djlmpc.layers.networks;

import org.jspecify.annotations.NullMarked;
