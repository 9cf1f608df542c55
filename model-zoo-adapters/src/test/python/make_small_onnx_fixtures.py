#!/usr/bin/env python3
"""Makes operators.zip: one small ONNX model for each use of each operator, with inputs and reference outputs.

Needs: pip install onnx onnxruntime numpy
usage: make_small_onnx_fixtures.py OUT.zip
For each case NAME the archive has NAME.onnx, NAME.x0.npy ... (inputs) and NAME.y0.npy ... (outputs of ONNX Runtime);
NAME.data is external data of NAME.onnx. Everything is seeded: the same versions make the same values.
"""
import io
import sys
import tempfile
import zipfile
import zlib
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

F, D, I, B = TensorProto.FLOAT, TensorProto.DOUBLE, TensorProto.INT64, TensorProto.BOOL
CASES = []


def rng(name):
    return np.random.default_rng(zlib.crc32(name.encode()))


def data(name, *shape, low=-2.0, high=2.0):
    """Multiples of 1/32: they compress well and are exact in float16."""
    return (np.round(rng(f"{name}{shape}").uniform(low, high, shape) * 32) / 32).astype(np.float32)


def node(op, inputs, outputs, name=None, **attributes):
    inputs = inputs.split() if isinstance(inputs, str) else inputs
    return helper.make_node(op, ["" if i == "_" else i for i in inputs], outputs.split(), name=name or f"{op}_{outputs.split()[0]}", **attributes)


def const(name, value):
    return helper.make_node("Constant", [], [name], name=f"Constant_{name}", value=numpy_helper.from_array(np.asarray(value)))


def case(name, opset, nodes, xs, weights=None, ys="y", functions=None, tensors=(), imports=(), external=False, types=None):
    """xs: arrays by name; weights: initializers by name; tensors: initializers as they are; types: of the outputs."""
    weights = weights or {}
    initializers = [numpy_helper.from_array(np.asarray(v), k) for k, v in weights.items()] + list(tensors)
    inputs = [helper.make_tensor_value_info(k, helper.np_dtype_to_tensor_dtype(v.dtype), ["N"] + list(v.shape[1:])) for k, v in xs.items()]
    outputs = [helper.make_tensor_value_info(y, (types or {}).get(y, F), None) for y in ys.split()]
    graph = helper.make_graph(nodes, name, inputs, outputs, initializers)
    opsets = [helper.make_opsetid("", opset)] + [helper.make_opsetid(d, 1) for d in imports]
    model = helper.make_model(graph, opset_imports=opsets, ir_version=10 if opset > 20 else 8, functions=functions or [])
    CASES.append((name, model, list(xs.values()), external))


def one(op, opset, x, extra=(), suffix="", **attributes):
    """One operator on x; extra: further inputs, initializers by name."""
    extra = dict(extra)
    case(f"{op}{suffix}_{opset}", opset, [node(op, ["x"] + list(extra), "y", **attributes)], {"x": x}, extra)


def ints(*values):
    return np.array(values, dtype=np.int64)


IMAGE = data("image", 2, 3, 7, 6)
VECTOR = data("vector", 2, 5)
LINE = data("line", 2, 3, 9)


def convolutions():
    for suffix, shape, attributes in [
        ("", (4, 3, 3, 3), {}),
        ("_padded", (4, 3, 3, 2), dict(pads=[1, 1, 1, 1], strides=[2, 1])),
        ("_asymmetric", (4, 3, 3, 3), dict(pads=[0, 1, 1, 2], strides=[2, 2])),
        ("_dilated", (4, 3, 2, 2), dict(dilations=[2, 3], kernel_shape=[2, 2])),
        ("_groups", (6, 1, 3, 3), dict(group=3)),
        ("_same_upper", (4, 3, 3, 2), dict(auto_pad="SAME_UPPER", strides=[2, 2])),
        ("_same_lower", (4, 3, 2, 3), dict(auto_pad="SAME_LOWER", strides=[2, 1])),
        ("_valid", (4, 3, 3, 3), dict(auto_pad="VALID")),
    ]:
        w = data(f"w{suffix}", *shape)
        one("Conv", 11, IMAGE, {"w": w, "b": data("b", shape[0])}, suffix, **attributes)
    one("Conv", 9, IMAGE, {"w": data("w", 4, 3, 1, 1)}, "_nobias")
    one("Conv", 22, IMAGE, {"w": data("w", 4, 3, 1, 1)}, "_nobias")
    one("Conv", 13, LINE, {"w": data("w1", 4, 3, 3), "b": data("b", 4)}, "_line", pads=[1, 2], strides=[2])
    for suffix, shape, attributes in [
        ("", (3, 4, 3, 2), {}),
        ("_strides", (3, 2, 3, 3), dict(strides=[2, 3])),
        ("_pads", (3, 4, 3, 3), dict(strides=[2, 2], pads=[1, 2, 0, 1], output_padding=[1, 0])),
        ("_dilated", (3, 4, 2, 3), dict(strides=[1, 2], dilations=[2, 1], pads=[2, 1, 2, 1])),
        ("_groups", (3, 2, 2, 2), dict(strides=[2, 2], group=3)),
    ]:
        one("ConvTranspose", 11, IMAGE, {"w": data(f"t{suffix}", *shape), "b": data("b", shape[1] * attributes.get("group", 1))}, suffix, **attributes)
    one("ConvTranspose", 11, IMAGE, {"w": data("t", 3, 2, 3, 3)}, "_same_upper", strides=[2, 2], auto_pad="SAME_UPPER")
    one("ConvTranspose", 11, IMAGE, {"w": data("t", 3, 2, 4, 3)}, "_same_lower", strides=[2, 1], auto_pad="SAME_LOWER")
    one("ConvTranspose", 11, IMAGE, {"w": data("t", 3, 2, 3, 3)}, "_lengths", strides=[2, 2], output_shape=[14, 12])
    one("ConvTranspose", 11, LINE, {"w": data("t1", 3, 2, 4)}, "_line", strides=[2], pads=[1, 1])
    norm = {"s": data("s", 4), "o": data("o", 4), "m": data("m", 4), "v": data("v", 4, low=0.5)}
    case("Conv_BatchNormalization_9", 9,
         [node("Conv", "x w", "c"), node("BatchNormalization", "c s o m v", "n", epsilon=0.01), node("Relu", "n", "y")],
         {"x": IMAGE}, {"w": data("w", 4, 3, 3, 3), **norm})
    for opset, x in [(14, VECTOR), (15, LINE), (15, IMAGE)]:
        c = x.shape[1]
        one("BatchNormalization", opset, x, {"s": data("s", c), "o": data("o", c), "m": data("m", c), "v": data("v", c, low=0.5)}, f"_{x.ndim}d")


