package org.djlmpc.zoo.torchscript.operators;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import org.djlmpc.graph.Layout;
import org.djlmpc.zoo.Partial;
import org.djlmpc.zoo.PartialOperators;
import org.djlmpc.zoo.torchscript.run.Arguments;
import org.djlmpc.zoo.torchscript.run.Operation;
import org.djlmpc.zoo.torchscript.run.TensorValue;
import org.djlmpc.zoo.torchscript.run.Value;

/** Wraps what operators compute into values. */
final class Results {
  private Results() {}

  /** A tensor with memory of its own. */
  static Value tensor(Partial content) {
    return TensorValue.of(content);
  }

  /** Views of the first argument. */
  static Value views(Arguments a, List<Layout> layouts) {
    TensorValue cell = a.cell(0);
    List<Value> items = new ArrayList<>();
    for (Layout layout : layouts) {
      items.add(cell.view(a.operators(), layout));
    }
    a.charge(items.size());
    return new Value.ListValue(items);
  }

  /** An operator that returns its first argument. */
  static Value same(Arguments a) {
    a.tensor(0, "self");
    return a.cell(0);
  }

  /** An operator of one tensor. */
  static Operation function(BiFunction<PartialOperators, Partial, Partial> function) {
    return a -> tensor(function.apply(a.operators(), a.tensor(0, "self")));
  }

  /** An axis counted from the front. */
  static int axis(Arguments a, long axis, int rank) {
    long positive = axis < 0 ? axis + rank : axis;
    if (positive < 0 || positive >= Math.max(rank, 1)) {
      throw a.wrong(1, "axis " + axis + " of a tensor with " + rank + " axes");
    }
    return (int) positive;
  }
}
