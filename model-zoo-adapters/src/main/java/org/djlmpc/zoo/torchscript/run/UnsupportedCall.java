package org.djlmpc.zoo.torchscript.run;

/** An operator, or a use of one, that has no private form. */
public final class UnsupportedCall extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String what;
  private final String instead;

  /**
   * Says what is unsupported.
   *
   * @param what the operator, with the argument that matters
   * @param instead the nearest supported operator, or what else to do
   */
  public UnsupportedCall(String what, String instead) {
    super(what + "; " + instead, null, false, false);
    this.what = what;
    this.instead = instead;
  }

  /** The operator. */
  public String what() {
    return what;
  }

  /** What to use in its place. */
  public String instead() {
    return instead;
  }
}
