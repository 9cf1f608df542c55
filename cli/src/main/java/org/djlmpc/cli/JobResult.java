package org.djlmpc.cli;

import java.util.List;
import org.djlmpc.session.Statistics;

/**
 * What one party has to say about one run of a job.
 *
 * @param total cost at this party
 * @param layers cost of each layer, for networks
 * @param keyBytes bytes of keys and correlations received
 * @param outputs revealed outputs, at the data owner of an inference
 * @param errors wrong results, at the data owner of other jobs
 * @param maxAbsError largest error of a result, at the data owner
 */
record JobResult(
    Statistics total,
    List<Layer> layers,
    long keyBytes,
    float[] outputs,
    long errors,
    double maxAbsError) {

  /**
   * One layer.
   *
   * @param label place and operator
   * @param cost cost at this party
   */
  record Layer(String label, Statistics cost) {}
}
