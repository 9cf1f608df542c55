package org.djlmpc.zoo.onnx;

/** A node has no form in the engine's operators. Collected, so that a user sees all at once. */
final class UnsupportedNode extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String instead;

  /**
   * Says what cannot be imported.
   *
   * @param what the operator, or what about it
   * @param instead the nearest that can be imported
   */
  UnsupportedNode(String what, String instead) {
    super(what, null, false, false);
    this.instead = instead;
  }

  String instead() {
    return instead;
  }
}
