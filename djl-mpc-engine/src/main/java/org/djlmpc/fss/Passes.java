package org.djlmpc.fss;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;

/**
 * The passes of one implementation, ready to be called.
 *
 * <p>Each pass is called through a handle that is no constant, so that the JIT compiles it for
 * itself: inlined together with others into their caller it meets the JIT's limits of depth and
 * size, and vector code that is not inlined down to the last call is many times slower.
 */
final class Passes {
  private static final Class<byte[]> BYTES = byte[].class;
  private static final Class<long[]> LONGS = long[].class;

  private final TreePasses implementation;
  private final MethodHandle descend;
  private final MethodHandle correct;
  private final MethodHandle keep;

  Passes(TreePasses implementation) {
    this.implementation = implementation;
    descend = handle("descend", BYTES, BYTES, BYTES, int.class, LONGS, int.class, boolean.class);
    correct = handle("correct", BYTES, BYTES, BYTES, int.class, LONGS, int.class);
    keep =
        handle(
            "keep",
            BYTES,
            BYTES,
            int.class,
            int.class,
            int.class,
            BYTES,
            int.class,
            LONGS,
            int.class,
            int.class,
            boolean.class);
  }

  /**
   * The method of the final class itself: through the interface the JIT would inline by profile.
   */
  private MethodHandle handle(String method, Class<?>... parameters) {
    MethodType type = MethodType.methodType(void.class, parameters);
    try {
      return MethodHandles.lookup()
          .findVirtual(implementation.getClass(), method, type)
          .asType(type.insertParameterTypes(0, TreePasses.class));
    } catch (ReflectiveOperationException e) {
      throw failed(e);
    }
  }

  String name() {
    return implementation.name();
  }

  /** {@link TreePasses#descend} in a workspace. */
  void descend(Workspace w, byte[] cw, int cwOff, int gates, boolean last) {
    try {
      descend.invokeExact(implementation, w.in, w.out, cw, cwOff, w.state, gates, last);
    } catch (Throwable e) {
      throw failed(e);
    }
  }

  /** {@link TreePasses#correct} in a workspace. */
  void correct(Workspace w, byte[] cw, int cwOff, int gates) {
    try {
      correct.invokeExact(implementation, w.in, w.out, cw, cwOff, w.state, gates);
    } catch (Throwable e) {
      throw failed(e);
    }
  }

  /** {@link TreePasses#keep} in a workspace. */
  void keep(
      Workspace w,
      int from,
      int left,
      int right,
      byte[] cw,
      int cwOff,
      int sOff,
      int gates,
      boolean last) {
    try {
      keep.invokeExact(
          implementation, w.in, w.out, from, left, right, cw, cwOff, w.state, sOff, gates, last);
    } catch (Throwable e) {
      throw failed(e);
    }
  }

  private static MpcException failed(Throwable e) {
    return new MpcException(
        ErrorCode.INTERNAL,
        "A pass over function keys failed.",
        "Report this with the stack trace.",
        e);
  }
}
