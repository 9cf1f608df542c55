package org.djlmpc.cli;

import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.List;
import org.djlmpc.protocol.ProtocolSuite;
import org.djlmpc.session.Request;
import org.djlmpc.session.Statistics;
import org.djlmpc.transport.PartyId;

/**
 * What one party has to say about one run of a job.
 *
 * @param setup cost of sharing the weights of a network, once for all runs
 * @param total cost of the run at this party
 * @param layers cost of each layer, for networks
 * @param keyBytes bytes of keys and correlations received from assistants
 * @param outputs revealed outputs, at the data owner of an inference
 * @param errors wrong results, at the data owner of other jobs
 * @param maxAbsError largest error of a result, at the data owner
 */
record JobResult(
    Statistics setup,
    Statistics total,
    List<Layer> layers,
    long keyBytes,
    List<Output> outputs,
    long errors,
    double maxAbsError) {

  /** A party that learnt no result. */
  static JobResult ofCost(Statistics total, long keyBytes) {
    return new JobResult(Statistics.ZERO, total, List.of(), keyBytes, List.of(), 0, 0);
  }

  /** Bytes that a request has received from assistants so far. */
  static long keyBytes(Request request, ProtocolSuite suite) {
    return suite.parties().stream()
        .filter(party -> party != PartyId.P0 && party != PartyId.P1)
        .mapToLong(party -> request.channel(party).traffic().totals().offline().bytesReceived())
        .sum();
  }

  /**
   * An output.
   *
   * @param lengths its shape
   * @param values its elements in row-major order
   */
  record Output(List<Long> lengths, float[] values) {
    static Output of(Shape shape, float[] values) {
      return new Output(Arrays.stream(shape.getShape()).boxed().toList(), values);
    }

    Shape shape() {
      return new Shape(lengths.stream().mapToLong(Long::longValue).toArray());
    }

    /** How many values belong to one element of the batch, which is the first axis. */
    int valuesOfOne() {
      return lengths.size() < 2 ? values.length : Math.max(1, values.length / batch());
    }

    private int batch() {
      return (int) Math.max(1, lengths.get(0));
    }
  }

  /**
   * One layer.
   *
   * @param label place and operator
   * @param cost cost at this party, with the keys that the layer used
   */
  record Layer(String label, Statistics cost) {}
}
