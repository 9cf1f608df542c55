package org.djlmpc.cli;

import java.util.List;
import java.util.Locale;
import org.djlmpc.layers.split.FirstActivation;
import org.djlmpc.layers.split.SplitNetwork;
import org.djlmpc.layers.split.SplitPlan;
import org.djlmpc.layers.split.Training;
import org.djlmpc.layers.split.UpdateRule;
import org.djlmpc.layers.split.leakage.LeakageStudy;
import org.djlmpc.layers.split.leakage.Strengths;
import org.djlmpc.layers.split.leakage.Variant;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The network whose leakage is measured, its training, and the defences. */
final class LeakageOptions {
  @Option(
      names = "--defences",
      split = ",",
      defaultValue = "none,sgld,noise,norms,bits",
      description =
          "sgld: Langevin dynamics; noise: on gradients of the label holder; norms: these made"
              + " equally long; bits: h1 rounded; some at once: sgld+bits. splitnn is no defence but"
              + " the baseline, whose server sees each holder's part of h1. Default:"
              + " ${DEFAULT-VALUE}.")
  private List<String> defences = List.of();

  @Option(
      names = "--noise",
      defaultValue = "1",
      description = "Of noise: its length over that of the longest gradient. Default: 1.")
  private float noise = 1;

  @Option(
      names = "--bits",
      defaultValue = "2",
      description = "Of bits: how many after the binary point of h1 are left. Default: 2.")
  private int bits = 2;

  @Option(
      names = "--width",
      defaultValue = "16",
      description = "Of the first layer. Default: ${DEFAULT-VALUE}.")
  private int width = 16;

  @Option(
      names = "--hidden",
      defaultValue = "8",
      split = ",",
      description = "Widths of the server's layers. Default: ${DEFAULT-VALUE}.")
  private int[] hidden = {8};

  @Option(
      names = "--activation",
      defaultValue = "sigmoid",
      description = "identity, sigmoid, tanh or relu. Default: ${DEFAULT-VALUE}.")
  private FirstActivation activation = FirstActivation.SIGMOID;

  @Option(names = "--epochs", defaultValue = "20", description = "Default: ${DEFAULT-VALUE}.")
  private int epochs = 20;

  @Option(names = "--batch", defaultValue = "64", description = "Default: ${DEFAULT-VALUE}.")
  private int batch = 64;

  @Option(
      names = "--learning-rate",
      defaultValue = "0.5",
      description = "Of gradient descent. Default: ${DEFAULT-VALUE}.")
  private float learningRate = 0.5f;

  @Option(
      names = "--langevin-rate",
      description = "Learning rate of sgld. Default: twice the other one, as it is halved.")
  private @Nullable Float langevinRate;

  @Option(
      names = "--temperature",
      description =
          "Of sgld, from 0 to 1; more hides more. Default: 1 divided by the number of rows that"
              + " train.")
  private @Nullable Float temperature;

  /** What is measured, in order. */
  List<Variant> variants() {
    return defences.stream().map(Variant::byName).distinct().toList();
  }

  /** Network and training without defence. */
  SplitPlan plan(int holders) {
    return SplitPlan.of(
        SplitNetwork.binary(activation, width, hidden),
        holders,
        Training.of(epochs, batch, UpdateRule.sgd(learningRate)));
  }

  /** How strong the defences are. */
  Strengths strengths(LeakageStudy study) {
    UpdateRule langevin =
        UpdateRule.sgld(
            langevinRate == null ? 2 * learningRate : langevinRate,
            temperature == null ? UpdateRule.temperature(study.trainingRows()) : temperature);
    return new Strengths(langevin, noise, bits);
  }

  /** The strengths in words. */
  static String describe(Strengths strengths) {
    return String.format(
        Locale.ROOT,
        "sgld: learning rate %s, temperature %.3g; noise: %s times the longest gradient; bits: %d",
        strengths.langevin().learningRate(),
        strengths.langevin().temperature(),
        strengths.noise(),
        strengths.fractionBits());
  }
}
