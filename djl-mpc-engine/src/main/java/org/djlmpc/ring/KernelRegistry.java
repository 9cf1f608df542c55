package org.djlmpc.ring;

import java.util.List;
import java.util.Locale;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Chooses the kernels of this process.
 *
 * <p>Work begins on plain loops at once. Vector kernels are slow until the JIT has compiled them,
 * so a daemon thread tests them, runs them warm and then puts them in place; as all kernels agree
 * bit for bit, nobody sees the change. The system property {@code djlmpc.kernels} names one
 * implementation ({@code plain}, {@code vector} or {@code torch}), which is then tested and used
 * from the first call on.
 */
final class KernelRegistry {

  static final String PROPERTY = "djlmpc.kernels";

  private static final Logger LOG = LoggerFactory.getLogger(KernelRegistry.class);

  private static final String VECTOR_MODULE = "jdk.incubator.vector";
  private static final String VECTOR_KERNELS = "org.djlmpc.ring.vector.VectorKernels";

  private static volatile @Nullable Kernels current;

  private KernelRegistry() {}

  static Kernels best() {
    Kernels chosen = current;
    return chosen != null ? chosen : start();
  }

  private static synchronized Kernels start() {
    Kernels started = current;
    if (started != null) {
      return started;
    }
    String name = System.getProperty(PROPERTY);
    Kernels first = name == null ? new PlainKernels() : forced(name);
    current = first;
    if (name == null) {
      Thread thread = new Thread(() -> current = choose(), "djlmpc-kernel-choice");
      thread.setDaemon(true);
      thread.start();
    }
    return first;
  }

  /** The implementation that a user asked for. */
  static Kernels forced(String name) {
    Kernels asked = load(name);
    if (asked == null) {
      throw new MpcException(
          ErrorCode.ARGUMENT,
          "Kernels '" + name + "', named by the system property " + PROPERTY + ", do not exist.",
          "Use plain, vector (with --add-modules "
              + VECTOR_MODULE
              + ") or torch (with DJL's PyTorch engine on the class path).");
    }
    return tested(asked) ? asked : new PlainKernels();
  }

  /** The implementation that the machine and the command line allow. */
  private static Kernels choose() {
    Kernels vector = load("vector");
    if (vector != null && tested(vector)) {
      KernelSelfTest.warmUp(vector);
      LOG.debug("Ring arithmetic uses the Vector API.");
      return vector;
    }
    if (vector == null) {
      LOG.info(
          "The module {} is not present: start Java with --add-modules {} to speed up ring"
              + " arithmetic.",
          VECTOR_MODULE,
          VECTOR_MODULE);
    }
    Kernels plain = new PlainKernels();
    Kernels torch = load("torch");
    return torch != null && tested(torch) && KernelSelfTest.isFaster(torch, plain) ? torch : plain;
  }

  /** Finds an implementation, or null where the process lacks what it needs. */
  static @Nullable Kernels load(String name) {
    return switch (name.toLowerCase(Locale.ROOT)) {
      case "plain" -> new PlainKernels();
      case "vector" -> vector();
      case "torch" -> TorchKernels.available() ? new TorchKernels() : null;
      default -> null;
    };
  }

  private static @Nullable Kernels vector() {
    if (ModuleLayer.boot().findModule(VECTOR_MODULE).isEmpty()) {
      return null;
    }
    try {
      return Class.forName(VECTOR_KERNELS).asSubclass(Kernels.class).getConstructor().newInstance();
    } catch (ReflectiveOperationException | LinkageError e) {
      LOG.warn("The vector kernels cannot be loaded; plain loops are used.", e);
      return null;
    }
  }

  /** Whether the candidate computes what it should; otherwise it is reported and not used. */
  static boolean tested(Kernels candidate) {
    try {
      List<String> failures = KernelSelfTest.failures(candidate);
      if (!failures.isEmpty()) {
        LOG.warn(
            "The {} kernels fail their self-test ({}) and are not used.",
            candidate.name(),
            failures);
      }
      return failures.isEmpty();
    } catch (RuntimeException | LinkageError e) {
      LOG.warn(
          "The {} kernels do not run here ({}) and are not used.", candidate.name(), e.toString());
      return false;
    }
  }
}
