#!/usr/bin/env python3
"""Makes the small TorchScript files of the tests: NAME.traced.pt, NAME.scripted.pt, NAME.frozen.pt and NAME.io.npz.

Needs PyTorch (made with 1.13) and NumPy. usage: make_small_fixtures.py OUT_DIR [NAME...]
The npz holds inputs x0, x1, ... and outputs y0, y1, ... Debug records, which nothing reads, are removed.
"""
import sys
import zipfile
from typing import Dict, List, NamedTuple, Optional, Tuple

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn


class Mobile(nn.Module):
    """Depthwise and 1x1 convolutions without bias, squeeze and excitation, shortcut, dropout."""

    def __init__(self):
        super().__init__()
        self.stem = nn.Sequential(nn.Conv2d(3, 8, 3, 2, 1, bias=False), nn.BatchNorm2d(8), nn.ReLU6(inplace=True))
        self.depth = nn.Sequential(nn.Conv2d(8, 8, 3, 1, 1, groups=8, bias=False), nn.BatchNorm2d(8), nn.Hardswish())
        self.point = nn.Conv2d(8, 8, 1)
        self.squeeze = nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Conv2d(8, 4, 1), nn.ReLU(), nn.Conv2d(4, 8, 1), nn.Hardsigmoid())
        self.head = nn.Sequential(nn.Dropout(0.2), nn.Linear(8, 5))

    def forward(self, x):
        x = self.stem(x)
        y = self.point(self.depth(x))
        y = y * self.squeeze(y)
        y += x
        return self.head(y.mean([2, 3]))


class Shortcut(nn.Module):
    """Shortcuts with padding, concatenation and average pooling; scale layers; several outputs."""

    def __init__(self):
        super().__init__()
        self.a = nn.Conv2d(3, 6, 3, 2, 1, bias=False)
        self.b = nn.Conv2d(6, 12, 3, 2, 1, bias=False)
        self.norm = nn.BatchNorm2d(12, affine=False)
        self.scale = nn.Parameter(torch.randn(12, 1, 1))
        self.gain = nn.Parameter(torch.tensor(0.7))

    def forward(self, x):
        padded = F.pad(x[:, :, ::2, ::2], (0, 0, 0, 0, 1, 2))
        y = F.relu(self.a(x) + padded)
        pooled = F.avg_pool2d(y, 2)
        z = self.norm(self.b(y)) * self.scale + torch.cat([pooled, torch.zeros_like(pooled)], 1)
        z = z.relu_() * self.gain
        return z.flatten(1), pooled, z.amax((2, 3))


class Lambda(nn.Module):
    def __init__(self, function):
        super().__init__()
        self.function = function

    def forward(self, x):
        return self.function(x)


