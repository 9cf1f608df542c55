package org.djlmpc.fss;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Chooses the passes of this process.
 *
 * <p>Work begins on plain loops at once. Vector passes are slow until the JIT has compiled them, so
 * a daemon thread tests them, runs them warm, and puts them in place once they are the faster ones;
 * as both agree bit for bit, nobody sees the change. The system property {@code djlmpc.kernels},
 * which also governs ring arithmetic, may ask for {@code plain} or {@code vector} from the first
 * call on.
 */
final class PassChoice {
  private static final Logger LOG = LoggerFactory.getLogger(PassChoice.class);
  private static final String PROPERTY = "djlmpc.kernels";
  private static final String VECTOR_MODULE = "jdk.incubator.vector";
  private static final String VECTOR_PASSES = "org.djlmpc.fss.vector.VectorTreePasses";

  /**
   * Comparisons at most. Until the JIT has compiled the passes each takes long, and afterwards so
   * little that all take seconds; a limit in time would fail on a busy machine.
   */
  private static final int MOST_COMPARISONS = 10_000;

  private static final int WINS = 5;
  private static final int RUNS = 20;

  private static volatile Passes current = start();

  private PassChoice() {}

  /** The passes to use; a walk keeps those that it began with. */
  static Passes best() {
    return current;
  }

  private static Passes start() {
    Passes plain = new Passes(new ScalarTreePasses());
    String asked = System.getProperty(PROPERTY);
    if (asked == null) {
      Thread thread = new Thread(() -> improve(plain), "djlmpc-fss-choice");
      thread.setDaemon(true);
      thread.start();
    } else if (asked.equalsIgnoreCase("vector")) {
      Passes vector = testedVector(plain);
      return vector != null ? vector : plain;
    }
    return plain;
  }

  private static void improve(Passes plain) {
    Passes vector = testedVector(plain);
    if (vector != null && isFaster(vector, plain)) {
      current = vector;
      LOG.debug("Function secret sharing uses the Vector API ({}).", vector.name());
    }
  }

  private static @Nullable Passes testedVector(Passes plain) {
    try {
      Passes vector = vector();
      return vector != null && agree(plain, vector) ? vector : null;
    } catch (RuntimeException | LinkageError e) {
      LOG.warn("The vector passes of function secret sharing fail and are not used.", e);
      return null;
    }
  }

  /** The vector passes, or null where the process lacks the Vector API. */
  static @Nullable Passes vector() {
    if (ModuleLayer.boot().findModule(VECTOR_MODULE).isEmpty()) {
      return null;
    }
    try {
      Class<?> found = Class.forName(VECTOR_PASSES);
      return new Passes(found.asSubclass(TreePasses.class).getConstructor().newInstance());
    } catch (ReflectiveOperationException | LinkageError e) {
      LOG.warn("The vector passes of function secret sharing cannot be loaded.", e);
      return null;
    }
  }

  /** Whether both do the same to all bytes and words, also in numbers that fill no vector. */
  static boolean agree(Passes reference, Passes candidate) {
    for (int gates = 1; gates <= 13; gates++) {
      Workspace expected = new Workspace();
      Workspace actual = new Workspace();
      byte[] cwExpected = run(reference, expected, gates);
      byte[] cwActual = run(candidate, actual, gates);
      if (!Arrays.equals(cwExpected, cwActual) || !expected.sameAs(actual)) {
        LOG.warn("The {} passes fail their self-test and are not used.", candidate.name());
        return false;
      }
    }
    return true;
  }

  private static byte[] run(Passes passes, Workspace w, int gates) {
    SplittableRandom random = new SplittableRandom(gates);
    byte[] cw = new byte[16 * (gates + 1)];
    random.nextBytes(w.in);
    random.nextBytes(w.out);
    for (int i = 0; i < w.state.length; i++) {
      w.state[i] = i % 2 == 0 ? random.nextLong() : w.state[i - 1];
    }
    int run = 16 * gates;
    passes.correct(w, cw, 3, gates);
    passes.keep(w, 2 * run, 2 * run, 3 * run, cw, 3, 2 * gates, gates, false);
    passes.keep(w, 0, run, 3 * run, cw, 3, 0, gates, true);
    passes.descend(w, cw, 3, gates, false);
    passes.descend(w, cw, 3, gates, true);
    return cw;
  }

  /** Runs the candidate until it is the faster one, or has had its time. */
  private static boolean isFaster(Passes candidate, Passes reference) {
    Workspace w = new Workspace();
    byte[] cw = new byte[16 * Workspace.GATES];
    int wins = 0;
    for (int i = 0; i < MOST_COMPARISONS && wins < WINS; i++) {
      wins = nanos(candidate, w, cw) < nanos(reference, w, cw) ? wins + 1 : 0;
    }
    return wins == WINS;
  }

  private static long nanos(Passes passes, Workspace w, byte[] cw) {
    int run = 16 * Workspace.GATES;
    long start = System.nanoTime();
    for (int i = 0; i < RUNS; i++) {
      passes.correct(w, cw, 0, Workspace.GATES);
      passes.keep(w, 0, 0, run, cw, 0, 0, Workspace.GATES, false);
      passes.descend(w, cw, 0, Workspace.GATES, false);
    }
    return System.nanoTime() - start;
  }
}