def normalizations():
    c = {"s": data("s", 3), "b": data("b", 3)}
    one("InstanceNormalization", 9, IMAGE, c, epsilon=0.01)
    one("InstanceNormalization", 9, LINE, c, "_line")
    six = data("six", 2, 6, 3, 2)
    one("GroupNormalization", 18, six, c, num_groups=3)
    one("GroupNormalization", 21, six, {"s": data("s", 6), "b": data("b", 6)}, num_groups=3, epsilon=0.01)
    one("LayerNormalization", 17, VECTOR, {"s": data("s", 5), "b": data("b", 5)})
    one("LayerNormalization", 17, IMAGE, {"s": data("s", 3, 7, 6)}, "_axis", axis=1, epsilon=0.1)
    case("LayerNormalization_statistics_17", 17, [node("LayerNormalization", "x s", "y m d", axis=2)], {"x": IMAGE}, {"s": data("s", 7, 6)}, ys="y m d")
    one("LRN", 9, IMAGE, size=3, alpha=0.1)
    one("MeanVarianceNormalization", 9, IMAGE)
    one("MeanVarianceNormalization", 13, IMAGE, suffix="_axes", axes=[1, -1])
    one("LpNormalization", 9, VECTOR, axis=1)
    one("LpNormalization", 9, VECTOR, suffix="_one", p=1)
    one("LRN", 13, data("deep", 1, 9, 2, 3), suffix="_wide", size=5, alpha=0.5, beta=0.6, bias=2.0)


def products():
    a, b = data("a", 3, 5), data("b", 5, 4)
    one("Gemm", 9, a, {"b": b, "c": data("c", 4)})
    one("Gemm", 11, a, {"b": b}, "_nobias")
    one("Gemm", 13, a, {"b": b.T.copy(), "c": data("c", 1, 4)}, "_transB", transB=1)
    one("Gemm", 13, a, {"b": b.T.copy(), "c": data("c", 3, 4)}, "_matrix", transB=1, alpha=0.5, beta=2.0)
    one("Gemm", 13, a.T.copy(), {"b": b, "c": np.float32(0.5)}, "_transA", transA=1, alpha=0.5)
    case("Gemm_inputs_13", 13, [node("Gemm", "x w", "y", transB=1, alpha=0.25)], {"x": a, "w": data("w", 4, 5)})
    one("MatMul", 9, a, {"b": b})
    case("MatMul_double_13", 13, [node("MatMul", "x w", "m"), node("Relu", "m", "y")], {"x": a.astype(np.float64)}, {"w": b.astype(np.float64)}, types={"y": D})
    one("MatMul", 13, data("x", 2, 3, 5), {"b": b}, "_rows")
    one("MatMul", 13, data("x", 2, 3, 5), {"b": data("b", 2, 5, 2)}, "_batch")
    one("MatMul", 13, a, {"b": data("b", 5)}, "_vector")
    one("Einsum", 12, a, {"b": b}, equation="ij,jk->ik")
    one("Einsum", 13, data("x", 2, 3, 5), {"b": data("b", 4, 2, 5)}, "_heads", equation="b i d, h b d -> b h i")
    one("Einsum", 20, data("x", 2, 3, 5), suffix="_sum", equation="abc->b")
    case("Einsum_inputs_13", 13, [node("Einsum", "x u w", "y", equation="ij,kj,k")], {"x": a, "u": data("u", 4, 5)}, {"w": data("w", 4)})
    case("MatMul_inputs_13", 13, [node("MatMul", "x w", "y")], {"x": data("x", 2, 3, 5), "w": data("w", 2, 5, 3)})


