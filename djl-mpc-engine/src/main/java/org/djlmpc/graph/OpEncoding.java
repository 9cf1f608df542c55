package org.djlmpc.graph;

import ai.djl.ndarray.types.DataType;
import org.djlmpc.ring.ConvolutionSpec;

/**
 * Operators and their attributes in an encoded graph: a tag, then the record's components in order.
 */
final class OpEncoding {
  private OpEncoding() {}

  static void write(Op op, EncodingWriter out) {
    out.text(op.getClass().getSimpleName());
    if (op instanceof Op.Unary unary) {
      out.name(unary.function());
    } else if (op instanceof Op.Binary binary) {
      out.name(binary.function());
    } else if (op instanceof Op.Scalar scalar) {
      out.name(scalar.function());
      out.real(scalar.number());
      out.bool(scalar.numberFirst());
    } else if (op instanceof Op.Clip clip) {
      out.real(clip.min());
      out.real(clip.max());
    } else if (op instanceof Op.LeakyRelu leakyRelu) {
      out.real(leakyRelu.slope());
    } else if (op instanceof Op.Convolution convolution) {
      write(convolution.spec(), out);
    } else if (op instanceof Op.Pool pool) {
      write(pool.pooling(), out);
    } else if (op instanceof Op.BatchNorm batchNorm) {
      out.int32(batchNorm.axis());
      out.real(batchNorm.epsilon());
      out.bool(batchNorm.scaled());
      out.bool(batchNorm.shifted());
    } else if (op instanceof Op.Reduce reduce) {
      out.name(reduce.reduction());
      out.integers(reduce.axes());
      out.bool(reduce.keepAxes());
    } else if (op instanceof Op.ArgMax argMax) {
      out.int32(argMax.axis());
      out.bool(argMax.smallest());
    } else if (op instanceof Op.Softmax softmax) {
      out.int32(softmax.axis());
      out.bool(softmax.logarithm());
    } else if (op instanceof Op.CumSum cumSum) {
      out.int32(cumSum.axis());
    } else if (op instanceof Op.Rearrange rearrange) {
      LayoutEncoding.write(rearrange.layout(), out);
    } else if (op instanceof Op.Concat concat) {
      out.int32(concat.axis());
    } else if (op instanceof Op.Cast cast) {
      out.name(cast.type());
    }
  }

  static Op read(EncodingReader in) {
    return switch (in.text()) {
      case "Unary" -> new Op.Unary(in.name(Operators.Unary.class));
      case "Binary" -> new Op.Binary(in.name(Operators.Binary.class));
      case "Scalar" -> new Op.Scalar(in.name(Operators.Binary.class), in.real(), in.bool());
      case "Where" -> new Op.Where();
      case "Clip" -> new Op.Clip(in.real(), in.real());
      case "LeakyRelu" -> new Op.LeakyRelu(in.real());
      case "Prelu" -> new Op.Prelu();
      case "Matmul" -> new Op.Matmul();
      case "Linear" -> new Op.Linear();
      case "Convolution" -> new Op.Convolution(readConvolution(in));
      case "Pool" -> new Op.Pool(readPooling(in));
      case "BatchNorm" -> new Op.BatchNorm(in.int32(), in.real(), in.bool(), in.bool());
      case "Reduce" -> new Op.Reduce(in.name(Operators.Reduction.class), in.integers(), in.bool());
      case "ArgMax" -> new Op.ArgMax(in.int32(), in.bool());
      case "Softmax" -> new Op.Softmax(in.int32(), in.bool());
      case "CumSum" -> new Op.CumSum(in.int32());
      case "Rearrange" -> new Op.Rearrange(LayoutEncoding.read(in));
      case "Concat" -> new Op.Concat(in.int32());
      case "Cast" -> new Op.Cast(in.name(DataType.class));
      default -> throw new IllegalArgumentException("unknown operator");
    };
  }

  private static void write(ConvolutionSpec spec, EncodingWriter out) {
    out.int32(spec.strideH());
    out.int32(spec.strideW());
    out.int32(spec.padH());
    out.int32(spec.padW());
    out.int32(spec.dilationH());
    out.int32(spec.dilationW());
    out.int32(spec.groups());
  }

  private static ConvolutionSpec readConvolution(EncodingReader in) {
    return new ConvolutionSpec(
        in.int32(), in.int32(), in.int32(), in.int32(), in.int32(), in.int32(), in.int32());
  }

  private static void write(Pooling pooling, EncodingWriter out) {
    out.name(pooling.kind());
    out.int32(pooling.kernelH());
    out.int32(pooling.kernelW());
    out.int32(pooling.strideH());
    out.int32(pooling.strideW());
    out.int32(pooling.padH());
    out.int32(pooling.padW());
    out.bool(pooling.ceil());
    out.bool(pooling.countPadding());
  }

  private static Pooling readPooling(EncodingReader in) {
    return new Pooling(
        in.name(Pooling.Kind.class),
        in.int32(),
        in.int32(),
        in.int32(),
        in.int32(),
        in.int32(),
        in.int32(),
        in.bool(),
        in.bool());
  }
}
