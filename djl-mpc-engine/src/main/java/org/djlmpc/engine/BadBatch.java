package org.djlmpc.engine;

import ai.djl.ndarray.NDList;
import ai.djl.translate.TranslateException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;
import org.djlmpc.graph.TensorType;
import org.jspecify.annotations.Nullable;

/**
 * Why a Translator or Batchifier failed, where the caller's inputs are to blame. DJL tells of a
 * null among them with a NullPointerException of its own inner workings. Asked only after a
 * failure, because a Translator may know what to do with a null.
 */
final class BadBatch {
  private BadBatch() {}

  /**
   * Throws the reason, or nothing if none is seen.
   *
   * @throws MpcException ARGUMENT if something is null, CLOSED if an array is closed, SHAPE if the
   *     inputs cannot be one batch
   */
  static void explain(List<?> inputs, TranslateException failure) {
    Throwable cause = failure.getCause();
    List<NDList> lists = new ArrayList<>();
    for (int i = 0; i < inputs.size(); i++) {
      @Nullable Object input = inputs.get(i);
      if (cause instanceof NullPointerException && hasNull(input)) {
        throw new MpcException(
            ErrorCode.ARGUMENT,
            "Input " + i + " of the batch is null, or holds an array that is.",
            "Give all inputs that the Translator takes.",
            failure);
      }
      if (input instanceof NDList list && !hasNull(list)) {
        lists.add(list);
      }
    }
    if (cause instanceof IllegalStateException closed && !lists.isEmpty()) {
      throw Client.closed("An input", closed);
    }
    if (cause instanceof IllegalArgumentException && differ(lists)) {
      throw new MpcException(
          ErrorCode.SHAPE,
          "The inputs do not fit into one batch: " + cause.getMessage() + ".",
          "Give inputs with equally many arrays of the same shapes and types, or predict them one"
              + " by one.",
          failure);
    }
  }

  private static boolean hasNull(@Nullable Object input) {
    return input == null || input instanceof NDList list && list.stream().anyMatch(Objects::isNull);
  }

  private static boolean differ(List<NDList> lists) {
    return lists.stream()
            .map(
                list ->
                    list.stream().map(x -> new TensorType(x.getShape(), x.getDataType())).toList())
            .distinct()
            .count()
        > 1;
  }
}