def elementwise():
    positive = data("p", 2, 5, low=0.25)
    for op in "Neg Abs Sign Relu Sigmoid Tanh Exp Softplus Erf Floor Ceil Round Sin Cos".split():
        one(op, 13 if op not in ("Softplus", "Round", "Sin", "Cos") else 11, VECTOR)
    for op in "Log Sqrt Reciprocal".split():
        one(op, 13, positive)
    one("Relu", 9, VECTOR)
    one("HardSwish", 14, VECTOR * 3)
    one("Gelu", 20, VECTOR)
    one("HardSigmoid", 9, VECTOR * 2)
    one("HardSigmoid", 22, VECTOR * 2, suffix="_attributes", alpha=1 / 6, beta=0.5)
    one("LeakyRelu", 9, VECTOR)
    one("LeakyRelu", 16, VECTOR, suffix="_alpha", alpha=0.2)
    one("PRelu", 9, IMAGE, {"s": data("s", 3, 1, 1)})
    one("PRelu", 16, IMAGE, {"s": data("s", 1)}, "_one")
    one("PRelu", 16, IMAGE, {"s": data("s", 6)}, "_columns")
    one("PRelu", 16, VECTOR, {"s": data("s", 5)}, "_vector")
    one("Elu", 9, VECTOR, alpha=0.5)
    one("Selu", 9, VECTOR)
    one("Selu", 9, VECTOR, suffix="_attributes", alpha=1.5, gamma=2.0)
    one("Celu", 12, VECTOR, alpha=2.0)
    one("ThresholdedRelu", 10, VECTOR)
    one("ThresholdedRelu", 10, VECTOR, suffix="_zero", alpha=0.0)
    one("Softsign", 9, VECTOR)
    one("Mish", 18, VECTOR)
    one("Gelu", 20, VECTOR, suffix="_tanh", approximate="tanh")
    one("Clip", 9, VECTOR, min=-0.5, max=1.0)
    one("Clip", 9, VECTOR, suffix="_relu6", min=0.0, max=6.0)
    one("Clip", 13, VECTOR, {"l": np.float32(-0.5), "h": np.float32(1)}, "_inputs")
    case("Clip_lower_13", 13, [const("l", np.float32(0)), node("Clip", "x l", "y")], {"x": VECTOR})
    case("Clip_upper_13", 13, [const("h", np.float32(1)), node("Clip", "x _ h", "y")], {"x": VECTOR})
    one("Identity", 16, VECTOR)
    one("Dropout", 9, VECTOR, ratio=0.5)
    one("Dropout", 13, VECTOR, {"r": np.float32(0.5)}, "_input")
    case("Dropout_mask_12", 12, [node("Dropout", "x", "y m"), node("Cast", "m", "z", to=F)], {"x": VECTOR}, ys="y z")
    one("Dropout", 13, VECTOR, {"r": np.float32(0), "t": np.bool_(True)}, "_none")
    w = data("w", 2, 5, low=0.5)
    for op in "Add Sub Mul Div".split():
        one(op, 13, VECTOR, {"w": w}, "_weight")
        case(f"{op}_inputs_14", 14, [node(op, "x w", "y")], {"x": VECTOR, "w": w})
        case(f"{op}_constant_9", 9, [const("c", np.float32([1.5])), node(op, "x c", "y")], {"x": VECTOR})
        case(f"{op}_constant_first_13", 13, [const("c", np.float32(1.5)), node(op, "c x", "y")], {"x": positive})
        case(f"{op}_broadcast_13", 13, [const("c", data("c", 3, 1, 6, low=1)), node(op, "x c", "y")], {"x": IMAGE})
    case("Mul_wide_constant_13", 13, [const("c", np.full((1, 1, 1), 2, np.float32)), node("Mul", "x c", "y")], {"x": VECTOR})
    for op in "Max Min Sum Mean".split():
        case(f"{op}_13", 13, [node(op, "x u w", "y")], {"x": VECTOR, "u": data("u", 2, 5)}, {"w": data("w", 5)})
    one("Max", 9, VECTOR, suffix="_alone")
    for exponent in [2, 0.5, -1, 3, 1, -0.5, 1.5]:
        case(f"Pow_{str(exponent).replace('.', '_').replace('-', 'minus')}_13", 13, [const("e", np.float32(exponent)), node("Pow", "x e", "y")], {"x": positive})
    one("Pow", 15, positive, {"w": w}, "_weight")
    for op, opset in [("Equal", 11), ("Greater", 9), ("Less", 9), ("GreaterOrEqual", 12), ("LessOrEqual", 12)]:
        case(f"{op}_{opset}", opset, [node(op, "x u", "c"), node("Cast", "c", "y", to=F)], {"x": np.round(VECTOR), "u": np.round(data("u", 2, 5))})
    for op in "And Or Xor".split():
        case(f"{op}_13", 13, [const("z", np.float32(0)), node("Greater", "x z", "a"), node("Less", "u z", "b"), node(op, "a b", "c"),
                              node("Not", "c", "d"), node("Cast", "d", "y", to=F)], {"x": VECTOR, "u": data("u", 2, 5)})
    case("Where_16", 16, [const("z", np.float32(0)), node("Greater", "x z", "c"), node("Where", "c x w", "y")], {"x": VECTOR}, {"w": w})
    case("hard_swish_parts_11", 11,
         [const("three", np.float32([3])), const("zero", np.float32(0)), const("six", np.float32(6)), node("Add", "x three", "a"),
          node("Clip", "a zero six", "c"), node("Mul", "x c", "m"), node("Div", "m six", "y")], {"x": VECTOR * 3})
    case("gelu_parts_13", 13,
         [const("r", np.float32(2 ** 0.5)), const("u", np.float32(1)), const("h", np.float32(0.5)), node("Div", "x r", "a"), node("Erf", "a", "e"),
          node("Add", "e u", "s"), node("Mul", "x s", "m"), node("Mul", "m h", "y")], {"x": VECTOR})


