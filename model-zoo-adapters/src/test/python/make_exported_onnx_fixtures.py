#!/usr/bin/python3
"""Makes networks.zip: small networks of many kinds as PyTorch's exporter writes them, with inputs and PyTorch's outputs.

Needs Debian's packages: apt-get install -y python3-torch python3-onnx   (run with /usr/bin/python3)
usage: make_exported_onnx_fixtures.py OUT.zip
The archive has NAME.onnx, NAME.x0.npy ... (inputs) and NAME.y0.npy ... (outputs). Random weights, fixed seed.
"""
import io
import sys
import warnings
import zipfile

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

warnings.filterwarnings("ignore")
CASES = []


def case(name, opset, *inputs, dynamic=None, **options):
    """Registers a module class; dynamic: open axes of each input."""

    def register(make):
        CASES.append((name, opset, make, inputs, dynamic, options))
        return make

    return register


def conv(i, o, k=3, **kw):
    return nn.Conv2d(i, o, k, bias=False, **{"padding": k // 2, **kw})


def network(forward, **modules):
    """A module whose forward is a function of itself and the inputs."""

    class Network(nn.Module):
        pass

    Network.forward = forward
    net = Network()
    for key, value in modules.items():
        if isinstance(value, torch.Tensor):
            net.register_parameter(key, nn.Parameter(value))
        else:
            setattr(net, key, value)
    return net


def seq(*modules):
    return nn.Sequential(*modules)


# ---- shortcuts


class PaddedShortcut(nn.Module):
    """He et al. 2016, option A: every other pixel, and channels of zeros."""

    def __init__(self, i, o):
        super().__init__()
        self.body = seq(conv(i, o, stride=2), nn.BatchNorm2d(o), nn.ReLU(), conv(o, o), nn.BatchNorm2d(o))
        self.more = o - i

    def forward(self, x):
        shortcut = F.pad(x[:, :, ::2, ::2], (0, 0, 0, 0, self.more // 2, self.more - self.more // 2))
        return F.relu(self.body(x) + shortcut)


class PooledShortcut(nn.Module):
    """ResNet-D: the mean of what is there, then 1x1."""

    def __init__(self, i, o, **pool):
        super().__init__()
        self.body = seq(conv(i, o), nn.BatchNorm2d(o), nn.ReLU(), conv(o, o, stride=2), nn.BatchNorm2d(o))
        self.shortcut = seq(nn.AvgPool2d(**pool), conv(i, o, 1), nn.BatchNorm2d(o))

    def forward(self, x):
        return F.relu(self.body(x) + self.shortcut(x))


class ConcatShortcut(nn.Module):
    """ShuffleNet's unit with stride: the pooled input beside the grouped branch, whose channels are shuffled."""

    def __init__(self, i, o, groups):
        super().__init__()
        self.groups = groups
        self.first = seq(conv(i, o, 1, groups=groups), nn.BatchNorm2d(o), nn.ReLU())
        self.second = seq(conv(o, o, stride=2, groups=o), nn.BatchNorm2d(o), conv(o, o, 1, groups=groups))

    def forward(self, x):
        y = self.first(x)
        n, c, h, w = y.size()
        y = y.view(n, self.groups, c // self.groups, h, w).transpose(1, 2).contiguous().view(n, c, h, w)
        return F.relu(torch.cat([F.avg_pool2d(x, 3, 2, 1), self.second(y)], 1))


IMAGE = (2, 4, 9, 9)
case("shortcut_padded", 11, IMAGE, dynamic=[(0, 2, 3)])(lambda: seq(PaddedShortcut(4, 6), PaddedShortcut(6, 12)))
case("shortcut_padded_fixed", 10, IMAGE)(lambda: PaddedShortcut(4, 7))
case("shortcut_pooled", 13, IMAGE)(lambda: PooledShortcut(4, 6, kernel_size=2, stride=2, ceil_mode=True, count_include_pad=False))
case("shortcut_pooled_odd", 14, IMAGE)(lambda: PooledShortcut(4, 6, kernel_size=3, stride=2, padding=1, count_include_pad=True))
case("shortcut_pooled_ceil", 10, IMAGE)(lambda: PooledShortcut(4, 6, kernel_size=3, stride=2, padding=1, count_include_pad=False, ceil_mode=False))
case("shortcut_concat", 12, IMAGE, dynamic=[(0,)])(lambda: ConcatShortcut(4, 8, 2))
case("shortcut_concat_dynamic", 16, IMAGE, dynamic=[(0, 2, 3)])(lambda: ConcatShortcut(4, 8, 4))


# ---- convolutions and scales

case("scales", 13, IMAGE)(
    lambda: network(
        lambda s, x: torch.relu(s.conv(x) * s.gain.view(1, -1, 1, 1) + s.shift[:, None, None]) * 0.5 - 0.25 + x / s.temperature,
        conv=conv(4, 4), gain=torch.randn(4), shift=torch.randn(4), temperature=torch.tensor(3.0)))
case("geometries", 11, IMAGE)(
    lambda: seq(conv(4, 8, 1), conv(8, 8, 3, groups=8), nn.ReLU6(), conv(8, 8, 3, groups=2, dilation=2, padding=2), nn.Hardswish(),
                nn.Conv2d(8, 6, (1, 3), (1, 2), (0, 1)), nn.LeakyReLU(0.1), nn.Conv2d(6, 6, 3, padding=(1, 2), dilation=(1, 2)), nn.ZeroPad2d((1, 0, 2, 1)),
                nn.Conv2d(6, 4, 2, stride=2)))
case("excitation", 14, IMAGE, dynamic=[(0,)])(
    lambda: network(
        lambda s, x: (lambda h: h * s.gate(h))(s.stem(x)), stem=seq(conv(4, 6), nn.BatchNorm2d(6), nn.Hardswish()),
        gate=seq(nn.AdaptiveAvgPool2d(1), nn.Conv2d(6, 2, 1), nn.ReLU(), nn.Conv2d(2, 6, 1), nn.Hardsigmoid())))
case("excitation_by_views", 9, IMAGE, dynamic=[(0,)])(
    lambda: network(
        lambda s, x: x * s.gate(x.mean((2, 3))).view(x.size(0), x.size(1), 1, 1).expand_as(x),
        gate=seq(nn.Linear(4, 2, bias=False), nn.ReLU(), nn.Linear(2, 4), nn.Sigmoid())))
case("lines", 12, (2, 3, 17))(
    lambda: seq(nn.Conv1d(3, 6, 5, 2, 2), nn.BatchNorm1d(6), nn.PReLU(6), nn.MaxPool1d(3, 2, 1), nn.Conv1d(6, 6, 3, groups=6), nn.AvgPool1d(2), nn.Flatten(), nn.Linear(6, 4)))
case("normalized_alone", 15, IMAGE)(lambda: seq(nn.BatchNorm2d(4), nn.ReLU(), nn.BatchNorm2d(4, affine=False), nn.MaxPool2d(3, 2, 1, ceil_mode=True)))
case("no_folding", 13, IMAGE, do_constant_folding=False)(
    lambda: seq(conv(4, 6), nn.BatchNorm2d(6), nn.ReLU(), nn.Dropout(), nn.AdaptiveAvgPool2d((3, 1)), nn.Flatten(), nn.Linear(18, 5)))
case("weights_as_inputs", 9, IMAGE, keep_initializers_as_inputs=True)(
    lambda: seq(conv(4, 6), nn.BatchNorm2d(6), nn.ReLU(), nn.Dropout2d(), nn.Flatten(1), nn.Linear(486, 5)))
case("training_export", 12, IMAGE, training=torch.onnx.TrainingMode.PRESERVE)(
    lambda: seq(conv(4, 6), nn.BatchNorm2d(6), nn.ReLU(), nn.Dropout(), nn.Flatten(1), nn.Linear(486, 5)).eval())
case("krizhevsky", 11, IMAGE)(lambda: seq(nn.Conv2d(4, 8, 3), nn.ReLU(), nn.LocalResponseNorm(5, 0.01, 0.75, 2), nn.MaxPool2d(3, 2), nn.LocalResponseNorm(4)))
case("transposed", 13, (2, 4, 5, 6))(
    lambda: seq(nn.ConvTranspose2d(4, 6, 4, 2, 1, bias=False), nn.BatchNorm2d(6), nn.ReLU(), nn.ConvTranspose2d(6, 3, 3, 2, 1, 1, groups=3), nn.Tanh()))


# ---- several inputs and outputs

case("two_inputs", 13, (2, 3, 6, 6), (2, 5), dynamic=[(0,), (0,)])(
    lambda: network(
        lambda s, x, z: s.head(torch.cat([torch.flatten(s.conv(x), 1), s.embed(z)], 1)), conv=conv(3, 2), embed=nn.Linear(5, 4), head=nn.Linear(76, 3)))
case("many_outputs", 13, IMAGE, dynamic=[(0,)])(
    lambda: network(
        lambda s, x: (lambda a: (a, F.max_pool2d(a, 2), [a.mean((2, 3)), a.amax((2, 3))], torch.argmax(a.mean((2, 3)), 1).float()))(torch.relu(s.conv(x))),
        conv=conv(4, 5)))
case("pyramid", 11, IMAGE, dynamic=[(0, 2, 3)])(
    lambda: network(
        lambda s, x: (lambda a: (lambda b: (s.out(F.interpolate(s.side(b), size=a.shape[-2:], mode="nearest") + a), b))(torch.relu(s.down(a))))(torch.relu(s.stem(x))),
        stem=conv(4, 6), down=conv(6, 8, stride=2), side=conv(8, 6, 1), out=conv(6, 6)))


# ---- sizes

case("resizes", 11, (2, 3, 5, 4))(
    lambda: network(
        lambda s, x: tuple(F.interpolate(x, scale_factor=f, mode=m, align_corners=a) for f, m, a in
                           [(2, "nearest", None), ((3, 2), "nearest", None), (2, "bilinear", False), (1.5, "bilinear", True), (0.5, "bilinear", False), (1.7, "nearest", None)])))
case("resizes_old", 9, (2, 3, 5, 4))(lambda: network(lambda s, x: F.interpolate(x, scale_factor=2, mode="nearest")))
case("resizes_lines", 13, (2, 3, 8))(lambda: network(lambda s, x: (F.interpolate(x, scale_factor=2, mode="linear"), F.interpolate(x, scale_factor=3, mode="nearest"))))
case("adaptive", 13, (2, 3, 8, 6))(
    lambda: network(lambda s, x: (F.adaptive_avg_pool2d(x, (4, 3)), F.adaptive_avg_pool2d(x, 1), F.adaptive_max_pool2d(x, (2, 2)), F.adaptive_avg_pool2d(x, (None, 1)))))
case("views", 13, (2, 6, 4, 4), dynamic=[(0, 2, 3)])(
    lambda: network(
        lambda s, x: (lambda n, c, h, w: (x.view(n, -1), x.reshape(n, 2, c // 2, h * w).permute(0, 2, 1, 3).flatten(2), x.unsqueeze(0).squeeze(0), x.new_zeros(n, 1, h, w) + x[:, :1],
                                          torch.ones_like(x) * x.size(1), x.repeat(1, 2, 1, 1), x[:, None, -1].expand(n, 3, h, w)))(*x.shape)))
case("parts", 13, (2, 6, 5, 4))(
    lambda: network(
        lambda s, x: (lambda a, b, c: (torch.stack([a, b], 2), c - a, x.split([1, 5], 1)[1], torch.flip(x, [2]), torch.roll(x, 1, 3), x[..., 1:-1], x[:, [3, 0, 0]], x.select(2, -1),
                                       F.pixel_shuffle(torch.cat([x, x], 1), 2), x.narrow(3, 1, 2), x.unbind(1)[4]))(*x.chunk(3, 1))))
case("paddings", 11, (2, 3, 5, 4))(
    lambda: network(lambda s, x: (F.pad(x, (1, 2, 0, 3)), F.pad(x, (2, 1, 1, 2), mode="reflect"), F.pad(x, (1, 0, 2, 1), mode="replicate"), F.pad(x, (1, -1, -2, 1), value=0.5))))
case("masks", 13, (2, 5, 5), dynamic=[(0,)])(
    lambda: network(
        lambda s, x: (x.masked_fill(torch.triu(torch.ones(5, 5, dtype=torch.bool), 1), -2.0), torch.where(x > 0.5, x, x * 0.1), x * (torch.arange(x.size(2)) % 2 == 0), torch.clamp(x, min=-0.5),
                      torch.maximum(x, -x), x.abs().sum(-1, keepdim=True), torch.cumsum(x, 1))))


# ---- other layers

case("activations", 14, (2, 3, 4))(
    lambda: network(
        lambda s, x: tuple(f(x) for f in (torch.relu, torch.sigmoid, torch.tanh, F.elu, F.selu, F.celu, F.leaky_relu, F.hardtanh, F.relu6, F.hardsigmoid, F.hardswish, F.silu, F.gelu, F.softplus,
                                          F.softsign, F.mish, F.logsigmoid, F.softmin, lambda v: F.softmax(v, 1), lambda v: F.log_softmax(v, -1), lambda v: F.glu(torch.cat([v, v], 1), 1)))))
case("normalizations", 13, (2, 6, 4, 3))(
    lambda: network(
        lambda s, x: (s.group(x), s.instance(x), s.layer(x), F.normalize(x, dim=1), x.var((2, 3)), s.group(x).norm(dim=1)), group=nn.GroupNorm(3, 6), instance=nn.InstanceNorm2d(6, affine=True),
        layer=nn.LayerNorm([4, 3])))
case("normalizations_17", 17, (2, 5, 8))(lambda: seq(nn.LayerNorm(8), nn.Linear(8, 8), nn.GELU(), nn.LayerNorm(8)))


class Attention(nn.Module):
    def __init__(self):
        super().__init__()
        self.qkv, self.out, self.norm = nn.Linear(8, 24), nn.Linear(8, 8), nn.LayerNorm(8)

    def forward(self, x):
        b, n, c = x.shape
        q, k, v = self.qkv(self.norm(x)).reshape(b, n, 3, 2, c // 2).permute(2, 0, 3, 1, 4).unbind(0)
        a = ((q @ k.transpose(-2, -1)) * (c // 2) ** -0.5).softmax(-1)
        return x + self.out((a @ v).transpose(1, 2).reshape(b, n, c))


case("attention", 12, (2, 5, 8), dynamic=[(0, 1)])(Attention)


class PatchTokens(nn.Module):
    def __init__(self):
        super().__init__()
        self.patch, self.token, self.place, self.block, self.head = nn.Conv2d(3, 8, 4, 4), nn.Parameter(torch.randn(1, 1, 8)), nn.Parameter(torch.randn(1, 5, 8)), Attention(), nn.Linear(8, 3)

    def forward(self, x):
        t = self.patch(x).flatten(2).transpose(1, 2)
        return self.head(self.block(torch.cat([self.token.expand(x.shape[0], -1, -1), t], 1) + self.place)[:, 0])


case("patches", 14, (2, 3, 8, 8), dynamic=[(0,)])(PatchTokens)


class Deciding(nn.Module):
    """Scripted: the exporter writes If and Loop."""

    def __init__(self):
        super().__init__()
        self.linear = nn.Linear(6, 6)

    def forward(self, x):
        if x.size(0) > 1:
            x = torch.relu(self.linear(x))
        else:
            x = -x
        for _ in range(3):
            x = x * 0.5 + self.linear(x)
        return x


case("scripted", 13, (2, 6), dynamic=[(0,)])(lambda: torch.jit.script(Deciding()))
case("squeezes", 13, (2, 1, 4), dynamic=[(0, 1)])(lambda: network(lambda s, x: x.squeeze(1) * 2))


def npy(array):
    out = io.BytesIO()
    np.save(out, np.asarray(array, order="C"))
    return out.getvalue()


def flat(values):
    return [values] if isinstance(values, torch.Tensor) else [t for v in values for t in flat(v)]


def main(path):
    torch.set_num_threads(1)
    with zipfile.ZipFile(path, "w") as archive:

        def add(name, content):
            archive.writestr(zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)), content, zipfile.ZIP_DEFLATED, 9)

        for name, opset, make, shapes, dynamic, options in CASES:
            torch.manual_seed(11)
            model = make().eval()
            with torch.no_grad():
                for p in list(model.parameters()) + list(model.buffers()):
                    if p.dtype == torch.float32:
                        # multiples of 1/64 compress well; variances must be positive
                        p.copy_(torch.round(p * 64) / 64 if p.dim() != 1 else torch.round((torch.rand_like(p) + 0.5) * 64) / 64)
            inputs = [torch.round(torch.randn(s) * 32) / 32 for s in shapes]
            with torch.no_grad():
                outputs = flat(model(*inputs))
            names = [f"x{i}" for i in range(len(inputs))]
            axes = None if dynamic is None else {n: {a: f"{n}_{a}" for a in d} for n, d in zip(names, dynamic)}
            file = io.BytesIO()
            torch.onnx.export(model, tuple(inputs), file, opset_version=opset, input_names=names, dynamic_axes=axes, **options)
            add(f"{name}.onnx", file.getvalue())
            for letter, arrays in (("x", inputs), ("y", outputs)):
                for i, array in enumerate(arrays):
                    add(f"{name}.{letter}{i}.npy", npy(array.detach().numpy()))
    print(len(CASES), "networks")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(sys.argv[1])
