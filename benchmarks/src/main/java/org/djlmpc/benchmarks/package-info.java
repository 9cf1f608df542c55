/**
 * Experiments that reproduce the papers' tables, and micro-benchmarks of the engine. Nothing that
 * other modules use belongs here.
 */
@NullMarked
package org.djlmpc.benchmarks;

import org.jspecify.annotations.NullMarked;