def poolings():
    for op in ("MaxPool", "AveragePool"):
        one(op, 11, IMAGE, kernel_shape=[2, 2], strides=[2, 2])
        one(op, 11, IMAGE, suffix="_padded", kernel_shape=[3, 3], pads=[1, 1, 1, 1], strides=[2, 2])
        one(op, 11, IMAGE, suffix="_asymmetric", kernel_shape=[3, 3], pads=[0, 1, 1, 0], strides=[2, 2])
        one(op, 11, IMAGE, suffix="_wide", kernel_shape=[3, 2], pads=[2, 1, 2, 1])
        one(op, 11, IMAGE, suffix="_same_upper", kernel_shape=[3, 2], strides=[2, 2], auto_pad="SAME_UPPER")
        one(op, 11, IMAGE, suffix="_same_lower", kernel_shape=[2, 3], strides=[1, 2], auto_pad="SAME_LOWER")
        one(op, 22, IMAGE, suffix="_ceil", kernel_shape=[3, 3], strides=[2, 2], ceil_mode=1)
        one(op, 22, IMAGE, suffix="_ceil_padded", kernel_shape=[2, 3], strides=[3, 2], pads=[1, 1, 1, 1], ceil_mode=1)
        one(op, 22, IMAGE, suffix="_ceil_asymmetric", kernel_shape=[3, 3], strides=[3, 2], pads=[1, 0, 0, 1], ceil_mode=1)
        one(op, 22, IMAGE, suffix="_dilated", kernel_shape=[2, 3], dilations=[3, 2])
        one(op, 22, IMAGE, suffix="_dilated_padded", kernel_shape=[2, 2], dilations=[3, 2], pads=[1, 1, 1, 0], strides=[2, 1])
        one(op, 13, LINE, suffix="_line", kernel_shape=[3], strides=[2], pads=[0, 1])
    one("AveragePool", 11, IMAGE, suffix="_count", kernel_shape=[3, 3], pads=[1, 1, 1, 1], strides=[2, 2], count_include_pad=1)
    one("AveragePool", 11, IMAGE, suffix="_count_asymmetric", kernel_shape=[3, 3], pads=[0, 1, 1, 2], strides=[2, 2], count_include_pad=1)
    one("AveragePool", 22, IMAGE, suffix="_count_ceil", kernel_shape=[3, 3], pads=[1, 1, 1, 1], strides=[3, 3], count_include_pad=1, ceil_mode=1)
    one("MaxPool", 12, IMAGE, suffix="_columns", kernel_shape=[2, 2], storage_order=1)
    one("AveragePool", 11, data("block", 1, 1, 4, 3, 5), suffix="_channels", kernel_shape=[3, 1, 1], pads=[1, 0, 0, 1, 0, 0])
    one("MaxPool", 11, data("block", 2, 2, 4, 3, 5), suffix="_still", kernel_shape=[1, 1, 2], strides=[1, 1, 2])
    for op in ("GlobalAveragePool", "GlobalMaxPool"):
        one(op, 9, IMAGE)
        one(op, 13, LINE, suffix="_line")


def reductions():
    for op in "ReduceSum ReduceMean ReduceMax ReduceMin ReduceProd ReduceL1 ReduceL2 ReduceSumSquare".split():
        one(op, 11, IMAGE, axes=[2, 3])
        one(op, 11, IMAGE, suffix="_flat", axes=[-1, 1], keepdims=0)
        one(op, 18, IMAGE, {"a": ints(-1, 2)}, "_input", keepdims=0)
    one("ReduceSum", 13, IMAGE, {"a": ints(1)}, "_input")
    one("ReduceLogSum", 13, data("positive", 2, 3, 4, low=0.5), axes=[1])
    one("ReduceLogSumExp", 13, IMAGE * 20, axes=[1, 3], keepdims=0)
    one("ReduceLogSumExp", 18, VECTOR, suffix="_all")
    one("CumSum", 11, VECTOR, {"a": np.int64(1)})
    one("CumSum", 14, VECTOR, {"a": np.int32(-2)}, "_reverse", reverse=1)
    one("CumSum", 14, VECTOR, {"a": np.int64(1)}, "_exclusive", exclusive=1, reverse=1)
    for op in ("ArgMax", "ArgMin"):
        case(f"{op}_last_12", 12, [node(op, "x", "y", axis=1, select_last_index=1)], {"x": np.round(VECTOR / 2)}, types={"y": I})
    one("ReduceMean", 9, VECTOR, suffix="_all")
    case("ReduceSum_noop_13", 13, [node("ReduceSum", "x", "y", noop_with_empty_axes=1)], {"x": VECTOR})
    for op in ("ArgMax", "ArgMin"):
        case(f"{op}_9", 9, [node(op, "x", "i", axis=1), node("Cast", "i", "y", to=F)], {"x": IMAGE})
        case(f"{op}_flat_13", 13, [node(op, "x", "y", axis=-1, keepdims=0)], {"x": VECTOR}, types={"y": I})
    for op in ("Softmax", "LogSoftmax"):
        one(op, 9, VECTOR)
        one(op, 11, IMAGE, suffix="_matrix", axis=1)
        one(op, 11, IMAGE, suffix="_last", axis=3)
        one(op, 13, IMAGE, suffix="_axis", axis=1)
        one(op, 13, IMAGE, suffix="_default")


