package org.djlmpc.benchmarks.split;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.djlmpc.layers.split.compare.Method;
import org.djlmpc.layers.split.data.DataSet;

/** A figure or table of SPNN's section 6, with the trainings that it needs. */
enum SplitSubset {
  /** Accuracy on real data by all methods; five seeds. */
  AUC,
  /** Time of an epoch at 100 Mbit/s: its Table 3; five seeds. */
  SPEED,
  /** Time over bandwidth: its Figure 8. */
  BANDWIDTH,
  /** Time over the size of batches: its Figure 9a. */
  BATCH,
  /** Time over the number of rows: its Figures 9b and 9c. */
  ROWS,
  /** Accuracy over the number of holders: its Figure 5; five seeds. */
  HOLDERS,
  /** Losses of training and test rows over epochs: its Figures 6 and 7; five seeds. */
  CURVES;

  static final int SEEDS = 5;
  static final double LAN_MBPS = 100;

  private static final List<DataSet> REAL = List.of(DataSet.LENDING_CLUB, DataSet.CREDIT_DATA);
  private static final List<String> FIRST_LAYERS = List.of("ss", "ss-paper", "he");
  private static final String HE = "he";
  private static final int CURVE_EPOCHS = 20;

  /** Bandwidths, and as many rows as one can wait for: at least two batches. */
  private static final double[][] BANDWIDTHS = {
    {0.1, 10_000}, {1, 25_000}, {10, 50_000}, {100, 50_000}, {1_000, 50_000}
  };

  /** The trainings of methods that there are. */
  List<SplitCell> cells() {
    return possible(all());
  }

  /** Short trainings by all methods, to be forgotten. */
  static List<SplitCell> warmUp() {
    List<SplitCell> cells = new ArrayList<>();
    for (Method method : Method.values()) {
      int rows = method.id().equals(HE) ? 500 : 30_000;
      cells.add(
          SplitCell.of(DataSet.SYNTHETIC_FRAUD, method.id())
              .withRows(rows)
              .withBatch(500)
              .withEpochs(1));
    }
    return cells;
  }

  private static List<SplitCell> possible(List<SplitCell> cells) {
    List<String> methods = Arrays.stream(Method.values()).map(Method::id).toList();
    return cells.stream().filter(cell -> methods.contains(cell.method())).toList();
  }

  private List<SplitCell> all() {
    return switch (this) {
      case AUC -> auc();
      case SPEED -> speed();
      case BANDWIDTH -> bandwidth();
      case BATCH -> batch();
      case ROWS -> rows();
      case HOLDERS -> holders();
      case CURVES -> curves();
    };
  }

  private static List<SplitCell> auc() {
    List<SplitCell> cells = new ArrayList<>();
    for (DataSet data : REAL) {
      for (String method : List.of("plain", "splitnn", "ss", "ss-paper", HE)) {
        for (int seed = 1; seed <= SEEDS; seed++) {
          cells.add(SplitCell.of(data, method).withSeed(seed));
        }
      }
    }
    return cells;
  }

  private static List<SplitCell> speed() {
    List<SplitCell> cells = new ArrayList<>();
    for (DataSet data : List.of(DataSet.SYNTHETIC_FRAUD, DataSet.SYNTHETIC_DISTRESS)) {
      for (String method : List.of("plain", "splitnn", "ss", "ss-paper", HE)) {
        for (int seed = 1; seed <= SEEDS; seed++) {
          cells.add(
              SplitCell.of(data, method)
                  .withBatch(5_000)
                  .withMbps(method.equals("plain") ? 0 : LAN_MBPS)
                  .withEpochs(method.equals(HE) ? 1 : 3)
                  .withSeed(seed));
        }
      }
    }
    return cells;
  }

  private static List<SplitCell> bandwidth() {
    List<SplitCell> cells = new ArrayList<>();
    for (String method : FIRST_LAYERS) {
      for (double[] link : BANDWIDTHS) {
        cells.add(
            SplitCell.of(DataSet.SYNTHETIC_FRAUD, method)
                .withRows((int) link[1])
                .withMbps(link[0])
                .withEpochs(1));
      }
    }
    return cells;
  }

  private static List<SplitCell> batch() {
    List<SplitCell> cells = new ArrayList<>();
    for (String method : FIRST_LAYERS) {
      for (int size : new int[] {500, 1_000, 2_500, 5_000, 10_000}) {
        cells.add(
            SplitCell.of(DataSet.SYNTHETIC_FRAUD, method)
                .withRows(method.equals(HE) ? 10_000 : 50_000)
                .withBatch(size)
                .withMbps(LAN_MBPS)
                .withEpochs(method.equals(HE) ? 1 : 3));
      }
    }
    return cells;
  }

  private static List<SplitCell> rows() {
    List<SplitCell> cells = new ArrayList<>();
    for (String method : FIRST_LAYERS) {
      for (int tenths : new int[] {2, 4, 6, 8, 10}) {
        int most = method.equals(HE) ? 50_000 : DataSet.SYNTHETIC_FRAUD.rows();
        cells.add(
            SplitCell.of(DataSet.SYNTHETIC_FRAUD, method)
                .withRows((int) ((long) most * tenths / 10))
                .withMbps(LAN_MBPS)
                .withEpochs(method.equals(HE) ? 1 : 3));
      }
    }
    return cells;
  }

  private static List<SplitCell> holders() {
    List<SplitCell> cells = new ArrayList<>();
    for (DataSet data : REAL) {
      for (String method : List.of("splitnn", "ss", HE)) {
        for (int holders = 2; holders <= 5; holders++) {
          for (int seed = 1; seed <= SEEDS; seed++) {
            cells.add(SplitCell.of(data, method).withHolders(holders).withSeed(seed));
          }
        }
      }
    }
    return cells;
  }

  private static List<SplitCell> curves() {
    List<SplitCell> cells = new ArrayList<>();
    for (DataSet data : REAL) {
      for (String method : List.of("plain", "splitnn", "ss")) {
        for (int seed = 1; seed <= SEEDS; seed++) {
          cells.add(SplitCell.of(data, method).withEpochs(CURVE_EPOCHS).withCurve().withSeed(seed));
        }
      }
    }
    return cells;
  }
}
