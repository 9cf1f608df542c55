package org.djlmpc.cli;

import ai.djl.ndarray.types.Shape;
import org.djlmpc.cli.MachineRates.Pair;
import org.djlmpc.protocol.Cost;

/**
 * A row of a plan.
 *
 * @param label place and operator
 * @param operator the operator
 * @param output shape of its result
 * @param cost what it will cost, exactly
 * @param error largest error of an element by fixed-point arithmetic; infinite where unknown
 * @param expected {@link org.djlmpc.graph.ExpectedError} of an element on made-up inputs
 * @param seconds how long it will take, about
 */
record PredictedLayer(
    String label,
    String operator,
    Shape output,
    Cost cost,
    double error,
    double expected,
    Pair seconds) {}
