"""
A multilayer perceptron of The Payne's kind (Ting, Conroy, Rix & Cargile 2019, ApJ 879, 69), version 1: the baseline that the
transformer has to beat, and a model for slow machines. It writes the coefficients of the same fixed basis:

    h = a(x W_0 + b_0) ; h = a(h W_l + b_l)                  `layers` hidden layers of `width`
    y = h Wc + bc                                            coefficients in units of scale, patch after patch
    flux[p] = mean[p] + (y[p] * scale[p]) basis[p]           outside the network: fixed, orthonormal

a = silu, or leaky-relu with slope 0.01 below zero (The Payne's; its derivatives jump from piece to piece).
"""
from torch import nn
from torch.nn import functional as F

ACTIVATIONS = {'silu': F.silu, 'leaky-relu': lambda x: F.leaky_relu(x, 0.01)}


class Mlp(nn.Module):
    """sizes: {labels, patches, patchSize, components, width, layers, activation}. forward: [n, labels] -> [n, patches*components]."""

    name = 'mlp'
    version = 1
    defaults = {'width': 256, 'layers': 2, 'activation': 'silu'}

    def __init__(self, sizes):
        super().__init__()
        self.sizes = dict(sizes)
        if sizes['activation'] not in ACTIVATIONS:
            raise ValueError(f'activation {sizes["activation"]!r}: there is {", ".join(ACTIVATIONS)}')
        self.activation = ACTIVATIONS[sizes['activation']]
        width = sizes['width']
        self.hidden = nn.ModuleList(nn.Linear(width if l else sizes['labels'], width) for l in range(sizes['layers']))
        self.head = nn.Linear(width, sizes['patches'] * sizes['components'])
        for linear in self.hidden:
            nn.init.kaiming_normal_(linear.weight, nonlinearity='relu')
            nn.init.zeros_(linear.bias)
        nn.init.normal_(self.head.weight, std=0.02)
        nn.init.zeros_(self.head.bias)

    def forward(self, x):
        for linear in self.hidden:
            x = self.activation(linear(x))
        return self.head(x)

    def exported(self):
        tensors = {}
        for l, linear in enumerate(self.hidden):
            tensors[f'hidden{l}.w'], tensors[f'hidden{l}.b'] = linear.weight.t(), linear.bias
        tensors['head.w'], tensors['head.b'] = self.head.weight.t(), self.head.bias
        return tensors

    def architecture(self):
        """What the manifest says of the network beyond its sizes."""
        return {}
