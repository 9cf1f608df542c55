package org.djlmpc.preprocessing;

import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;

/**
 * How many keys a share holder holds ahead of their use; the same at all parties.
 *
 * <p>With all keys of a program at hand its online phase is as short as it can be: nobody makes
 * keys meanwhile. With fewer they are made while others are used, in less memory and in less time
 * in all.
 *
 * @param streamed most bytes held while keys stream in
 * @param whole most bytes of keys of one program that are held at once, before its online phase;
 *     where they are more, or where a share holder has no {@link KeyRoom} for them, they stream
 */
public record KeyWindow(long streamed, long whole) {
  private static final long MIB = 1L << 20;

  /** All keys of a program up to 1.5 GiB and half of the heap; where they are more, 256 MiB. */
  public static final KeyWindow AUTO = new KeyWindow(256 * MIB, 1536 * MIB);

  /** Refuses windows of less than nothing. */
  public KeyWindow {
    if (streamed < 0 || whole < 0) {
      throw new MpcException(
          ErrorCode.ARGUMENT,
          "A key window of " + Math.min(streamed, whole) + " bytes is not possible.",
          "Give a number of bytes, or take the default.");
    }
  }

  /** So many bytes, whatever the program and the memory. */
  public static KeyWindow of(long bytes) {
    return new KeyWindow(bytes, 0);
  }

  /** The same for one of several share holders that divide the memory for whole programs. */
  public KeyWindow dividedAmong(int holders) {
    return new KeyWindow(streamed, whole / holders);
  }

  /** The most bytes that this window lets an assistant send ahead of their use. */
  public long most() {
    return Math.max(streamed, whole);
  }

  /** As the handshake compares it. */
  @Override
  public String toString() {
    return whole <= streamed
        ? streamed + " bytes"
        : streamed + " bytes, or a program's up to " + whole;
  }
}