class BlockA(nn.Module):
    """He et al., "Deep Residual Learning", CVPR 2016, section 4.2, as most programs for CIFAR write its option A."""

    def __init__(self, i, o, stride):
        super().__init__()
        self.conv1, self.bn1 = nn.Conv2d(i, o, 3, stride, 1, bias=False), nn.BatchNorm2d(o)
        self.conv2, self.bn2 = nn.Conv2d(o, o, 3, 1, 1, bias=False), nn.BatchNorm2d(o)
        self.shortcut = nn.Sequential()
        if stride != 1 or i != o:
            self.shortcut = Lambda(lambda x: F.pad(x[:, :, ::2, ::2], (0, 0, 0, 0, o // 4, o // 4), "constant", 0))

    def forward(self, x):
        y = self.bn2(self.conv2(F.relu(self.bn1(self.conv1(x)))))
        y += self.shortcut(x)
        return F.relu(y)


class Cifar(nn.Module):
    def __init__(self):
        super().__init__()
        self.stem = nn.Conv2d(3, 4, 3, 1, 1, bias=False)
        self.blocks = nn.Sequential(BlockA(4, 4, 1), BlockA(4, 8, 2), BlockA(8, 16, 2))
        self.linear = nn.Linear(16, 5)

    def forward(self, x):
        y = self.blocks(F.relu(self.stem(x)))
        y = F.avg_pool2d(y, int(y.size()[3]))
        return self.linear(y.view(y.size(0), -1))


class Further(nn.Module):
    """Transposed convolutions, and operators that are seen more rarely."""

    def __init__(self):
        super().__init__()
        self.up = nn.ConvTranspose2d(4, 6, (4, 3), (2, 3), (1, 2), (1, 2))
        self.apart = nn.ConvTranspose2d(6, 6, 2, 2, groups=3, dilation=(1, 2), bias=False)
        self.line = nn.ConvTranspose1d(4, 3, 3, 2, 2, 1)
        self.rows = nn.Embedding(5, 3)
        self.v = nn.Parameter(torch.randn(4, 4, 1, 1))
        self.g = nn.Parameter(torch.randn(4, 1, 1, 1))

    def forward(self, x):
        y = F.relu(self.apart(self.up(x)))
        line = self.line(x.flatten(2)) + self.rows(torch.tensor([2, 0, 4])).unsqueeze(0)[:, :, :1]
        weight = torch._weight_norm(self.v, self.g, 0)
        deviation, mean = torch.var_mean(weight, dim=[1, 2, 3], keepdim=True, unbiased=False)
        z = F.conv2d(x, (weight - mean) * torch.rsqrt(deviation + 1e-4))
        z = F.softshrink(z, 0.3) + F.hardshrink(z, 0.25) + F.softsign(z)
        z[:, 1::2, ::2] = x[:, ::2, 1:]
        return y, line, z, x.unfold(2, 2, 1).mean(-1), x.prod(1)


class Photograph(nn.Sequential):
    """Few operations on images of any size."""

    def __init__(self):
        super().__init__(nn.AvgPool2d(16), nn.Conv2d(3, 4, 3, 1, 1), nn.ReLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(4, 5))


class Activations(nn.Module):
    def __init__(self):
        super().__init__()
        self.prelu = nn.PReLU(4)
        self.all = nn.ModuleList([
            nn.LeakyReLU(0.2), nn.ELU(0.5), nn.SELU(), nn.CELU(1.5), nn.GELU(), nn.GELU("tanh"), nn.SiLU(), nn.Mish(),
            nn.Softplus(), nn.LogSigmoid(), nn.Tanh(), nn.Sigmoid(), nn.Hardtanh(-0.5, 0.7), nn.Threshold(0.1, -0.3),
            nn.Hardswish(), nn.Hardsigmoid(), nn.Softmax(1), nn.LogSoftmax(2), nn.ReLU6(), nn.RReLU(), nn.Identity()])

    def forward(self, x):
        y = [self.prelu(x), F.glu(x, 1), x.clamp(min=-1.0), torch.clamp(x, -0.2, 0.4), x.clamp_max(0.3)]
        for f in self.all:
            y.append(f(x))
        return torch.cat(y, 1)


class Layouts(nn.Module):
    def forward(self, x):
        n, c, h, w = x.shape
        y = x.permute(0, 2, 3, 1).contiguous().view(n, h * w, c).transpose(1, 2)
        y = y.reshape(n, c, h, -1)
        a, b = y.chunk(2, 1)
        p, q, r = torch.split(x, [1, 2, 1], dim=1)
        s = torch.stack([a, b], 2).unsqueeze(0).squeeze(0).flatten(1, 2)
        t = F.pixel_shuffle(x, 2).repeat(1, 4, 1, 1)[:, :, ::2, 1::2]
        u = x.view(n, 2, c // 2, h, w).transpose(1, 2).reshape(n, c, h, w)
        v = torch.cat([q, r, p], 1).flip(3).roll(1, 2)
        first = x.unbind(1)[0].unsqueeze(1).expand(-1, c, -1, -1)
        part = x.select(1, -1).narrow(1, 0, 2).unsqueeze(1).expand(n, c, 2, w)
        index = torch.arange(c - 1, -1, -1)
        picked = x.index_select(1, index) + x[:, index]
        return torch.cat([s, t, u, v, first, picked], 1), part.movedim(1, -1), x.mT.sum((0, 1))


class Pools(nn.Module):
    def __init__(self):
        super().__init__()
        self.all = nn.ModuleList([
            nn.MaxPool2d(3, 2, 1), nn.MaxPool2d(3, 2, ceil_mode=True), nn.MaxPool2d((2, 3), (1, 2)), nn.AvgPool2d(3, 2, 1),
            nn.AvgPool2d(3, 2, 1, count_include_pad=False), nn.AvgPool2d(2, ceil_mode=True), nn.AdaptiveAvgPool2d(1),
            nn.AdaptiveAvgPool2d((3, 4)), nn.AdaptiveAvgPool2d((9, 10)), nn.AdaptiveMaxPool2d(3), nn.AdaptiveMaxPool2d((1, 1))])

    def forward(self, x):
        y: List[Tensor] = []
        for f in self.all:
            y.append(f(x).flatten(1))
        line = x.flatten(2)
        y.append(F.max_pool1d(line, 3, 2, 1).flatten(1))
        y.append(F.avg_pool1d(line, 4).flatten(1))
        y.append(F.adaptive_avg_pool1d(line, 5).flatten(1))
        return torch.cat(y, 1)


class Resizes(nn.Module):
    def forward(self, x):
        a = F.interpolate(x, scale_factor=2.0)
        b = F.interpolate(x, size=[7, 9])
        c = F.interpolate(x, scale_factor=2.0, mode="bilinear", align_corners=True)
        d = F.interpolate(x, size=[5, 11], mode="bilinear", align_corners=False)
        e = F.interpolate(x, scale_factor=1.7, mode="bilinear")
        return a, b, c, d, e, F.interpolate(x, size=[5, 4], mode="nearest-exact")


class Norms(nn.Module):
    def __init__(self):
        super().__init__()
        self.layer = nn.LayerNorm([4, 6, 6])
        self.last = nn.LayerNorm(6, elementwise_affine=False)
        self.group = nn.GroupNorm(2, 4)
        self.instance = nn.InstanceNorm2d(4, affine=True)
        self.untracked = nn.BatchNorm2d(4, track_running_stats=False)
        for p in self.parameters():
            nn.init.normal_(p)

    def forward(self, x):
        y = self.layer(x) + self.last(x) + self.group(x) + self.instance(x) + self.untracked(x)
        return y, F.normalize(x, dim=1)


class Arithmetic(nn.Module):
    def forward(self, x, y):
        a = torch.add(x, y, alpha=0.5) - y * 2 + 3 - x / 4 + 1.0 / (x * x + 1)
        b = x ** 2 + x ** 3 - (x.abs() + 1) ** 0.5 + (y.abs() + 1).pow(-1) + torch.rsqrt(y * y + 1)
        c = torch.where(x > y, x, y) + torch.max(x, y) - torch.minimum(x, y) + (x >= 0).float() + torch.sub(x, y, alpha=2)
        d = x.mean(dim=(0, 2), keepdim=True) + x.sum(-1, keepdim=True) + x.var(1, keepdim=True) + x.std(dim=2, keepdim=True, unbiased=False)
        e = torch.logsumexp(x, 1, keepdim=True) + x.cumsum(2) + x.max(1, keepdim=True)[0] + x.min() + x.norm() + torch.exp(-x.abs())
        e = torch.addcmul(e, x, y, value=0.3) + torch.lerp(x, y, 0.2) + (-x).square() + x.masked_fill(x < 0, 2.0)
        return a + b, c + d, e, x.argmax(1), torch.matmul(x, y.transpose(1, 2)), x.mean()


class Lines(nn.Module):
    """Convolutions in one dimension, padding by copies, same padding, dilation, groups, channels-last weights."""

    def __init__(self):
        super().__init__()
        self.a = nn.Conv1d(3, 6, 3, padding="same", dilation=2)
        self.b = nn.Conv1d(6, 6, 4, 2, 1, groups=3, padding_mode="reflect")
        self.c = nn.Conv2d(1, 4, (4, 3), padding="same").to(memory_format=torch.channels_last)
        self.d = nn.Conv2d(4, 2, (3, 2), (2, 1), (2, 0), (1, 2), padding_mode="replicate")
        self.e = nn.Conv2d(2, 2, 3, padding="valid")

    def forward(self, x):
        y = self.b(F.relu(self.a(x)))
        z = self.e(self.d(self.c(y.unsqueeze(1))))
        return y, z, self.a(x[0])


class Attention(nn.Module):
    def __init__(self):
        super().__init__()
        self.norm = nn.LayerNorm(8)
        self.qkv = nn.Linear(8, 24, bias=False)
        self.out = nn.Linear(8, 8)
        self.position = nn.Parameter(torch.randn(1, 5, 8))

    def forward(self, x):
        x = x + self.position
        n, t, c = x.shape
        q, k, v = self.qkv(self.norm(x)).reshape(n, t, 3, 2, c // 2).permute(2, 0, 3, 1, 4).unbind(0)
        weights = (q @ k.transpose(-2, -1) * (c // 2) ** -0.5).softmax(dim=-1)
        y = torch.baddbmm(x, weights.mean(1), v.transpose(1, 2).flatten(2))
        return self.out(torch.bmm(weights.sum(1), x)) + y


class Storages(nn.Module):
    """Data types; shared storages, offsets, strides, gaps; weights that the model computes with."""

    def __init__(self):
        super().__init__()
        flat = torch.randn(64)
        self.tied = nn.Linear(4, 4)
        self.again = nn.Linear(4, 4)
        self.again.weight = self.tied.weight
        self.register_buffer("part", flat[8:24].view(4, 4))
        self.register_buffer("gaps", flat.view(8, 8)[::2, 1:5])
        self.register_buffer("turned", flat[:16].view(4, 4).t())
        self.register_buffer("wide", flat[3].expand(4, 4))
        self.register_buffer("narrow", torch.randn(4, 4).half())
        self.register_buffer("brain", torch.randn(4, 4).bfloat16())
        self.register_buffer("real", torch.randn(4, 4).double())
        self.register_buffer("small", torch.arange(16).view(4, 4).short())
        self.register_buffer("byte", torch.arange(16).view(4, 4).byte())
        self.register_buffer("index", torch.tensor([2, 0, 3, 1]))
        self.register_buffer("mask", torch.eye(4) > 0)
        self.g = nn.Parameter(torch.randn(4, 1))

    def forward(self, x):
        v = self.g * self.part / self.part.norm(2, dim=1, keepdim=True)
        w = self.gaps + self.turned + self.wide + self.narrow.float() + self.brain.float() + self.small.to(torch.float32)
        w = w + self.byte.type_as(x) * 0.1 + self.mask.float()
        y = F.linear(x, v) + torch.addmm(self.tied.bias, x, w.t()) + x.mm(self.gaps.t()) + x @ self.turned
        y = self.again(self.tied(y))[:, self.index]
        return y, (y.double() @ self.real).float()


class Result(NamedTuple):
    first: Tensor
    second: Tensor


def scaled(x: Tensor, factor: float = 2.0, shift: Optional[Tensor] = None) -> Tensor:
    if shift is None:
        return x * factor
    return x * factor + shift


@torch.jit.script
class Window:
    def __init__(self, size: int):
        self.size = size
        self.used = 0

    def take(self, x: Tensor) -> Tensor:
        self.used += self.size
        return x[:, :self.size]


class Control(nn.Module):
    """Everything that shapes decide: conditions, loops, lists, dictionaries, tuples, objects, defaults, early returns."""

    names: List[str]

    def __init__(self):
        super().__init__()
        self.layers = nn.ModuleList([nn.Linear(6, 6), nn.Linear(6, 6), nn.Linear(6, 6)])
        self.names = ["a", "b", "c"]
        self.table = {"a": 0.5, "b": -1.5, "c": 2.0}
        self.count = 0
        self.maybe: Optional[int] = None

    def pair(self, x: Tensor, n: int) -> Tuple[Tensor, int]:
        if x.dim() != 2:
            raise ValueError("expected two axes, got {}".format(x.dim()))
        return x + n, n + 1

    def forward(self, x: Tensor, y: Optional[Tensor] = None) -> Result:
        if self.training:
            x = F.dropout(x, 0.9)
        parts: List[Tensor] = []
        found: Dict[str, Tensor] = {}
        n = 0
        for i, layer in enumerate(self.layers):
            x, n = self.pair(x, n)
            x = F.relu(layer(x)) if i < 2 else layer(x)
            parts.append(x)
        for name, part in zip(self.names, parts):
            found[name] = scaled(part, self.table[name])
        width = x.size(-1)
        while width > 2:
            width = width // 2
        for j in range(1, len(parts), 2):
            parts[j] = parts[j] * float(j) - scaled(x, shift=parts[0])
        if y is not None:
            parts[0] = parts[0] + y
        elif self.maybe is None and "a" in found and not (n != 3 or width > 3):
            parts[-1] = parts[-1] + 1
        self.count = n
        self.count += len(parts)
        window = Window(4)
        tail = window.take(x)
        total = torch.zeros(x.shape[0], 6, dtype=x.dtype)
        for k, v in found.items():
            total = total + v * (len(k) + self.count + window.used)
        shape = [x.shape[0], -1] + [2] * (1 if isinstance(self.maybe, int) else 2)
        return Result(total.view(x.shape[0], 6), torch.cat(parts[:2] + [tail], 1).view(shape))


class Outputs(nn.Module):
    def forward(self, x: List[Tensor]) -> Dict[str, Tensor]:
        sum0 = x[0]
        for t in x[1:]:
            sum0 = sum0 + t
        return {"sum": sum0, "last": x[-1] * 2}


class InPlace(nn.Module):
    """Changes in place are seen by every variable that names the tensor."""

    def forward(self, x):
        y = x * 1
        z = y
        y.add_(1).mul_(2)
        z -= 0.5
        w = y.clone().clamp_(-1, 1)
        y.zero_()
        out = torch.zeros(2, 3, 2)
        out[:, 1:, 0] = x[:, :-1]
        row = out[1]
        out.transpose(1, 2)[:, 1].copy_(x)
        row[0].add_(5)
        first, second = out.chunk(2, 2)
        second.mul_(2)
        return w, z, F.relu_(x + 0), x, out, row, first.view(-1)


class Unsupported(nn.Module):
    """Operators without a private form, and a decision that depends on the input."""

    def __init__(self):
        super().__init__()
        self.up = nn.Upsample(scale_factor=2.0, mode="bicubic")
        self.down = nn.Conv2d(2, 2, 1)

    def forward(self, x):
        x = self.down(self.up(x))
        if bool(x.sum() > 0):
            x = torch.logcumsumexp(x, 1)
        y = x.reshape(-1)
        values, _ = torch.topk(y, 3)
        return torch.erfinv(values.tanh()), F.relu(x)


class Doubtful(nn.Module):
    """Whether reshape shares memory depends on strides: what x is afterwards cannot be told."""

    def forward(self, x):
        y = x.reshape(-1)
        y.add_(1)
        return x * 2


class Deciding(nn.Module):
    """A decision that depends on the input."""

    def forward(self, x):
        if bool(x.sum() > 0):
            x = x + 1
        return x * int(x.max())


class Sums(nn.Module):
    """Einstein's summation, and what stands beside it in attention and comparisons of vectors."""

    def __init__(self):
        super().__init__()
        self.query, self.key = nn.Parameter(torch.randn(4, 3, 2)), nn.Parameter(torch.randn(4, 3, 2))

    def forward(self, x):
        q, k = torch.einsum("ntc,chd->nthd", x, self.query), torch.einsum("ntc,chd->nthd", x, self.key)
        a = torch.softmax(torch.einsum("nqhd,nkhd->nhqk", q, k), -1)
        v = torch.einsum("nhqk,nkhd->nqhd", a, q)
        place = torch.linspace(-1.0, 1.0, 5).view(1, 5, 1)
        first, second = torch.unsafe_chunk(x + place, 2, 2)
        return v, torch.einsum("ntc,ntc", x, x), torch.einsum("i,j,j->i", x[0, 0], x[1, 0], x[1, 1]), F.cosine_similarity(first, second, 2), torch.einsum("ntc->ct", x)


class Quantized(nn.Module):
    """What torch.ao.quantization makes of a convolution, a ReLU and a linear layer."""

    def __init__(self):
        super().__init__()
        self.enter, self.leave = torch.ao.quantization.QuantStub(), torch.ao.quantization.DeQuantStub()
        self.conv, self.relu, self.linear = nn.Conv2d(2, 3, 3), nn.ReLU(), nn.Linear(3, 2)

    def forward(self, x):
        return self.leave(self.linear(self.relu(self.conv(self.enter(x))).mean((2, 3))))

    @staticmethod
    def make():
        torch.backends.quantized.engine = "qnnpack"
        model = Quantized().eval()
        model.qconfig = torch.ao.quantization.get_default_qconfig("qnnpack")
        prepared = torch.ao.quantization.prepare(torch.ao.quantization.fuse_modules(model, [["conv", "relu"]]))
        prepared(torch.randn(1, 2, 5, 5))
        return torch.ao.quantization.convert(prepared)


torch.manual_seed(1)
MODELS = [
    # name, model, inputs, kinds
    ("mobile", Mobile(), [(2, 3, 10, 10)], "tsf"),
    ("shortcut", Shortcut(), [(1, 3, 8, 8)], "tsf"),
    ("activations", Activations(), [(1, 4, 3, 2)], "tsf"),
    ("layouts", Layouts(), [(2, 4, 4, 6)], "tsf"),
    ("pools", Pools(), [(1, 2, 9, 8)], "tsf"),
    ("resizes", Resizes(), [(1, 2, 4, 6)], "tsf"),
    ("norms", Norms(), [(2, 4, 6, 6)], "tsf"),
    ("arithmetic", Arithmetic(), [(2, 3, 4), (2, 3, 4)], "tsf"),
    ("lines", Lines(), [(2, 3, 12)], "tsf"),
    ("attention", Attention(), [(2, 5, 8)], "tsf"),
    ("storages", Storages(), [(3, 4)], "tsf"),
    ("control", Control(), [(2, 6)], "s"),
    ("control2", Control(), [(2, 6), (2, 6)], "s"),
    ("outputs", Outputs(), [(2, 3), (2, 3), (2, 3)], "s"),
    ("cifar", Cifar(), [(1, 3, 12, 12)], "t"),
    ("further", Further(), [(2, 4, 3, 4)], "tsf"),
    # photograph.traced.pt is also what the test of the examples reads
    ("photograph", Photograph(), [(1, 3, 32, 32)], "t"),
    ("inplace", InPlace(), [(2, 3)], "tsf"),
    ("unsupported", Unsupported(), [(1, 2, 3, 3)], "s"),
    ("deciding", Deciding(), [(2, 3)], "s"),
    ("doubtful", Doubtful(), [(2, 3)], "s"),
    ("sums", Sums(), [(2, 5, 4)], "tsf"),
    ("quantized", Quantized.make(), [(1, 2, 5, 5)], "ts"),
]


def strip(path):
    """Writes the archive again without debug records; entries keep their method."""
    with zipfile.ZipFile(path) as old:
        entries = [(info, old.read(info)) for info in old.infolist() if not info.filename.endswith(".debug_pkl")]
    with zipfile.ZipFile(path, "w") as new:
        for info, data in entries:
            kept = zipfile.ZipInfo(info.filename)
            kept.compress_type = info.compress_type
            new.writestr(kept, data)


def flatten(value):
    if isinstance(value, torch.Tensor):
        return [value]
    return [t for item in (value.values() if isinstance(value, dict) else value) for t in flatten(item)]


def main(out, only):
    for name, model, shapes, kinds in MODELS:
        if only and name not in only:
            continue
        torch.manual_seed(len(name))
        model.eval()
        for module in model.modules():
            if isinstance(module, nn.BatchNorm2d) and module.running_var is not None:
                module.running_mean.normal_()
                module.running_var.uniform_(0.5, 2)
        inputs = [torch.randn(shape) for shape in shapes]
        given = (inputs,) if name == "outputs" else tuple(inputs)
        with torch.no_grad():
            expected = flatten(model(*(t.clone() if torch.is_tensor(t) else t for t in given)))
            files = []
            scripted = None
            if "s" in kinds:
                scripted = torch.jit.script(model)
                files.append(("scripted", scripted))
            if "t" in kinds:
                files.append(("traced", torch.jit.trace(model, given)))
            if "f" in kinds:
                files.append(("frozen", torch.jit.freeze(scripted)))
            for kind, module in files:
                actual = flatten(module(*(t.clone() if torch.is_tensor(t) else t for t in given)))
                for a, b in zip(actual, expected):
                    torch.testing.assert_close(a, b, rtol=1e-4, atol=1e-4)
                module.save(f"{out}/{name}.{kind}.pt")
                strip(f"{out}/{name}.{kind}.pt")
        arrays = {f"x{i}": t.numpy() for i, t in enumerate(inputs)}
        arrays.update({f"y{i}": t.numpy() for i, t in enumerate(expected)})
        np.savez(f"{out}/{name}.io.npz", **arrays)


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    main(sys.argv[1], sys.argv[2:])
