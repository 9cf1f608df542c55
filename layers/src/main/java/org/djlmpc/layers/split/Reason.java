package org.djlmpc.layers.split;

import java.nio.file.FileSystemException;

/** Why a file could not be used, without its folder: other parties read it, too. */
public final class Reason {
  private Reason() {}

  /** The reason in a few words. */
  public static String of(Throwable e) {
    if (e instanceof FileSystemException file) {
      String reason = file.getReason();
      return reason == null ? e.getClass().getSimpleName() : reason;
    }
    return String.valueOf(e.getMessage());
  }
}
