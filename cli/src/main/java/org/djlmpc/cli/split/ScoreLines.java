package org.djlmpc.cli.split;

import java.util.ArrayList;
import java.util.List;
import org.djlmpc.layers.split.LabelLoss;
import org.djlmpc.layers.split.SplitNetwork;
import org.djlmpc.layers.split.data.LabelColumn;
import org.jspecify.annotations.Nullable;

/**
 * Predictions as records of CSV: the probability of the positive class, the most probable class
 * with the probabilities of all, or a number.
 */
final class ScoreLines {
  private final LabelLoss loss;
  private final List<String> classes = new ArrayList<>();

  /** Classes without name, where the label holder's labels are not known, have numbers. */
  ScoreLines(SplitNetwork network, @Nullable LabelColumn label) {
    loss = network.loss();
    for (int i = 0; i < network.outputs(); i++) {
      classes.add(label == null || loss != LabelLoss.SOFTMAX ? "" + i : label.classes().get(i));
    }
  }

  /** Names of the columns. */
  List<String> header() {
    return switch (loss) {
      case BINARY -> List.of("probability");
      case SQUARED -> List.of("prediction");
      case SOFTMAX -> {
        List<String> names = new ArrayList<>(List.of("class"));
        classes.forEach(name -> names.add("probability of " + name));
        yield names;
      }
    };
  }

  /** One for each row. */
  List<List<String>> records(float[] scores) {
    List<List<String>> records = new ArrayList<>();
    for (int at = 0; at < scores.length; at += classes.size()) {
      List<String> fields = new ArrayList<>();
      if (loss == LabelLoss.SOFTMAX) {
        fields.add(classes.get(LabelLoss.mostProbable(scores, at, classes.size())));
      }
      for (int k = 0; k < classes.size(); k++) {
        fields.add(Float.toString(scores[at + k]));
      }
      records.add(fields);
    }
    return records;
  }
}
