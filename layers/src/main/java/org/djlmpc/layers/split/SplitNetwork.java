package org.djlmpc.layers.split;

import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import java.util.List;
import java.util.function.Supplier;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;

/**
 * A network, split: Figure 4 of SPNN.
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

  /**
   * Splits a whole network, written as for one party: its first layer goes to the holders, its last
   * one to the label holder, and what is between to the server.
   *
   * @param name what all parties compare in the handshake: give each architecture a name of its own
   * @param network makes the network; a first and a last {@link Linear}, both with bias, and
   *     anything between that maps (rows, a) to (rows, b). Weights are drawn anew.
   * @param loss at the label holder
   * @throws MpcException UNSUPPORTED_OPERATOR if the first or the last layer is another one
   */
  public static SplitNetwork of(String name, Supplier<SequentialBlock> network, LabelLoss loss) {
    List<Block> layers = network.get().getChildren().values();
    requireLinear(name, layers, 0);
    requireLinear(name, layers, layers.size() - 1);
    Shape h1 = outputs(layers.get(0), new Shape(1, 1));
    Shape hL = outputs(between(layers), h1);
    Shape z = outputs(layers.get(layers.size() - 1), hL);
    return new SplitNetwork(
        Math.toIntExact(h1.get(1)),
        FirstActivation.IDENTITY,
        new HiddenLayers(
            name, Math.toIntExact(hL.get(1)), () -> between(network.get().getChildren().values())),
        Math.toIntExact(z.get(1)),
        loss);
  }

  private static void requireLinear(String name, List<Block> layers, int place) {
    boolean fits =
        layers.size() > 1
            && layers.get(place) instanceof Linear linear
            && linear.getDirectParameters().keys().contains("bias");
    if (!fits) {
      String found = layers.isEmpty() ? "missing" : layers.get(place).getClass().getSimpleName();
      throw new MpcException(
          ErrorCode.UNSUPPORTED_OPERATOR,
          "The "
              + (place == 0 ? "first" : "last")
              + " layer of the network \""
              + name
              + "\" is "
              + found
              + ", not a Linear with bias of its own.",
          "Begin and end the network with ai.djl.nn.core.Linear; layers of other kinds go between.");
    }
  }

  private static Block between(List<Block> layers) {
    SequentialBlock block = new SequentialBlock();
    layers.subList(1, layers.size() - 1).forEach(block::add);
    return block;
  }

  private static Shape outputs(Block block, Shape input) {
    if (block instanceof SequentialBlock empty && empty.getChildren().isEmpty()) {
      return input;
    }
    return block.getOutputShapes(new Shape[] {input})[0];
  }

  @Override
  public String toString() {
    return width + " " + activation + ", " + hidden.description() + ", " + outputs + " " + loss;
  }
}
