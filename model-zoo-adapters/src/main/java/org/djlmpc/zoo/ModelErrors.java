package org.djlmpc.zoo;

import ai.djl.MalformedModelException;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;
import org.jspecify.annotations.Nullable;

/** What readers say when a model makes no sense after its file was read. */
public final class ModelErrors {
  private ModelErrors() {}

  /** A model that cannot be understood. */
  public static MpcException malformed(String problem) {
    return malformed(problem, null);
  }

  /** What was thrown while a graph was made, with a cause that DJL's users know. */
  public static MpcException refused(MpcException reason) {
    return reason.because(
        new MalformedModelException("The model makes no graph: " + reason.getMessage(), reason));
  }

  /** A model that cannot be understood, with what was thrown. */
  public static MpcException malformed(String problem, @Nullable Throwable cause) {
    return new MpcException(ErrorCode.MALFORMED_MODEL, problem, "Export the model again.", cause);
  }
}
