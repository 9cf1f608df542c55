package org.djlmpc.layers.split;

import ai.djl.nn.Block;
import ai.djl.nn.LambdaBlock;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;

/**
 * The part of the network that the server runs, from the activated h1 of shape (rows, width) to hL
 * of shape (rows, outputWidth).
 *
 * @param description what all parties compare in the handshake; two different blocks have two
 *     different descriptions
 * @param outputWidth width of hL, which the label holder's layer takes
 * @param block makes the block; called at the server only, once
 */
public record HiddenLayers(String description, int outputWidth, Supplier<Block> block) {
  /** As much as a handshake compares. */
  private static final int MAX_DESCRIPTION = 100;

  /** Checks the width. */
  public HiddenLayers {
    if (outputWidth < 1 || description.isBlank() || description.length() > MAX_DESCRIPTION) {
      throw new MpcException(
          ErrorCode.ARGUMENT,
          "Hidden layers \"" + description + "\" of " + outputWidth + " outputs.",
          "Give a description of at most " + MAX_DESCRIPTION + " characters and a positive width.");
    }
  }

  /**
   * Fully connected layers, each followed by the activation.
   *
   * @param activation after each layer
   * @param widths of each layer's output, at least one
   */
  public static HiddenLayers of(FirstActivation activation, int... widths) {
    List<Integer> list = Arrays.stream(widths).boxed().toList();
    if (list.isEmpty() || list.stream().anyMatch(width -> width < 1)) {
      throw new MpcException(
          ErrorCode.ARGUMENT,
          "Hidden layers of widths " + list + ".",
          "Give at least one width, all positive.");
    }
    return new HiddenLayers(
        activation + " " + list,
        list.get(list.size() - 1),
        () -> {
          SequentialBlock block = new SequentialBlock();
          for (int width : list) {
            block.add(Linear.builder().setUnits(width).build());
            block.add(LambdaBlock.singleton(activation::apply));
          }
          return block;
        });
  }

  /** The identity: the label holder's layer follows the first one at once. */
  public static HiddenLayers none(int width) {
    return new HiddenLayers("none", width, SequentialBlock::new);
  }
}
