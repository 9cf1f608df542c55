package org.djlmpc.zoo;

import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;
import org.djlmpc.graph.Layout;
import org.djlmpc.graph.Operators;
import org.djlmpc.graph.Operators.Reduction;
import org.jspecify.annotations.Nullable;

/**
 * Einstein's summation, as {@code torch.einsum} and ONNX's {@code Einsum} write it, by transposes,
 * sums and matrix products: {@code bqhd,bkhd->bhqk} multiplies two batches of matrices.
 *
 * <p>Operands are joined from left to right. Of two operands, a letter of both and of what follows
 * numbers a batch, a letter of both alone is the inner axis of the product, and the others are rows
 * and columns.
 */
public final class Einsum {
  /** An operand and a letter for each of its axes. */
  private record Lettered<V>(V value, String letters) {}

  private Einsum() {}

  /**
   * The sum of products.
   *
   * @param equation such as {@code ij,jk->ik}; blanks do not matter; without an arrow the result
   *     has the letters that appear once, in the alphabet's order
   * @return null if a letter appears twice in one operand, or an operand has dots for axes: these
   *     have no form here
   * @throws MpcException ARGUMENT if the equation does not fit the operands
   */
  public static <V> @Nullable V of(Operators<V> o, String equation, List<V> operands) {
    String text = equation.replace(" ", "");
    int arrow = text.indexOf("->");
    String[] parts = (arrow < 0 ? text : text.substring(0, arrow)).split(",", -1);
    String result = arrow < 0 ? lettersOnce(parts) : text.substring(arrow + 2);
    if (text.contains(".") || isRepeated(result)) {
      return null;
    }
    require(parts.length == operands.size() && parts.length > 0, equation);
    Map<Character, Long> lengths = new HashMap<>();
    List<Lettered<V>> given = new ArrayList<>();
    for (int i = 0; i < parts.length; i++) {
      if (isRepeated(parts[i])) {
        return null;
      }
      Shape shape = o.shape(operands.get(i));
      require(shape.dimension() == parts[i].length(), equation);
      for (int axis = 0; axis < shape.dimension(); axis++) {
        Long before = lengths.putIfAbsent(parts[i].charAt(axis), shape.get(axis));
        require(before == null || before == shape.get(axis), equation);
      }
      given.add(new Lettered<>(operands.get(i), parts[i]));
    }
    require(
        lengths.keySet().containsAll(result.chars().mapToObj(c -> (char) c).toList()), equation);
    Lettered<V> joined = given.get(0);
    for (int i = 1; i < given.size(); i++) {
      StringBuilder later = new StringBuilder(result);
      given.subList(i + 1, given.size()).forEach(operand -> later.append(operand.letters));
      joined = product(o, joined, given.get(i), later.toString(), lengths);
    }
    return arranged(o, summed(o, joined, result), result);
  }

  private static void require(boolean condition, String equation) {
    if (!condition) {
      throw new MpcException(
          ErrorCode.ARGUMENT,
          "The equation " + equation + " does not fit its operands.",
          "Give one letter for each axis, and equal lengths for equal letters.");
    }
  }

  private static boolean isRepeated(String letters) {
    return letters.chars().distinct().count() < letters.length();
  }

  private static String lettersOnce(String[] parts) {
    String all = String.join("", parts);
    StringBuilder once = new StringBuilder();
    all.chars()
        .filter(c -> all.indexOf(c) == all.lastIndexOf(c))
        .sorted()
        .forEach(c -> once.append((char) c));
    return once.toString();
  }

  private static String only(String letters, Predicate<String> kept) {
    StringBuilder text = new StringBuilder();
    letters
        .chars()
        .filter(c -> kept.test(Character.toString(c)))
        .forEach(c -> text.append((char) c));
    return text.toString();
  }

  /** The sum over all letters that nothing else has. */
  private static <V> Lettered<V> summed(Operators<V> o, Lettered<V> x, String others) {
    String rest = only(x.letters, others::contains);
    if (rest.length() == x.letters.length()) {
      return x;
    }
    int[] axes =
        only(x.letters, c -> !others.contains(c)).chars().map(x.letters::indexOf).toArray();
    return new Lettered<>(o.reduce(Reduction.SUM, x.value, axes, false), rest);
  }

  private static <V> V arranged(Operators<V> o, Lettered<V> x, String letters) {
    int[] axes = letters.chars().map(x.letters::indexOf).toArray();
    return x.letters.equals(letters) ? x.value : o.layout(Layout.permute(axes), x.value);
  }

  private static <V> Lettered<V> product(
      Operators<V> o, Lettered<V> a, Lettered<V> b, String later, Map<Character, Long> lengths) {
    Lettered<V> x = summed(o, a, b.letters + later);
    Lettered<V> y = summed(o, b, a.letters + later);
    String batch = only(x.letters, c -> y.letters.contains(c) && later.contains(c));
    String inner = only(x.letters, c -> y.letters.contains(c) && !later.contains(c));
    String rows = only(x.letters, c -> !y.letters.contains(c));
    String columns = only(y.letters, c -> !x.letters.contains(c));
    V left = matrices(o, arranged(o, x, batch + rows + inner), batch, rows, inner, lengths);
    V right = matrices(o, arranged(o, y, batch + inner + columns), batch, inner, columns, lengths);
    String letters = batch + rows + columns;
    long[] shape = letters.chars().mapToLong(c -> lengths.get((char) c)).toArray();
    return new Lettered<>(o.layout(Layout.reshape(shape), o.matmul(left, right)), letters);
  }

  /** (batch, rows, columns), or without the batch where there is none. */
  private static <V> V matrices(
      Operators<V> o,
      V x,
      String batch,
      String rows,
      String columns,
      Map<Character, Long> lengths) {
    long height = size(rows, lengths);
    long width = size(columns, lengths);
    return o.layout(
        batch.isEmpty()
            ? Layout.reshape(height, width)
            : Layout.reshape(size(batch, lengths), height, width),
        x);
  }

  private static long size(String letters, Map<Character, Long> lengths) {
    return letters.chars().mapToLong(c -> lengths.get((char) c)).reduce(1, Math::multiplyExact);
  }
}
