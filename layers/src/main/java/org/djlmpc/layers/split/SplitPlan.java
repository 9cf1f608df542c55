package org.djlmpc.layers.split;

import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;
import org.djlmpc.preprocessing.KeyWindow;
import org.djlmpc.ring.Ring;
import org.djlmpc.session.SessionConfig;

/**
 * Everything that all parties agree on before they start, and compare in the handshake. Public.
 *
 * @param roles how many holders, and which has the labels
 * @param network the split network
 * @param firstLayer how the sum of the holders' products reaches the server
 * @param fractionBits f: h1 is rounded to 2^-f by each holder before anything leaves it. Fewer bits
 *     tell the server less.
 * @param training how to train
 * @param defence what the label holder does to gradients before they leave
 * @param timeout how long to wait for a peer
 */
public record SplitPlan(
    Roles roles,
    SplitNetwork network,
    FirstLayer firstLayer,
    int fractionBits,
    Training training,
    GradientDefence defence,
    Duration timeout) {
  private static final int DEFAULT_FRACTION_BITS = 16;
  private static final int MAX_FRACTION_BITS = 30;

  /** Checks the number of fraction bits. */
  public SplitPlan {
    if (fractionBits < 0 || fractionBits > MAX_FRACTION_BITS) {
      throw new MpcException(
          ErrorCode.ARGUMENT,
          fractionBits + " fraction bits.",
          "Use 0 to " + MAX_FRACTION_BITS + " fraction bits.");
    }
    firstLayer.check(roles, fractionBits);
  }

  /**
   * A plan with masked sums, 16 fraction bits, no defence, and a minute's timeout. The first holder
   * has the labels.
   */
  public static SplitPlan of(SplitNetwork network, int holders, Training training) {
    return new SplitPlan(
        new Roles(holders, 0),
        network,
        new MaskedSum(),
        DEFAULT_FRACTION_BITS,
        training,
        GradientDefence.NONE,
        Duration.ofMinutes(1));
  }

  /** The same with another holder of the labels, from 0. */
  public SplitPlan withLabelHolder(int holder) {
    return new SplitPlan(
        new Roles(roles.holders(), holder),
        network,
        firstLayer,
        fractionBits,
        training,
        defence,
        timeout);
  }

  /** The same with another first layer. */
  public SplitPlan withFirstLayer(FirstLayer other) {
    return new SplitPlan(roles, network, other, fractionBits, training, defence, timeout);
  }

  /** The same with another precision of h1. */
  public SplitPlan withFractionBits(int bits) {
    return new SplitPlan(roles, network, firstLayer, bits, training, defence, timeout);
  }

  /** The same with other training. */
  public SplitPlan withTraining(Training other) {
    return new SplitPlan(roles, network, firstLayer, fractionBits, other, defence, timeout);
  }

  /** The same with another defence. */
  public SplitPlan withDefence(GradientDefence other) {
    return new SplitPlan(roles, network, firstLayer, fractionBits, training, other, timeout);
  }

  /** The same with another timeout. */
  public SplitPlan withTimeout(Duration other) {
    return new SplitPlan(roles, network, firstLayer, fractionBits, training, defence, other);
  }

  /** What the handshake compares. */
  SessionConfig session() {
    Map<String, String> options = new TreeMap<>(identity());
    options.put("fraction bits", Integer.toString(fractionBits));
    options.put("label holder", Integer.toString(roles.labelHolder()));
    options.put("epochs", Integer.toString(training.epochs()));
    options.put("batch", Integer.toString(training.batch()));
    options.put("learning rate", Float.toString(training.rule().learningRate()));
    options.put("momentum", Float.toString(training.rule().momentum()));
    options.put("temperature", Float.toString(training.rule().temperature()));
    options.put("shuffle window", Integer.toString(training.shuffleWindow()));
    options.put("patience", Integer.toString(training.patience()));
    options.put("defence", defence.toString());
    firstLayer.options().forEach((name, value) -> options.put("first layer " + name, value));
    return new SessionConfig(
        "split/" + firstLayer.name(),
        options,
        roles.parties(),
        Ring.Z64,
        fractionBits,
        KeyWindow.of(0),
        timeout);
  }

  /** What a checkpoint must agree with to be continued. */
  Map<String, String> identity() {
    return Map.of(
        "width", Integer.toString(network.width()),
        "activation", network.activation().toString(),
        "hidden", network.hidden().description(),
        "outputs", Integer.toString(network.outputs()),
        "loss", network.loss().toString(),
        "holders", Integer.toString(roles.holders()),
        "rule", training.rule().kind().toString());
  }
}
