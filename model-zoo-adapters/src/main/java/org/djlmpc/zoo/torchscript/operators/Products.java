package org.djlmpc.zoo.torchscript.operators;

import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.Map;
import org.djlmpc.graph.Layout;
import org.djlmpc.graph.Operators.Binary;
import org.djlmpc.graph.Operators.Reduction;
import org.djlmpc.zoo.Einsum;
import org.djlmpc.zoo.Partial;
import org.djlmpc.zoo.PartialOperators;
import org.djlmpc.zoo.torchscript.run.Arguments;
import org.djlmpc.zoo.torchscript.run.Operation;
import org.djlmpc.zoo.torchscript.run.UnsupportedCall;
import org.djlmpc.zoo.torchscript.run.Value;
import org.jspecify.annotations.Nullable;

/** Matrix products. A product with the transpose of a matrix is a linear layer. */
final class Products {
  private Products() {}

  static void addTo(Map<String, Operation> operations) {
    operations.put("linear", Products::linear);
    for (String name : List.of("matmul", "mm", "bmm", "mv", "dot")) {
      operations.put(
          name,
          a -> Results.tensor(product(a.operators(), a.tensor(0, "self"), a.tensor(1, "other"))));
    }
    for (String name : List.of("addmm", "baddbmm", "addmv")) {
      operations.put(name, Products::sumOfProduct);
    }
    operations.put("einsum", Products::einsum);
    operations.put("scaled_dot_product_attention", Products::attention);
    operations.put("_native_multi_head_attention", Products::selfAttention);
  }

  private static Value linear(Arguments a) {
    Partial x = a.tensor(0, "input");
    Partial weight = a.tensor(1, "weight");
    return Results.tensor(a.operators().linear(x, weight, a.optionalTensor(2, "bias")));
  }

  /** {@code (equation, tensors, path)}; the path says an order, which changes no result. */
  private static Value einsum(Arguments a) {
    String equation = a.text(0, "equation", "");
    Partial y = Einsum.of(a.operators(), equation, a.tensors(1, "tensors"));
    if (y == null) {
      throw new UnsupportedCall(
          a.operator() + " of " + equation, "nearest: one letter for each axis of an operand");
    }
    return Results.tensor(y);
  }

  private static Partial product(PartialOperators o, Partial x, Partial y) {
    Partial weight = o.transposeOf(y);
    return weight == null ? o.matmul(x, y) : o.linear(x, weight, null);
  }

  /** {@code beta b + alpha x y}. */
  private static Value sumOfProduct(Arguments a) {
    PartialOperators o = a.operators();
    Partial b = a.tensor(0, "self");
    Partial x = a.tensor(1, "mat1");
    Partial y = a.tensor(2, "mat2");
    double beta = a.real(3, "beta", 1);
    double alpha = a.real(4, "alpha", 1);
    Partial weight = o.transposeOf(y);
    if (beta == 1 && alpha == 1 && weight != null && isBias(b, weight)) {
      return Results.tensor(o.linear(x, weight, b));
    }
    Partial product = scaled(o, product(o, x, y), alpha);
    return Results.tensor(o.binary(Binary.ADD, scaled(o, b, beta), product));
  }

  private static boolean isBias(Partial b, Partial weight) {
    return b.shape().equals(new Shape(weight.shape().get(0)));
  }

  private static Partial scaled(PartialOperators o, Partial x, double factor) {
    return factor == 1 ? x : o.scalar(Binary.MULTIPLY, x, factor, false);
  }

  /**
   * {@code (query, key, value, width, heads, qkv_weight, qkv_bias, out_weight, out_bias, mask,
   * need_weights)} on (N, T, C), as traces of {@code nn.MultiheadAttention} write it.
   */
  private static Value selfAttention(Arguments a) {
    if (a.cell(0) != a.cell(1) || a.cell(1) != a.cell(2) || a.has(9, "mask")) {
      throw new UnsupportedCall(
          a.operator() + " of several inputs or with a mask", "export the model by scripting");
    }
    PartialOperators o = a.operators();
    Partial x = a.tensor(0, "query");
    long heads = a.integer(4, "num_head");
    Partial qkv = o.linear(x, a.tensor(5, "qkv_weight"), a.tensor(6, "qkv_bias"));
    Shape s = x.shape();
    long width = s.get(2) / heads;
    Partial parts =
        o.layout(
            Layout.permute(2, 0, 3, 1, 4),
            o.layout(Layout.reshape(s.get(0), s.get(1), 3, heads, width), qkv));
    Partial scores =
        o.matmul(part(o, parts, 0), o.layout(Layouts.swap(4, 2, 3), part(o, parts, 1)));
    scores = o.softmax(scaled(o, scores, 1 / Math.sqrt((double) width)), 3, false);
    Partial y = o.layout(Layout.permute(0, 2, 1, 3), o.matmul(scores, part(o, parts, 2)));
    y = o.layout(Layout.reshape(s.getShape()), y);
    return Value.TupleValue.of(
        Results.tensor(o.linear(y, a.tensor(7, "proj_weight"), a.tensor(8, "proj_bias"))),
        Results.tensor(o.reduce(Reduction.MEAN, scores, new int[] {1}, false)));
  }

  private static Partial part(PartialOperators o, Partial parts, int index) {
    Partial part = o.layout(Layout.slice(parts.shape(), 0, index, index + 1), parts);
    return o.layout(Layout.squeeze(part.shape(), 0), part);
  }

  /** softmax(scale q k^T + mask) v; the scale is 1 / sqrt(width of q) if none is given. */
  private static Value attention(Arguments a) {
    if (a.flag(5, "is_causal", false)) {
      throw new UnsupportedCall(a.operator() + " with is_causal", "give the mask as a tensor");
    }
    PartialOperators o = a.operators();
    Partial q = a.tensor(0, "query");
    Partial k = a.tensor(1, "key");
    @Nullable Partial mask = a.optionalTensor(3, "attn_mask");
    int rank = k.shape().dimension();
    double scale = a.real(6, "scale", 1 / Math.sqrt((double) q.shape().getLastDimension()));
    Partial scores =
        scaled(o, o.matmul(q, o.layout(Layouts.swap(rank, rank - 2, rank - 1), k)), scale);
    if (mask != null) {
      if (!mask.dataType().isFloating()) {
        throw new UnsupportedCall(a.operator() + " with a truth mask", "give numbers to add");
      }
      scores = o.binary(Binary.ADD, scores, mask);
    }
    return Results.tensor(o.matmul(o.softmax(scores, rank - 1, false), a.tensor(2, "value")));
  }
}
