package org.djlmpc.examples;

import ai.djl.Model;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.EasyTrain;
import ai.djl.training.ParameterStore;
import ai.djl.training.Trainer;
import ai.djl.training.dataset.ArrayDataset;
import ai.djl.training.dataset.Batch;
import ai.djl.training.dataset.Dataset;
import ai.djl.training.loss.Loss;
import ai.djl.training.optimizer.Adam;
import ai.djl.training.tracker.Tracker;
import ai.djl.translate.TranslateException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import org.djlmpc.layers.networks.FashionMnist;
import org.djlmpc.layers.networks.Network;

/**
 * Trains LeNet on Fashion-MNIST in plaintext, with DJL's PyTorch engine, and saves its weights: the
 * ones that the demo computes with under secret sharing.
 *
 * <p>Arguments, all optional: the data folder, the folder to save in, a network for 28 x 28 images,
 * the number of epochs. The default data folder is the one of Debian's package {@code
 * dataset-fashion-mnist}; elsewhere, download the four files of Fashion-MNIST.
 */
public final class TrainLeNet {

  private static final Path DEBIAN_FOLDER = Path.of("/usr/share/datasets/fashion-mnist");
  private static final int SEED = 1;
  private static final int BATCH = 64;
  private static final float FIRST_RATE = 1e-3f;
  private static final float LAST_RATE = 1e-5f;

  private TrainLeNet() {}

  /** Runs the program; see the class. */
  public static void main(String[] args) throws IOException, TranslateException {
    Path data = args.length > 0 ? Path.of(args[0]) : DEBIAN_FOLDER;
    Path folder = Path.of(args.length > 1 ? args[1] : "target");
    Network network = Network.byName(args.length > 2 ? args[2] : "lenet");
    int epochs = args.length > 3 ? Integer.parseInt(args[3]) : 12;

    FashionMnist training = FashionMnist.training(data);
    FashionMnist test = FashionMnist.test(data);
    Engine.getEngine("PyTorch").setRandomSeed(SEED); // shuffles the batches
    String name = network.id() + "-fashion-mnist";
    try (Model model = network.newModel("PyTorch", SEED)) {
      train(model, training, test, epochs);
      model.setProperty("Epoch", Integer.toString(epochs));
      model.save(folder, name);
      System.out.println("Saved " + name + " in " + folder.toAbsolutePath().normalize());
    }
  }

  private static void train(Model model, FashionMnist training, FashionMnist test, int epochs)
      throws IOException, TranslateException {
    int steps = epochs * ((training.size() + BATCH - 1) / BATCH);
    Tracker rate =
        Tracker.cosine()
            .setBaseValue(FIRST_RATE)
            .optFinalValue(LAST_RATE)
            .setMaxUpdates(steps)
            .build();
    DefaultTrainingConfig config =
        new DefaultTrainingConfig(Loss.softmaxCrossEntropyLoss())
            .optOptimizer(Adam.builder().optLearningRateTracker(rate).build());
    try (Trainer trainer = model.newTrainer(config)) {
      Dataset batches = shuffled(model.getNDManager(), training);
      long start = System.nanoTime();
      for (int epoch = 1; epoch <= epochs; epoch++) {
        for (Batch batch : trainer.iterateDataset(batches)) {
          EasyTrain.trainBatch(trainer, batch);
          trainer.step();
          batch.close();
        }
        System.out.printf(
            Locale.ROOT,
            "epoch %d of %d, test accuracy %.2f %%, %d s%n",
            epoch,
            epochs,
            100 * accuracy(model, test),
            (System.nanoTime() - start) / 1_000_000_000);
      }
    }
  }

  private static Dataset shuffled(NDManager manager, FashionMnist images) {
    return new ArrayDataset.Builder()
        .setData(images.images(manager, 0, images.size()))
        .optLabels(manager.create(images.labels(0, images.size())))
        .setSampling(BATCH, true)
        .build();
  }

  private static double accuracy(Model model, FashionMnist images) {
    int step = 1000;
    long right = 0;
    for (int from = 0; from < images.size(); from += step) {
      int to = Math.min(from + step, images.size());
      try (NDManager manager = model.getNDManager().newSubManager()) {
        NDArray logits =
            model
                .getBlock()
                .forward(
                    new ParameterStore(manager, false),
                    new NDList(images.images(manager, from, to)),
                    false)
                .singletonOrThrow();
        NDArray labels = manager.create(images.labels(from, to)).toType(DataType.INT64, false);
        right += logits.argMax(1).eq(labels).countNonzero().getLong();
      }
    }
    return (double) right / images.size();
  }
}
