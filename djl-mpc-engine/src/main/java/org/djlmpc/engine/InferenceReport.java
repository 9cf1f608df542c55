package org.djlmpc.engine;

import org.djlmpc.graph.PrivateInference;

/**
 * What one private inference cost, as both share holders measured it.
 *
 * @param p0 at P0
 * @param p1 at P1
 */
public record InferenceReport(PrivateInference.Result p0, PrivateInference.Result p1) {}
