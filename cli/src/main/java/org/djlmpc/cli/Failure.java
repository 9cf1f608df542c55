package org.djlmpc.cli;

import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;
import org.jspecify.annotations.Nullable;

/**
 * Why a party or a command failed, as one line and to be sent between processes.
 *
 * @param code the stable code
 * @param problem what happened, with the code in front
 * @param nextStep what the user does next
 */
record Failure(ErrorCode code, String problem, String nextStep) {

  /** The reason behind an exception. */
  static Failure of(Throwable thrown) {
    Throwable cause = thrown;
    while ((cause instanceof CompletionException || cause instanceof ExecutionException)
        && cause.getCause() != null) {
      cause = cause.getCause();
    }
    if (cause instanceof MpcException e) {
      return of(e);
    }
    if (cause instanceof OutOfMemoryError) {
      return of(MpcException.outOfMemory("This command"));
    }
    if (cause instanceof UnsupportedOperationException) {
      return new Failure(
          ErrorCode.UNSUPPORTED_OPERATOR, String.valueOf(cause.getMessage()), "Use another model.");
    }
    return new Failure(
        ErrorCode.INTERNAL, "Unexpected: " + cause + ".", ErrorCode.INTERNAL.nextStep());
  }

  private static Failure of(MpcException e) {
    // the message is "code: problem next step"
    String text = String.valueOf(e.getMessage());
    String prefix = e.code().id() + ": ";
    int from = text.startsWith(prefix) ? prefix.length() : 0;
    int to = text.endsWith(e.nextStep()) ? text.length() - e.nextStep().length() : text.length();
    return new Failure(e.code(), text.substring(from, Math.max(from, to)).strip(), e.nextStep());
  }

  /** Whether this party only passes on the reason of another. */
  boolean passedOn() {
    return code == ErrorCode.ABORTED;
  }

  /** The one that tells most: the first that does not only pass on another. */
  static Failure original(List<Failure> failures) {
    return failures.stream()
        .filter(failure -> !failure.passedOn())
        .findFirst()
        .orElse(failures.get(0));
  }

  MpcException exception() {
    return exception(null);
  }

  MpcException exception(@Nullable Throwable cause) {
    return new MpcException(code, problem, nextStep, cause);
  }
}
