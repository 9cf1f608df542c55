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
 * size, and vector code that is not inlined down to the last call is many times slower. For the
 * same reason the gates that fill no vector are left to plain loops here, not in the pass.
 */
final class Passes {
  private static final Class<byte[]> BYTES = byte[].class;
  private static final Class<long[]> LONGS = long[].class;

  private static final ScalarTreePasses PLAIN = new ScalarTreePasses();

  private final TreePasses implementation;
  private final MethodHandle descend;
  private final MethodHandle correct;
  private final MethodHandle keep;

  Passes(TreePasses implementation) {
    this.implementation = implementation;
    descend =
        handle(
            "descend", BYTES, BYTES, BYTES, int.class, LONGS, int.class, int.class, boolean.class);
    correct =
        handle("correct", BYTES, BYTES, BYTES, int.class, LONGS, int.class, int.class, int.class);
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
    int whole = whole(gates);
    try {
      descend.invokeExact(implementation, w.in, w.out, cw, cwOff, w.state, 0, whole, last);
    } catch (Throwable e) {
      throw failed(e);
    }
    PLAIN.descend(w.in, w.out, cw, cwOff, w.state, whole, gates, last);
  }

  /** {@link TreePasses#correct} in a workspace. */
  void correct(Workspace w, byte[] cw, int cwOff, int gates) {
    int whole = whole(gates);
    try {
      correct.invokeExact(implementation, w.in, w.out, cw, cwOff, w.state, gates, 0, whole);
    } catch (Throwable e) {
      throw failed(e);
    }
    PLAIN.correct(w.in, w.out, cw, cwOff, w.state, gates, whole, gates);
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
    int whole = whole(gates);
    try {
      keep.invokeExact(
          implementation,
          w.in,
          w.out,
          from,
          left,
          right,
          cw,
          cwOff,
          w.state,
          sOff,
          gates,
          0,
          whole,
          last);
    } catch (Throwable e) {
      throw failed(e);
    }
    PLAIN.keep(w.in, w.out, from, left, right, cw, cwOff, w.state, sOff, gates, whole, gates, last);
  }

  private int whole(int gates) {
    return gates - gates % implementation.gatesAtOnce();
  }

  private static MpcException failed(Throwable e) {
    return new MpcException(
        ErrorCode.INTERNAL,
        "A pass over function keys failed.",
        "Report this with the stack trace.",
        e);
  }
}
