package org.djlmpc.zoo.onnx;

/**
 * How much an import may store beyond the weights of the file.
 *
 * <p>A few bytes of a file can ask for gigabytes of zeros, or call functions within functions
 * without end. Networks need little: the limits are far above what they use.
 */
final class Budget {
  private long elements = 1L << 24;
  private int nodes = 400_000;

  /** Takes so many elements of constants. */
  void spendElements(long count) {
    elements -= count;
    if (count < 0 || elements < 0) {
      throw GraphImport.malformed("constants with too many elements");
    }
  }

  /** Takes one execution of a node. */
  void spendNode() {
    if (--nodes < 0) {
      throw GraphImport.malformed("functions or loops that run too often");
    }
  }
}