def layouts():
    one("Reshape", 9, IMAGE, {"s": ints(0, -1)})
    one("Reshape", 14, IMAGE, {"s": ints(2, 7, 3, 6)}, "_full")
    one("Flatten", 9, IMAGE)
    one("Flatten", 13, IMAGE, suffix="_axis", axis=-2)
    one("Flatten", 11, IMAGE, suffix="_zero", axis=0)
    one("Transpose", 9, IMAGE)
    one("Transpose", 13, IMAGE, suffix="_perm", perm=[0, 2, 3, 1])
    thin = data("thin", 2, 1, 5, 1)
    one("Squeeze", 9, thin, axes=[1, 3])
    one("Squeeze", 11, thin, suffix="_negative", axes=[-1])
    one("Squeeze", 13, thin, {"a": ints(1)}, "_input")
    one("Squeeze", 13, thin, suffix="_all")
    one("Unsqueeze", 9, VECTOR, axes=[0, 3])
    one("Unsqueeze", 13, VECTOR, {"a": ints(-1, 1)}, "_input")
    case("Concat_9", 9, [node("Concat", "x u w", "y", axis=1)], {"x": IMAGE, "u": data("u", 2, 1, 7, 6)}, {"w": data("w", 2, 2, 7, 6)})
    case("Concat_negative_13", 13, [node("Concat", "x x", "y", axis=-1)], {"x": IMAGE})
    one("Slice", 9, IMAGE, starts=[1, -4], ends=[3, 2 ** 40], axes=[1, 2])
    one("Slice", 13, IMAGE, {"s": ints(0, 1), "e": ints(2, 100)}, "_leading")
    one("Slice", 13, IMAGE, {"s": ints(-1, 0), "e": ints(-100, 5), "a": ints(2, 3), "t": ints(-2, 2)}, "_steps")
    one("Slice", 13, IMAGE, {"s": ints(5), "e": ints(1), "a": ints(-2), "t": ints(-1)}, "_backwards")
    case("Split_9", 9, [node("Split", "x", "a b", axis=2, split=[3, 4]), node("Relu", "b", "y")], {"x": IMAGE}, ys="y a")
    case("Split_equal_11", 11, [node("Split", "x", "a b c", axis=1)], {"x": IMAGE}, ys="c a b")
    case("Split_input_13", 13, [node("Split", "x s", "a b", axis=-1)], {"x": IMAGE}, {"s": ints(2, 4)}, ys="a b")
    case("Split_outputs_18", 18, [node("Split", "x", "a b", axis=2, num_outputs=2)], {"x": IMAGE}, ys="a b")
    one("Gather", 9, IMAGE, {"i": ints(2, 0)}, axis=1)
    one("Gather", 13, IMAGE, {"i": np.int64(-1)}, "_scalar", axis=2)
    one("Gather", 13, IMAGE, {"i": np.array([[0, 3], [2, 1]], np.int32)}, "_matrix", axis=3)
    one("GatherElements", 11, IMAGE, {"i": rng("places").integers(-3, 3, (2, 5, 7, 2))}, axis=1)
    one("GatherElements", 13, VECTOR, {"i": np.array([[1, 0, 1]], np.int32)}, "_rows")
    one("Trilu", 14, IMAGE)
    one("Trilu", 14, IMAGE, {"k": np.int64(-2)}, "_diagonal")
    one("Trilu", 14, IMAGE, {"k": np.int64(1)}, "_lower", upper=0)
    one("Expand", 13, data("e", 2, 1, 3), {"s": ints(4, 1)})
    one("Tile", 13, VECTOR, {"r": ints(2, 3)})
    one("Pad", 9, IMAGE, pads=[0, 0, 1, 2, 0, 0, 3, 0], value=0.5)
    one("Pad", 13, IMAGE, {"p": ints(0, 1, 0, 2, 0, 0, 1, 0), "v": np.float32(-1)}, "_input")
    one("Pad", 13, IMAGE, {"p": ints(0, 0, -1, 2, 0, 0, 1, -3)}, "_negative")
    case("Pad_axes_18", 18, [node("Pad", "x p _ a", "y")], {"x": IMAGE}, {"p": ints(1, 2, 0, 3), "a": ints(3, -2)})
    one("Pad", 11, IMAGE, {"p": ints(0, 0, 2, 3, 0, 0, 1, 5)}, "_reflect", mode="reflect")
    one("Pad", 13, IMAGE, {"p": ints(0, 0, 2, 3, 0, 0, 1, 8)}, "_edge", mode="edge")
    one("Pad", 19, IMAGE, {"p": ints(0, 0, 2, 3, 0, 0, 1, 0)}, "_wrap", mode="wrap")
    deep = data("deep", 2, 8, 3, 2)
    one("DepthToSpace", 11, deep, blocksize=2)
    one("DepthToSpace", 13, deep, suffix="_crd", blocksize=2, mode="CRD")
    one("SpaceToDepth", 13, data("wide", 2, 3, 4, 6), blocksize=2)


