package org.djlmpc.error;

import org.jspecify.annotations.Nullable;

/**
 * The one exception type of this engine: a stable {@link ErrorCode}, what happened, and what the
 * user does next.
 *
 * <p>Messages name shapes, operators and parties; they never contain a share, a key or a secret
 * value.
 */
public final class MpcException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final ErrorCode code;
  private final String problem;
  private final String nextStep;

  /**
   * Creates an exception.
   *
   * @param code the stable code
   * @param problem what happened, without any secret
   * @param nextStep what the user does next
   */
  public MpcException(ErrorCode code, String problem, String nextStep) {
    this(code, problem, nextStep, null);
  }

  /**
   * Creates an exception with a cause.
   *
   * @param code the stable code
   * @param problem what happened, without any secret
   * @param nextStep what the user does next
   * @param cause the underlying failure, or null
   */
  public MpcException(ErrorCode code, String problem, String nextStep, @Nullable Throwable cause) {
    super(code.id() + ": " + problem + " " + nextStep, cause);
    this.code = code;
    this.problem = problem;
    this.nextStep = nextStep;
  }

  /**
   * What peers may learn of a failure of a party: of one that is not ours only the type, as its
   * text might hold data.
   *
   * @param party the party that failed
   */
  public static MpcException forPeers(String party, Throwable failure) {
    if (failure instanceof MpcException reason) {
      return reason;
    }
    if (failure instanceof OutOfMemoryError) {
      return outOfMemory(party);
    }
    return new MpcException(
        ErrorCode.INTERNAL,
        party + " failed with " + failure.getClass().getSimpleName() + ".",
        "See the log of that party.");
  }

  /**
   * The work does not fit into the heap of this JVM.
   *
   * @param who the party or program
   */
  public static MpcException outOfMemory(String who) {
    long mebibytes = Runtime.getRuntime().maxMemory() >> 20;
    return new MpcException(
        ErrorCode.MEMORY,
        who + " needs more than its Java heap of " + mebibytes + " MiB.",
        ErrorCode.MEMORY.nextStep());
  }

  /** The stable code; see docs/errors.md. */
  public ErrorCode code() {
    return code;
  }

  /** The same failure, saying in front where in the model it happened. */
  public MpcException at(String place) {
    return new MpcException(code, place + ": " + problem, nextStep, this);
  }

  /** The same failure with an underlying one, of which this is the cause unless it has another. */
  public MpcException because(Throwable cause) {
    return new MpcException(code, problem, nextStep, cause);
  }

  /** What the user does next. */
  public String nextStep() {
    return nextStep;
  }
}
