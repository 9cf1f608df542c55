package org.djlmpc.zoo.torchscript.run;

import org.jspecify.annotations.Nullable;

/** The operators that there are. */
public interface Operations {
  /** The operator of a name without namespace, such as {@code conv2d}, or null. */
  @Nullable Operation named(String name);

  /** What to use in place of an operator that there is not. */
  String nearest(String name);
}
