package org.djlmpc.cli;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;
import org.djlmpc.graph.GraphSource.DeclaredInput;
import org.djlmpc.graph.PublicTensor;

/** Finds the inputs of a model among the arrays of a file. */
final class InputArrays {
  /** What a single input is often called. */
  private static final String USUAL_NAME = "x";

  private InputArrays() {}

  /**
   * The inputs in the model's order: the arrays that are named like them, else {@code x0}, {@code
   * x1} and so on; for a single input also {@code x}, or else the only array.
   *
   * @param arrays by name; in a file for one array the name is empty
   * @param declared what the model says about its inputs, if anything
   * @throws MpcException SHAPE if arrays are missing, empty or ambiguous
   */
  static List<JobSpec.Input> choose(
      Map<String, PublicTensor> arrays, List<DeclaredInput> declared) {
    List<String> wanted = declared.stream().map(DeclaredInput::name).toList();
    List<String> names = wanted;
    if (wanted.isEmpty() || !arrays.keySet().containsAll(wanted)) {
      names = numbered(arrays, wanted.isEmpty() ? arrays.size() : wanted.size());
    }
    if (wanted.size() > 1 && names.size() < wanted.size()) {
      throw new MpcException(
          ErrorCode.SHAPE,
          "The model has the inputs "
              + describe(declared)
              + ", the file holds "
              + (arrays.containsKey("") ? "one array" : arrays.keySet())
              + ".",
          "Give a .npz file with arrays of these names.");
    }
    if (names.isEmpty()) {
      names = List.of(only(arrays));
    }
    return names.stream().map(name -> input(name, arrays)).toList();
  }

  private static String only(Map<String, PublicTensor> arrays) {
    if (arrays.containsKey(USUAL_NAME)) {
      return USUAL_NAME;
    }
    if (arrays.size() > 1) {
      throw new MpcException(
          ErrorCode.SHAPE,
          "The model has one input, the file holds the arrays " + arrays.keySet() + ".",
          "Call the input " + USUAL_NAME + ", or give a .npy file.");
    }
    return arrays.keySet().iterator().next();
  }

  private static List<String> numbered(Map<String, PublicTensor> arrays, int most) {
    return IntStream.range(0, most)
        .mapToObj(i -> USUAL_NAME + i)
        .takeWhile(arrays::containsKey)
        .toList();
  }

  private static JobSpec.Input input(String name, Map<String, PublicTensor> arrays) {
    PublicTensor array = arrays.get(name);
    if (array == null || array.size() == 0) {
      throw new MpcException(
          ErrorCode.SHAPE,
          (name.isEmpty() ? "The array" : "The array " + name) + " has no elements.",
          "Give at least one.");
    }
    return JobSpec.Input.of(name, array.shape());
  }

  private static String describe(List<DeclaredInput> declared) {
    return declared.stream()
        .map(input -> input.name() + (input.shape() == null ? "" : " " + input.shape()))
        .collect(Collectors.joining(", "));
  }
}
