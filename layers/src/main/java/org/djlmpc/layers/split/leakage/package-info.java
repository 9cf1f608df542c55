/**
 * How much split learning gives away, measured before it runs on real data: a training with
 * somebody's own rows, in which all parties are threads, is watched at the server and at the
 * holders, and attacked.
 *
 * <p>Measures what published attacks achieve on the data at hand. That an attack fails here proves
 * nothing about other attacks.
 */
@NullMarked
package org.djlmpc.layers.split.leakage;

import org.jspecify.annotations.NullMarked;