def resizes():
    one("Upsample", 9, IMAGE, {"s": np.float32([1, 1, 2, 3])}, mode="nearest")
    one("Resize", 10, IMAGE, {"s": np.float32([1, 1, 2, 2])}, mode="nearest")
    one("Resize", 10, IMAGE, {"s": np.float32([1, 1, 0.5, 0.4])}, "_down", mode="nearest")
    for i, (coordinates, rounding) in enumerate([("asymmetric", "floor"), ("half_pixel", "round_prefer_floor"), ("half_pixel", "round_prefer_ceil"),
                                                 ("pytorch_half_pixel", "ceil"), ("align_corners", "round_prefer_floor"), ("tf_half_pixel_for_nn", "floor")]):
        for scale in (2, 1.5, 0.6):
            case(f"Resize_{i}_{str(scale).replace('.', '_')}_11", 11, [const("r", np.float32([])), const("s", np.float32([1, 1, scale, scale])),
                 node("Resize", "x r s", "y", mode="nearest", coordinate_transformation_mode=coordinates, nearest_mode=rounding)], {"x": IMAGE})
    for i, coordinates in enumerate(["half_pixel", "asymmetric", "align_corners", "pytorch_half_pixel"]):
        for scale in (2, 1.3, 0.6):
            case(f"Resize_linear_{i}_{str(scale).replace('.', '_')}_13", 13, [node("Resize", "x _ s", "y", mode="linear", coordinate_transformation_mode=coordinates)],
                 {"x": IMAGE}, {"s": np.float32([1, 1, scale, 2])})
    one("Upsample", 9, IMAGE, {"s": np.float32([1, 1, 2, 3])}, "_linear", mode="linear")
    case("Resize_sizes_13", 13, [node("Resize", "x _ _ s", "y", mode="nearest")], {"x": IMAGE}, {"s": ints(2, 3, 10, 6)})
    case("Resize_axes_18", 18, [node("Resize", "x _ s", "y", mode="nearest", axes=[2, 3])], {"x": IMAGE}, {"s": np.float32([2, 0.5])})
    case("Resize_symmetric_19", 19, [node("Resize", "x _ s", "y", mode="nearest", coordinate_transformation_mode="half_pixel_symmetric")],
         {"x": IMAGE}, {"s": np.float32([1, 1, 1.7, 0.6])})


def shape_logic():
    case("view_by_size_11", 11,
         [node("Shape", "x", "s"), const("zero", np.int64(0)), node("Gather", "s zero", "n", axis=0), node("Unsqueeze", "n", "u", axes=[0]),
          const("rest", ints(-1)), node("Concat", "u rest", "t", axis=0), node("Reshape", "x t", "y")], {"x": IMAGE})
    case("arithmetic_on_sizes_13", 13,
         [node("Shape", "x", "s"), node("Slice", "s two four", "hw"), node("Mul", "hw twos", "d"), node("Sub", "d ones", "e"), node("Div", "e twos", "q"),
          node("Mod", "d threes", "m"), node("Max", "q m", "b"), node("Concat", "one3 b", "z", axis=0), node("ConstantOfShape", "z", "c", value=helper.make_tensor("v", F, [1], [0.25])),
          node("Slice", "x zeros b axes", "p"), node("Add", "p c", "y")],
         {"x": IMAGE}, {"two": ints(2), "four": ints(4), "twos": ints(2, 2), "ones": ints(1, 1), "threes": ints(3, 3), "one3": ints(1, 3), "zeros": ints(0, 0), "axes": ints(2, 3)})
    case("range_where_expand_13", 13,
         [node("Shape", "x", "s"), const("one", np.int64(1)), const("zero", np.int64(0)), node("Gather", "s one", "n"), node("Range", "zero n one", "r"),
          const("two", np.int64(2)), node("Mod", "r two", "p"), node("Equal", "p zero", "even"), const("a", np.float32(1)), const("b", np.float32(-1)),
          node("Where", "even a b", "sign"), node("Expand", "sign s", "signs"), node("Mul", "x signs", "y")], {"x": VECTOR})
    case("float_scale_by_size_13", 13,
         [node("Shape", "x", "s", ), const("i", ints(1)), node("Gather", "s i", "n"), node("Cast", "n", "f", to=F), node("Sqrt", "f", "q"), node("Div", "x q", "y")], {"x": VECTOR})
    case("Shape_part_15", 15, [node("Shape", "x", "s", start=1, end=-1), node("Size", "x", "n"), node("Cast", "n", "f", to=F), node("ReduceProd", "s", "p", keepdims=0),
                               node("Cast", "p", "g", to=F), node("Div", "x f", "d"), node("Mul", "d g", "y")], {"x": IMAGE})
    case("Constant_forms_13", 13,
         [helper.make_node("Constant", [], ["a"], value_float=2.0), helper.make_node("Constant", [], ["b"], value_floats=[1.0, 2, 3, 4, 5]),
          helper.make_node("Constant", [], ["i"], value_int=1), helper.make_node("Constant", [], ["k"], value_ints=[1, 5]),
          node("Mul", "x a", "m"), node("Add", "m b", "n"), node("Gather", "n i", "g", axis=0), node("Reshape", "g k", "y")], {"x": VECTOR})
    case("weights_of_weights_13", 13,
         [node("Add", "v e", "a"), node("Sqrt", "a", "d"), node("Div", "s d", "f"), node("Unsqueeze", "f ax", "u"), node("Mul", "x u", "m"),
          node("Transpose", "w", "t"), node("MatMul", "x3 t", "z"), node("Exp", "l", "q"), node("Div", "z q", "y")],
         {"x": IMAGE, "x3": VECTOR}, {"v": data("v", 3, low=0.5), "e": np.float32(0.001), "s": data("s", 3), "ax": ints(1, 2), "w": data("w", 4, 5), "l": np.float32(0.5)}, ys="y m")
    branch = lambda op: helper.make_graph([node(op, "x", "t")], op, [], [helper.make_tensor_value_info("t", F, None)])
    case("If_16", 16, [node("Shape", "x", "s"), const("i", np.int64(1)), node("Gather", "s i", "n"), const("five", np.int64(5)), node("Equal", "n five", "c"),
                       node("If", "c", "y", then_branch=branch("Relu"), else_branch=branch("Exp"))], {"x": VECTOR})
    info = helper.make_tensor_value_info
    body = helper.make_graph([node("Mul", "v half", "h"), node("Add", "h x", "w"), node("ReduceSum", "w", "s", keepdims=0), node("Identity", "g", "k")], "body",
                             [info("i", I, []), info("g", B, []), info("v", F, None)], [info("k", B, []), info("w", F, None), info("s", F, [])])
    case("Loop_16", 16, [const("m", np.int64(3)), const("half", np.float32(0.5)), node("Loop", "m _ x", "y s", body=body)], {"x": VECTOR}, ys="y s")
    until = helper.make_graph([const("one", np.int64(1)), const("two", np.int64(2)), node("Add", "n one", "k"), node("Less", "k two", "more"), node("Add", "v v", "w")], "until",
                              [info("i", I, []), info("g", B, []), info("n", I, []), info("v", F, None)], [info("more", B, []), info("k", I, []), info("w", F, None)])
    case("Loop_condition_13", 13, [const("yes", np.bool_(True)), const("zero", np.int64(0)), node("Loop", "_ yes zero x", "z y", body=until)], {"x": VECTOR})
    case("CastLike_15", 15, [node("Greater", "x w", "c"), node("CastLike", "c x", "y")], {"x": VECTOR}, {"w": data("w", 5)})
    case("unneeded_13", 13, [node("Relu", "x", "y"), node("TopK", "x k", "v i")], {"x": VECTOR}, {"k": ints(1)})


