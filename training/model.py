"""
The patch transformer, version 2: labels -> coefficients of a fixed basis, patch by patch of the spectrum.

    f = [x, code(x)]                                         labels, and a small perceptron's view of them, worked out once per star
    h[p] = E[p] + (f W_in + b_in)[p]                         every patch takes its own linear look at both
    h += Attention(LN(h)) ; h += W2 silu(W1 LN(h) + b1) + b2   L pre-norm layers
    y[p] = LN(h)[p] Wc + bc + (f W_skip)[p]                  coefficients in units of scale[p]
    flux[p] = mean[p] + (y[p] * scale[p]) basis[p]           outside the network: fixed, orthonormal

code: two hidden layers of codeWidth (silu), then `code` outputs; without it (code = 0) this is version 1.
x = (label - centre) / halfRange. src/emulator holds the same network in TypeScript; names of tensors are the same in both.
"""
import math

import torch
from torch import nn
from torch.nn import functional as F

EPSILON = 1e-5


class Layer(nn.Module):
    def __init__(self, width, heads, ratio):
        super().__init__()
        self.heads = heads
        self.norm1 = nn.LayerNorm(width, eps=EPSILON)
        self.qkv = nn.Linear(width, 3 * width)
        self.out = nn.Linear(width, width)
        self.norm2 = nn.LayerNorm(width, eps=EPSILON)
        self.up = nn.Linear(width, ratio * width)
        self.down = nn.Linear(ratio * width, width)

    def forward(self, h):
        b, p, d = h.shape
        q, k, v = self.qkv(self.norm1(h)).view(b, p, 3, self.heads, d // self.heads).permute(2, 0, 3, 1, 4).reshape(
            3, b * self.heads, p, d // self.heads
        )
        weights = torch.softmax(torch.bmm(q, k.transpose(1, 2)) * (1 / math.sqrt(d // self.heads)), dim=-1)
        mixed = torch.bmm(weights, v).view(b, self.heads, p, d // self.heads).transpose(1, 2).reshape(b, p, d)
        h = h + self.out(mixed)
        return h + self.down(F.silu(self.up(self.norm2(h))))


class PatchTransformer(nn.Module):
    """sizes: {labels, patches, patchSize, components, width, layers, heads, mlpRatio, code, codeWidth}. forward: [n, labels] -> [n, patches*components]."""

    name = 'patch-transformer'
    version = 2
    defaults = {'width': 128, 'layers': 3, 'heads': 4, 'mlpRatio': 2, 'code': 64, 'codeWidth': 192}
    # What a bundle or checkpoint of version 1 leaves unsaid.
    absent = {'code': 0, 'codeWidth': 0}

    def __init__(self, sizes):
        super().__init__()
        self.sizes = dict(sizes)
        d, p, k, j = sizes['width'], sizes['patches'], sizes['components'], sizes['labels']
        code, code_width = sizes['code'], sizes['codeWidth']
        self.code = nn.ModuleList([nn.Linear(j, code_width), nn.Linear(code_width, code_width), nn.Linear(code_width, code)] if code else [])
        for linear in self.code:
            nn.init.kaiming_normal_(linear.weight, nonlinearity='linear' if linear is self.code[-1] else 'relu')
            nn.init.zeros_(linear.bias)
        j += code
        self.embedding = nn.Parameter(torch.randn(p, d) * 0.5)
        self.input = nn.Linear(j, p * d)
        self.layers = nn.ModuleList(Layer(d, sizes['heads'], sizes['mlpRatio']) for _ in range(sizes['layers']))
        self.norm = nn.LayerNorm(d, eps=EPSILON)
        self.head = nn.Parameter(torch.randn(p, d, k) * 0.02)
        self.head_bias = nn.Parameter(torch.zeros(p, k))
        self.skip = nn.Linear(j, p * k, bias=False)
        nn.init.normal_(self.input.weight, std=1 / math.sqrt(j))
        nn.init.zeros_(self.input.bias)
        nn.init.zeros_(self.skip.weight)
        for layer in self.layers:
            for linear in (layer.out, layer.down):  # residual branches start small
                nn.init.normal_(linear.weight, std=0.5 / math.sqrt(linear.in_features * sizes['layers']))
                nn.init.zeros_(linear.bias)

    def forward(self, x):
        s = self.sizes
        x = self.encode(x)
        h = self.embedding + self.input(x).view(-1, s['patches'], s['width'])
        for layer in self.layers:
            h = layer(h)
        y = torch.bmm(self.norm(h).transpose(0, 1), self.head).transpose(0, 1) + self.head_bias
        return y.reshape(len(x), -1) + self.skip(x)

    def encode(self, x):
        if not self.code:
            return x
        a = x
        for linear in self.code[:-1]:
            a = F.silu(linear(a))
        return torch.cat([x, self.code[-1](a)], dim=-1)

    def exported(self):
        tensors = {'embedding': self.embedding, 'input.w': self.input.weight.t(), 'input.b': self.input.bias}
        for i, linear in enumerate(self.code):
            tensors[f'code{i}.w'], tensors[f'code{i}.b'] = linear.weight.t(), linear.bias
        for i, layer in enumerate(self.layers):
            for name, module in (('norm1', layer.norm1), ('norm2', layer.norm2)):
                tensors[f'layer{i}.{name}.g'], tensors[f'layer{i}.{name}.b'] = module.weight, module.bias
            for name, module in (('qkv', layer.qkv), ('out', layer.out), ('up', layer.up), ('down', layer.down)):
                tensors[f'layer{i}.{name}.w'], tensors[f'layer{i}.{name}.b'] = module.weight.t(), module.bias
        tensors['norm.g'], tensors['norm.b'] = self.norm.weight, self.norm.bias
        tensors['head.w'], tensors['head.b'] = self.head, self.head_bias
        tensors['skip.w'] = self.skip.weight.t()
        return tensors

    def architecture(self):
        """What the manifest says of the network beyond its sizes."""
        return {'activation': 'silu', 'normEpsilon': EPSILON}
