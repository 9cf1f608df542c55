package org.djlmpc.engine;

import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;

/** The one answer to everything that would show a secret without saying so. */
final class Reveals {
  private Reveals() {}

  /**
   * The refusal of an implicit reveal.
   *
   * @param attempt what was attempted, as in "A secret array cannot be ..."
   */
  static MpcException refused(String attempt) {
    return new MpcException(
        ErrorCode.IMPLICIT_REVEAL,
        "A secret array cannot be " + attempt + ".",
        "Open it explicitly, naming who may learn it and why.");
  }

  /**
   * The refusal to read a value that does not exist because the array is being traced.
   *
   * @param attempt what was attempted
   */
  static MpcException unknown(String attempt) {
    return new MpcException(
        ErrorCode.UNSUPPORTED_OPERATOR,
        "An array cannot be " + attempt + " while its block is traced into a graph.",
        "Let the block's control flow depend on shapes alone.");
  }
}