def storage():
    w = data("w", 5)
    tensor = lambda name, type, values, raw=False: helper.make_tensor(name, type, [5], values, raw)
    case("float_data_13", 13, [node("Add", "x w", "y")], {"x": VECTOR}, tensors=[tensor("w", F, w)])
    case("double_data_13", 13, [node("Cast", "w", "c", to=F), node("Add", "x c", "y")], {"x": VECTOR}, tensors=[tensor("w", D, w.astype(np.float64))])
    case("float16_data_13", 13, [node("Cast", "w", "c", to=F), node("Add", "x c", "y")], {"x": VECTOR}, tensors=[tensor("w", TensorProto.FLOAT16, w.astype(np.float16))])
    case("float16_raw_13", 13, [node("Cast", "w", "c", to=F), node("Add", "x c", "y")], {"x": VECTOR}, {"w": w.astype(np.float16)})
    bits = (w.view(np.uint32) >> 16).astype(np.uint16)
    bfloat = TensorProto(name="w", data_type=TensorProto.BFLOAT16, dims=[5], raw_data=bits.tobytes())
    case("bfloat16_raw_13", 13, [node("Cast", "w", "c", to=F), node("Add", "x c", "y")], {"x": VECTOR}, tensors=[bfloat])
    case("int64_data_13", 13, [node("Reshape", "x s", "y")], {"x": VECTOR}, tensors=[helper.make_tensor("s", I, [2], [5, -1])])
    case("int32_data_13", 13, [node("Gather", "x s", "y", axis=1)], {"x": VECTOR}, tensors=[helper.make_tensor("s", TensorProto.INT32, [2], [4, -2])])
    case("bool_data_13", 13, [node("Where", "c x z", "y")], {"x": VECTOR}, tensors=[tensor("c", B, [True, False, True, True, False]), helper.make_tensor("z", F, [], [7.0])])
    case("int8_data_13", 13, [node("Cast", "w", "c", to=F), node("Add", "x c", "y")], {"x": VECTOR}, tensors=[tensor("w", TensorProto.INT8, [-3, 2, 1, 0, 127])])
    case("double_raw_13", 13, [node("Cast", "w", "c", to=F), node("Add", "x c", "y")], {"x": VECTOR}, {"w": w.astype(np.float64)})
    case("empty_13", 13, [node("Concat", "x e", "y", axis=1)], {"x": VECTOR}, {"e": np.zeros((2, 0), np.float32)})
    case("external_13", 13, [node("MatMul", "x w", "m"), node("Add", "m b", "y")], {"x": VECTOR}, {"w": data("w", 5, 300), "b": data("b", 300)}, external=True)


