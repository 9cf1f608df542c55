package org.djlmpc.zoo;

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

  /** A model that cannot be understood, with what was thrown. */
  public static MpcException malformed(String problem, @Nullable Throwable cause) {
    return new MpcException(ErrorCode.MALFORMED_MODEL, problem, "Export the model again.", cause);
  }
}
