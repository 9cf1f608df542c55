package org.djlmpc.zoo.torchscript.operators;

import ai.djl.ndarray.types.Shape;
import java.util.Map;
import java.util.function.LongBinaryOperator;
import org.djlmpc.graph.Layout;
import org.djlmpc.graph.PublicTensor;
import org.djlmpc.zoo.Partial;
import org.djlmpc.zoo.torchscript.run.Arguments;
import org.djlmpc.zoo.torchscript.run.Operation;
import org.djlmpc.zoo.torchscript.run.UnsupportedCall;
import org.djlmpc.zoo.torchscript.run.Value;

/** Padding: by a constant, or by elements of the tensor itself. */
final class Paddings {
  private Paddings() {}

  static void addTo(Map<String, Operation> operations) {
    operations.put("constant_pad_nd", a -> constant(a, a.real(2, "value", 0)));
    operations.put("pad", Paddings::pad);
    for (int d = 1; d <= 3; d++) {
      operations.put("reflection_pad" + d + "d", a -> copied(a, Paddings::reflected));
      operations.put("replication_pad" + d + "d", a -> copied(a, Paddings::clamped));
    }
  }

  private static Value pad(Arguments a) {
    return switch (a.text(2, "mode", "constant")) {
      case "constant" -> constant(a, a.real(3, "value", 0));
      case "reflect" -> copied(a, Paddings::reflected);
      case "replicate" -> copied(a, Paddings::clamped);
      case "circular" -> copied(a, Math::floorMod);
      default ->
          throw new UnsupportedCall(
              a.operator() + " in mode " + a.text(2, "mode", ""), "nearest: mode constant");
    };
  }

  /** Two numbers for each axis, the last axis first; negative ones cut. */
  private static Value constant(Arguments a, double value) {
    Partial x = a.tensor(0, "self");
    int rank = x.shape().dimension();
    long[] pads = pads(a, rank);
    long[] before = new long[rank];
    long[] after = new long[rank];
    for (int i = 0; i < pads.length / 2; i++) {
      int axis = rank - 1 - i;
      long length = x.shape().get(axis);
      long begin = Math.max(0, -pads[2 * i]);
      long end = length - Math.max(0, -pads[2 * i + 1]);
      if (begin > 0 || end < length) {
        x = a.operators().layout(Layout.slice(x.shape(), axis, begin, end), x);
      }
      before[axis] = Math.max(0, pads[2 * i]);
      after[axis] = Math.max(0, pads[2 * i + 1]);
    }
    return Results.tensor(a.operators().layout(Layout.pad(before, after, value), x));
  }

  private static long[] pads(Arguments a, int rank) {
    long[] pads = a.integers(1, "pad");
    if (pads.length % 2 != 0 || pads.length > 2 * rank) {
      throw a.wrong(1, "a list of " + pads.length + " numbers");
    }
    return pads;
  }

  /** Every new position copies an old one: {@code source(position, length)}. */
  private static Value copied(Arguments a, LongBinaryOperator source) {
    Partial x = a.tensor(0, "self");
    int rank = x.shape().dimension();
    long[] pads = pads(a, rank);
    for (int i = 0; i < pads.length / 2; i++) {
      int axis = rank - 1 - i;
      long length = x.shape().get(axis);
      long out = Math.addExact(length, Math.addExact(pads[2 * i], pads[2 * i + 1]));
      a.charge(out);
      if (length == 0 || Math.abs(pads[2 * i]) > length || Math.abs(pads[2 * i + 1]) > length) {
        throw a.wrong(1, "padding longer than the axis");
      }
      long[] positions = new long[Math.toIntExact(out)];
      for (int j = 0; j < positions.length; j++) {
        positions[j] = source.applyAsLong(j - pads[2 * i], length);
      }
      PublicTensor indices = PublicTensor.of(positions, new Shape(positions.length));
      x = a.operators().layout(Layout.gather(axis, indices), x);
    }
    return Results.tensor(x);
  }

  /** Mirrored at the first and last element, which are not repeated. */
  private static long reflected(long position, long length) {
    long inside = Math.abs(position);
    return inside < length ? inside : 2 * (length - 1) - inside;
  }

  private static long clamped(long position, long length) {
    return Math.max(0, Math.min(length - 1, position));
  }
}
