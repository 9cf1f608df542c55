package org.djlmpc.layers.split;

import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;

/**
 * How every party updates the parameters that it holds from the gradient g of the batch's mean
 * loss.
 *
 * @param kind the rule
 * @param learningRate alpha
 * @param momentum mu of MOMENTUM; beta1 of ADAM
 * @param temperature of SGLD, from 0 to 1; 1 for the others
 */
public record UpdateRule(Kind kind, float learningRate, float momentum, float temperature) {
  /** The rules. */
  public enum Kind {
    /** theta -= alpha g. */
    SGD,
    /** v = mu v + g; theta -= alpha v. */
    MOMENTUM,
    /** Adam (Kingma and Ba, ICLR 2015), beta2 = 0.999, epsilon = 1e-8. */
    ADAM,
    /**
     * theta -= alpha/2 g + N(0, alpha T I): stochastic gradient Langevin dynamics (Welling and Teh,
     * ICML 2011), which SPNN uses so that the server learns less from h1. The noise comes from a
     * cryptographic generator, so runs cannot be repeated.
     *
     * <p>SPNN writes T = 1. Welling and Teh's g is that of the loss summed over all n rows, so for
     * the mean loss here their dynamics have T = 1/n; at T = 1 the noise drowns the mean gradient
     * and nothing is learned.
     */
    SGLD
  }

  /** Checks the numbers. */
  public UpdateRule {
    if (!(learningRate > 0 && learningRate < Float.POSITIVE_INFINITY)
        || !(momentum >= 0 && momentum < 1)
        || !(temperature >= 0 && temperature <= 1)) {
      throw new MpcException(
          ErrorCode.ARGUMENT,
          "A learning rate of "
              + learningRate
              + ", a momentum of "
              + momentum
              + " and a temperature of "
              + temperature
              + ".",
          "Use a positive learning rate, a momentum from 0 to below 1, a temperature from 0 to 1.");
    }
  }

  /** A rule at temperature 1. */
  public UpdateRule(Kind kind, float learningRate, float momentum) {
    this(kind, learningRate, momentum, 1);
  }

  /** A rule with numbers that often work; data decide. */
  public static UpdateRule of(Kind kind) {
    return switch (kind) {
      case SGD -> sgd(0.1f);
      case MOMENTUM -> momentum(0.05f, 0.9f);
      case ADAM -> adam(0.003f);
      case SGLD -> sgld(0.2f, 1e-4f);
    };
  }

  /** Stochastic gradient descent. */
  public static UpdateRule sgd(float learningRate) {
    return new UpdateRule(Kind.SGD, learningRate, 0);
  }

  /** Gradient descent with momentum. */
  public static UpdateRule momentum(float learningRate, float momentum) {
    return new UpdateRule(Kind.MOMENTUM, learningRate, momentum);
  }

  /** Adam with beta1 = 0.9. */
  public static UpdateRule adam(float learningRate) {
    return new UpdateRule(Kind.ADAM, learningRate, 0.9f);
  }

  /** Langevin dynamics at temperature 1. */
  public static UpdateRule sgld(float learningRate) {
    return sgld(learningRate, 1);
  }

  /**
   * Langevin dynamics.
   *
   * @param learningRate alpha
   * @param temperature T, such as 1 divided by the number of rows; more hides more and learns less
   */
  public static UpdateRule sgld(float learningRate, float temperature) {
    return new UpdateRule(Kind.SGLD, learningRate, 0, temperature);
  }

  /**
   * The temperature of Welling and Teh's dynamics, 1/n, for gradients of a mean loss.
   *
   * @param rows n, how many rows train
   */
  public static float temperature(long rows) {
    return 1f / rows;
  }
}
