package org.djlmpc.layers.split.compare;

import org.djlmpc.layers.split.RowOrder;
import org.djlmpc.layers.split.SplitNetwork;
import org.djlmpc.layers.split.Training;
import org.djlmpc.layers.split.data.DataSet;
import org.djlmpc.transport.LinkShape;

/**
 * One training on one data set, the same for all methods.
 *
 * @param data the rows
 * @param rows how many of them
 * @param testShare the part of the rows to measure on, which do not train
 * @param holders among whom the columns are divided
 * @param network the same for all
 * @param training epochs, batch, update rule
 * @param seed of the division of rows, of the weights, and of the order of rows
 * @param link between any two parties
 * @param validated whether the test rows are evaluated after each epoch too, for curves, and with
 *     {@link Training#patience} to choose the epoch; their bytes then count
 */
public record Experiment(
    DataSet data,
    int rows,
    double testShare,
    int holders,
    SplitNetwork network,
    Training training,
    long seed,
    LinkShape link,
    boolean validated) {

  /** The network and the training that suit a data set, two holders, links as they are. */
  public static Experiment of(DataSet data) {
    Recipe recipe = Recipe.of(data);
    return new Experiment(
        data,
        data.rows(),
        TEST_SHARE,
        2,
        recipe.network(),
        recipe.training(),
        1,
        LinkShape.NONE,
        false);
  }

  private static final double TEST_SHARE = 0.25;

  /** The same with other rows. */
  public Experiment withRows(int number) {
    return new Experiment(
        data, number, testShare, holders, network, training, seed, link, validated);
  }

  /** The same among other holders. */
  public Experiment withHolders(int number) {
    return new Experiment(data, rows, testShare, number, network, training, seed, link, validated);
  }

  /** The same with other training. */
  public Experiment withTraining(Training other) {
    return new Experiment(data, rows, testShare, holders, network, other, seed, link, validated);
  }

  /** The same with another seed. */
  public Experiment withSeed(long other) {
    return new Experiment(
        data, rows, testShare, holders, network, training, other, link, validated);
  }

  /** The same over other links. */
  public Experiment withLink(LinkShape other) {
    return new Experiment(
        data, rows, testShare, holders, network, training, seed, other, validated);
  }

  /** The same with metrics after each epoch, or without. */
  public Experiment withCurves(boolean wanted) {
    return new Experiment(data, rows, testShare, holders, network, training, seed, link, wanted);
  }

  /** About how many rows train: classes are divided each on its own. */
  public long trainingRows() {
    return Math.round(rows * (1 - testShare));
  }

  /** How many batches an epoch has. */
  public int batches(long trainingRows) {
    return RowOrder.batches(trainingRows, training.batch());
  }
}
