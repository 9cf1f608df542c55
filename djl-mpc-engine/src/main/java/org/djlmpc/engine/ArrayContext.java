package org.djlmpc.engine;

import ai.djl.util.RandomUtils;
import java.util.random.RandomGenerator;
import org.djlmpc.autograd.Recorder;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;
import org.djlmpc.graph.Operand;
import org.djlmpc.graph.Operators;
import org.djlmpc.graph.PublicTensor;
import org.jspecify.annotations.Nullable;

/**
 * What the arrays of a tree of managers have in common: the protocol that computes on their shares,
 * who records their operators, and where public random numbers come from.
 *
 * <p>It hangs on a manager and passes to its sub-managers. {@link #current()} is the context bound
 * to the calling thread, which new base managers take; without one there are public arrays only.
 */
public final class ArrayContext implements AutoCloseable {
  /** Public arrays only, nothing recorded, DJL's own random numbers. */
  public static final ArrayContext PUBLIC = new ArrayContext(null, null, null, RandomUtils.RANDOM);

  private static final ThreadLocal<ArrayContext> CURRENT = new ThreadLocal<>();

  private final LiftedOperators.@Nullable OnSecrets secrets;
  private final LiftedOperators.@Nullable OnShapes trace;
  private final @Nullable Recorder recorder;
  private final RandomGenerator random;

  private ArrayContext(
      LiftedOperators.@Nullable OnSecrets secrets,
      LiftedOperators.@Nullable OnShapes trace,
      @Nullable Recorder recorder,
      RandomGenerator random) {
    this.secrets = secrets;
    this.trace = trace;
    this.recorder = recorder;
    this.random = random;
  }

  /**
   * A context whose arrays may be secret.
   *
   * @param operators the session's operators on shares
   * @param commonRandom random numbers that are the same at every party, for initial weights and
   *     masks, which are public
   */
  public static ArrayContext of(Operators<Operand> operators, RandomGenerator commonRandom) {
    return new ArrayContext(new LiftedOperators.OnSecrets(operators), null, null, commonRandom);
  }

  /**
   * A context that ends with a request: its secrets belong to the calling thread, and are erased
   * and of no use once it is closed.
   */
  static ArrayContext ofRequest(Operators<Operand> operators, RandomGenerator commonRandom) {
    Lifetime lifetime = new Lifetime(Thread.currentThread());
    return new ArrayContext(
        new LiftedOperators.OnSecrets(operators, lifetime), null, null, commonRandom);
  }

  /** The context of a program that is being traced. */
  static ArrayContext tracing(LiftedOperators.OnShapes trace) {
    return new ArrayContext(null, trace, null, PUBLIC.random);
  }

  /** This context with every operator recorded, or, given null, with none. */
  public ArrayContext withRecorder(@Nullable Recorder attached) {
    return new ArrayContext(secrets, trace, attached, random);
  }

  /** The context bound to this thread, or {@link #PUBLIC}. */
  public static ArrayContext current() {
    ArrayContext bound = CURRENT.get();
    return bound == null ? PUBLIC : bound;
  }

  /** Binds this context to the calling thread until the binding is closed, on the same thread. */
  public Binding bind() {
    ArrayContext before = CURRENT.get();
    CURRENT.set(this);
    return () -> {
      if (before == null) {
        CURRENT.remove();
      } else {
        CURRENT.set(before);
      }
    };
  }

  /** Erases the secrets of a context that ends with a request; others do not end. */
  @Override
  public void close() {
    if (secrets != null) {
      secrets.lifetime().end();
    }
  }

  /** Throws CLOSED if the request of this context has ended. */
  void requireCurrent() {
    if (secrets != null) {
      secrets.lifetime().requireCurrent();
    }
  }

  /** Whether arrays of this context may be secret or traced. */
  boolean isPublic() {
    return secrets == null && trace == null;
  }

  /** The end of {@link #bind()}. */
  @FunctionalInterface
  public interface Binding extends AutoCloseable {
    @Override
    void close();
  }

  /** A value for a share of this context's session. */
  Value secret(Operand.Secret operand) {
    if (secrets == null) {
      throw new MpcException(
          ErrorCode.NO_SESSION,
          "This manager belongs to no session, so its arrays cannot be secret.",
          "Use the manager that the session gives, or run the code inside parties.run(...).");
    }
    return new Value.Secret(operand, secrets, secrets.lifetime());
  }

  /** The program created a public array. */
  void created(PublicTensor tensor) {
    if (trace != null) {
      trace.created(tensor);
    }
  }

  @Nullable Recorder recorder() {
    return recorder;
  }

  RandomGenerator random() {
    return random;
  }
}
