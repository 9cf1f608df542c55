package org.djlmpc.cli;

import org.djlmpc.cli.MachineRates.Pair;
import org.djlmpc.graph.Graph;
import org.djlmpc.graph.Node;
import org.djlmpc.graph.WeightMode;
import org.djlmpc.protocol.Cost;

/**
 * Predicts seconds from costs: what was counted, times what this machine takes for one. For a JVM
 * that has compiled its code, as after {@code bench --warmup}.
 *
 * <p>The parties share this machine, so their work adds up: a product with shared weights is
 * computed three times offline (A B by the dealer, A_j F by each party) and twice online; with
 * weights at their owner twice and once. The network adds half a round trip for each round, and the
 * time that bytes occupy the link.
 *
 * @param rates of this machine
 * @param products of this machine and the model
 * @param rttSeconds round trip between parties
 * @param bytesPerSecond of each link in each direction
 */
record TimeModel(
    MachineRates rates, ProductTimes products, double rttSeconds, double bytesPerSecond) {

  /** Messages of a request that wait for each other before the inputs are shared. */
  private static final double OFFLINE_ROUND_TRIPS = 1.5;

  static TimeModel measure(JobSpec spec, Graph graph) {
    return new TimeModel(
        MachineRates.measure(spec),
        ProductTimes.measure(graph, spec.ring()),
        spec.rttMs() / 1e3,
        spec.bandwidthMbps() == 0 ? Double.POSITIVE_INFINITY : spec.bandwidthMbps() * 1e6 / 8);
  }

  /** Seconds for one operator. */
  Pair layer(Graph graph, Node node, Cost cost, WeightMode mode) {
    double keys = (double) cost.keyBytesP0() + cost.keyBytesP1();
    double sent = (double) Math.max(cost.onlineBytesP0(), cost.onlineBytesP1());
    double product = products.seconds(graph, node, cost.multiplyAdds());
    Pair seconds =
        new Pair(product, product)
            .times(mode == WeightMode.SHARED ? 3 : 2, mode == WeightMode.SHARED ? 2 : 1);
    if (cost.multiplyAdds() > 0) {
      seconds = seconds.plus(rates.traffic().times(sent));
    }
    if (cost.comparisons() > 0) {
      boolean maximum = !node.op().name().equals("relu");
      seconds = seconds.plus((maximum ? rates.maximum() : rates.relu()).times(keys));
    }
    return seconds.plus(rates.round().times(cost.rounds())).plus(network(cost));
  }

  /** Seconds for what is not in any layer: the beginning, and the outputs. */
  Pair around(Cost cost) {
    return rates
        .round()
        .times(cost.rounds())
        .plus(network(cost))
        .plus(new Pair(OFFLINE_ROUND_TRIPS * rttSeconds, 0));
  }

  private Pair network(Cost cost) {
    return new Pair(
        Math.max(cost.keyBytesP0(), cost.keyBytesP1()) / bytesPerSecond,
        cost.rounds() * rttSeconds / 2
            + Math.max(cost.onlineBytesP0(), cost.onlineBytesP1()) / bytesPerSecond);
  }
}