def networks():
    """Blocks that exporters write, in small."""
    f = helper.make_function("local", "ScaledRelu", ["a", "scale"], ["r"],
                             [node("Mul", "a scale", "m"), helper.make_node("LeakyRelu", ["m"], ["r"])], [helper.make_opsetid("", 18)], ["alpha"])
    ref = onnx.AttributeProto(name="alpha", ref_attr_name="alpha", type=onnx.AttributeProto.FLOAT)
    f.node[1].attribute.append(ref)
    g = helper.make_function("local", "Twice", ["a", "scale"], ["r"],
                             [helper.make_node("ScaledRelu", ["a", "scale"], ["b"], domain="local", alpha=0.5), helper.make_node("ScaledRelu", ["b", "scale"], ["r"], domain="local", alpha=0.25)],
                             [helper.make_opsetid("", 18), helper.make_opsetid("local", 1)])
    case("functions_18", 18, [helper.make_node("Twice", ["x", "w"], ["y"], domain="local", name="twice")], {"x": VECTOR}, {"w": data("w", 5)}, functions=[f, g], imports=["local"])
    c = lambda n, k, i, s=3: {f"{n}w": data(f"{n}w", k, i, s, s, low=-0.5, high=0.5), f"{n}b": data(f"{n}b", k)}
    # a residual block whose shortcut is pooled and padded with channels, as in the networks for CIFAR-10
    case("padded_shortcut_13", 13,
         [node("Conv", "x aw ab", "a", pads=[1, 1, 1, 1], strides=[2, 2]), node("Relu", "a", "b"), node("Conv", "b bw bb", "c", pads=[1, 1, 1, 1]),
          node("AveragePool", "x", "p", kernel_shape=[2, 2], strides=[2, 2], ceil_mode=1), node("Pad", "p pads", "q"), node("Add", "c q", "s"), node("Relu", "s", "y")],
         {"x": data("even", 2, 3, 8, 8)}, {**c("a", 6, 3), **c("b", 6, 6), "pads": ints(0, 1, 0, 0, 0, 2, 0, 0)})
    # squeeze and excitation with the channels scaled
    case("excitation_14", 14,
         [node("Conv", "x dw", "d", pads=[1, 1, 1, 1], group=3), node("HardSwish", "d", "h"), node("GlobalAveragePool", "h", "g"), node("Conv", "g aw ab", "s"), node("Relu", "s", "r"),
          node("Conv", "r bw bb", "t"), node("HardSigmoid", "t", "e", alpha=0.2, beta=0.5), node("Mul", "h e", "y")],
         {"x": IMAGE}, {"dw": data("dw", 3, 1, 3, 3), **c("a", 2, 3, 1), **c("b", 3, 2, 1)})
    # fire module: two branches side by side, and a second output
    for opset in (9, 15, 18, 21, 23):
        case(f"fire_{opset}", opset,
             [node("Conv", "x sw sb", "s"), node("Relu", "s", "q"), node("Conv", "q aw ab", "a"), node("Conv", "q bw bb", "b", pads=[1, 1, 1, 1]), node("Concat", "a b", "c", axis=1),
              node("Relu", "c", "r"), node("GlobalAveragePool", "r", "g"), node("Flatten", "g", "y")],
             {"x": IMAGE}, {**c("s", 2, 3, 1), **c("a", 3, 2, 1), **c("b", 3, 2)}, ys="y q")
    # layer normalization as older exporters spell it
    case("layer_norm_parts_13", 13,
         [node("ReduceMean", "x", "m", axes=[-1]), node("Sub", "x m", "d"), const("two", np.float32(2)), node("Pow", "d two", "q"), node("ReduceMean", "q", "v", axes=[-1]),
          const("e", np.float32(1e-5)), node("Add", "v e", "w"), node("Sqrt", "w", "r"), node("Div", "d r", "n"), node("Mul", "n s", "g"), node("Add", "g b", "y")],
         {"x": VECTOR}, {"s": data("s", 5), "b": data("b", 5)})
    # attention over a few tokens
    case("attention_13", 13,
         [node("MatMul", "x q", "a"), node("MatMul", "x k", "b"), node("MatMul", "x v", "c"), node("Transpose", "b", "t", perm=[0, 2, 1]), node("MatMul", "a t", "s"),
          const("r", np.float32(2)), node("Div", "s r", "d"), node("Softmax", "d", "p", axis=-1), node("MatMul", "p c", "y")],
         {"x": data("tokens", 2, 3, 4)}, {k: data(k, 4, 4) for k in "qkv"})


def npy(array):
    out = io.BytesIO()
    np.save(out, np.ascontiguousarray(array))
    return out.getvalue()


def main(path):
    for group in (convolutions, normalizations, products, elementwise, poolings, reductions, layouts, resizes, shape_logic, storage, networks):
        group()
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        def add(name, content):
            archive.writestr(zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)), content, zipfile.ZIP_DEFLATED, 9)

        names = set()
        for name, model, xs, external in CASES:
            assert name not in names, name
            names.add(name)
            session = onnxruntime.InferenceSession(model.SerializeToString(), options)
            ys = session.run(None, {i.name: x for i, x in zip(session.get_inputs(), xs)})
            if external:
                with tempfile.TemporaryDirectory() as folder:
                    file = Path(folder) / f"{name}.onnx"
                    onnx.save(model, file, save_as_external_data=True, location=f"{name}.data", size_threshold=0)
                    add(f"{name}.onnx", file.read_bytes())
                    add(f"{name}.data", (Path(folder) / f"{name}.data").read_bytes())
            else:
                add(f"{name}.onnx", model.SerializeToString())
            for letter, arrays in (("x", xs), ("y", ys)):
                for i, array in enumerate(arrays):
                    add(f"{name}.{letter}{i}.npy", npy(array))
    print(len(CASES), "cases,", Path(path).stat().st_size, "bytes")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(sys.argv[1])
