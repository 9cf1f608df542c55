package org.djlmpc.layers.split;

import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;

/**
 * The network as the coordinator splits it.
 *
 * <pre>
 * holders       h1 = sum of X_i theta_i                 (rows, width)
 * server        hL = hidden(activation(h1 + b1))        (rows, hidden.outputWidth())
 * label holder  z = hL W + b, loss(z, y)                (rows, outputs)
 * </pre>
 *
 * @param width of h1
 * @param activation at the server, after the bias
 * @param hidden the server's layers
 * @param outputs of the label holder's layer
 * @param loss at the label holder
 */
public record SplitNetwork(
    int width, FirstActivation activation, HiddenLayers hidden, int outputs, LabelLoss loss) {
  /** Checks the widths. */
  public SplitNetwork {
    loss.requireOutputs(outputs);
    if (width < 1) {
      throw new MpcException(
          ErrorCode.ARGUMENT, "A first layer of width " + width + ".", "Give a positive width.");
    }
  }

  /**
   * A binary classifier of fully connected layers.
   *
   * @param activation after every layer but the last
   * @param width of the first layer, at the holders
   * @param hidden widths of the server's layers, at least one
   */
  public static SplitNetwork binary(FirstActivation activation, int width, int... hidden) {
    return new SplitNetwork(
        width, activation, HiddenLayers.of(activation, hidden), 1, LabelLoss.BINARY);
  }

  @Override
  public String toString() {
    return width + " " + activation + ", " + hidden.description() + ", " + outputs + " " + loss;
  }
}
