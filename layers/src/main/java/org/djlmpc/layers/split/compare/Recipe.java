package org.djlmpc.layers.split.compare;

import org.djlmpc.layers.split.FirstActivation;
import org.djlmpc.layers.split.SplitNetwork;
import org.djlmpc.layers.split.Training;
import org.djlmpc.layers.split.UpdateRule;
import org.djlmpc.layers.split.data.DataSet;

/**
 * A network and its training.
 *
 * @param network for two or more holders
 * @param training how
 */
record Recipe(SplitNetwork network, Training training) {

  /** What was found to suit a data set; for those made up, SPNN's networks. */
  static Recipe of(DataSet data) {
    return switch (data) {
      case LENDING_CLUB ->
          new Recipe(
              SplitNetwork.binary(FirstActivation.SIGMOID, 8, 8),
              Training.of(6, 128, UpdateRule.adam(0.01f)));
      case CREDIT_DATA ->
          new Recipe(
              SplitNetwork.binary(FirstActivation.SIGMOID, 8, 8),
              Training.of(20, 64, UpdateRule.adam(0.01f)));
      case SYNTHETIC_FRAUD ->
          new Recipe(
              SplitNetwork.binary(FirstActivation.SIGMOID, 8, 8),
              Training.of(5, 5_000, UpdateRule.adam(0.05f)));
      case SYNTHETIC_DISTRESS ->
          new Recipe(
              SplitNetwork.binary(FirstActivation.RELU, 400, 16, 8),
              Training.of(5, 256, UpdateRule.adam(0.002f)));
    };
  }
}
