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
 */
public record UpdateRule(Kind kind, float learningRate, float momentum) {
  /** The rules. */
  public enum Kind {
    /** theta -= alpha g. */
    SGD,
    /** v = mu v + g; theta -= alpha v. */
    MOMENTUM,
    /** Adam (Kingma and Ba, ICLR 2015), beta2 = 0.999, epsilon = 1e-8. */
    ADAM,
    /**
     * theta -= alpha/2 g + N(0, alpha I): stochastic gradient Langevin dynamics (Welling and Teh,
     * ICML 2011), which SPNN uses so that the server learns less from h1. The noise comes from a
     * cryptographic generator, so runs cannot be repeated.
     */
    SGLD
  }

  /** Checks the numbers. */
  public UpdateRule {
    if (!(learningRate > 0 && learningRate < Float.POSITIVE_INFINITY)
        || !(momentum >= 0 && momentum < 1)) {
      throw new MpcException(
          ErrorCode.ARGUMENT,
          "A learning rate of " + learningRate + " and a momentum of " + momentum + ".",
          "Use a positive learning rate, and a momentum from 0 to below 1.");
    }
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

  /** Langevin dynamics. */
  public static UpdateRule sgld(float learningRate) {
    return new UpdateRule(Kind.SGLD, learningRate, 0);
  }
}
