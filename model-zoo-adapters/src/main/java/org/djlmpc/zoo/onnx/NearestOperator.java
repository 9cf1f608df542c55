package org.djlmpc.zoo.onnx;

import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What to use in place of an operator that cannot be imported. */
final class NearestOperator {
  private static final String FLOAT = "the model before quantization, with ";
  private static final Map<String, String> KNOWN =
      Map.ofEntries(
          Map.entry("ConvInteger", FLOAT + "Conv"),
          Map.entry("MatMulInteger", FLOAT + "MatMul"),
          Map.entry("QGemm", FLOAT + "Gemm"),
          Map.entry("QuantizeLinear", FLOAT + "Identity"),
          Map.entry("DequantizeLinear", FLOAT + "Identity"),
          Map.entry("DynamicQuantizeLinear", FLOAT + "Identity"),
          Map.entry("DeformConv", "Conv"),
          Map.entry("FusedConv", "Conv and Relu"),
          Map.entry("FusedMatMul", "MatMul"),
          Map.entry("FusedGemm", "Gemm and Relu"),
          Map.entry("LSTM", "MatMul, Sigmoid and Tanh, unrolled"),
          Map.entry("GRU", "MatMul, Sigmoid and Tanh, unrolled"),
          Map.entry("RNN", "MatMul and Tanh, unrolled"),
          Map.entry("Scan", "the loop's body, unrolled by the exporter"),
          Map.entry("Attention", "MatMul and Softmax"),
          Map.entry("MultiHeadAttention", "MatMul and Softmax"),
          Map.entry("Shrink", "Relu"),
          Map.entry("Hardmax", "ArgMax"),
          Map.entry("TopK", "ArgMax, or the whole output"),
          Map.entry("LpPool", "AveragePool"),
          Map.entry("GlobalLpPool", "GlobalAveragePool"),
          Map.entry("MaxRoiPool", "MaxPool"),
          Map.entry("RoiAlign", "AveragePool"),
          Map.entry("MaxUnpool", "Resize with mode = nearest"),
          Map.entry("GridSample", "Resize with mode = nearest"),
          Map.entry("NonMaxSuppression", "the boxes and scores as outputs"),
          Map.entry("NonZero", "a mask from Greater"),
          Map.entry("Compress", "Slice"),
          Map.entry("OneHot", "a one-hot input"),
          Map.entry("GatherND", "Gather"),
          Map.entry("ScatterND", "Concat"),
          Map.entry("ScatterElements", "Concat"),
          Map.entry("RandomNormal", "an input"),
          Map.entry("RandomUniform", "an input"));

  private NearestOperator() {}

  /** The nearest: known, or the supported operator with the most similar name. */
  static String of(String type) {
    String known = KNOWN.get(type);
    if (known != null) {
      return known;
    }
    for (String prefix : List.of("QLinear", "DynamicQuantize")) {
      String real = type.startsWith(prefix) ? type.substring(prefix.length()) : type;
      if (!real.equals(type) && Converters.names().contains(real)) {
        return FLOAT + real;
      }
    }
    String nearest = "a combination of Conv, MatMul, Add, Mul and Relu";
    // two letters of a short name are another operator
    int least = type.length() / 3 + 1;
    for (String name : Converters.names()) {
      int distance = distance(type.toLowerCase(Locale.ROOT), name.toLowerCase(Locale.ROOT));
      if (distance < least) {
        least = distance;
        nearest = name;
      }
    }
    return nearest;
  }

  /** Levenshtein's distance; names longer than any operator's are far from all. */
  private static int distance(String a, String b) {
    if (a.length() > 64) {
      return Integer.MAX_VALUE;
    }
    int[] row = new int[b.length() + 1];
    for (int j = 0; j < row.length; j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j < row.length; j++) {
        int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replaced, Math.min(row[j], row[j - 1]) + 1);
      }
    }
    return row[b.length()];
  }
}
