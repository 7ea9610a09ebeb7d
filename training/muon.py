"""
Muon (Jordan et al. 2024): momentum, made orthogonal by Newton-Schulz iterations, for the matrices of hidden layers. Its steps are scaled
so that a learning rate means what it means to AdamW (Liu et al. 2025, arXiv:2502.16982, eq. 4), which takes all other parameters.
"""
import torch


def orthogonal(matrix, iterations=5):
    """Near the orthogonal factor of a matrix's polar decomposition: singular values end between about 0.7 and 1.2."""
    a, b, c = 3.4445, -4.7750, 2.0315
    x = matrix / (matrix.norm() + 1e-7)
    tall = x.size(0) > x.size(1)
    if tall:
        x = x.t()
    for _ in range(iterations):
        square = x @ x.t()
        x = a * x + (b * square + c * square @ square) @ x
    return x.t() if tall else x


class Muon(torch.optim.Optimizer):
    def __init__(self, parameters, lr, momentum=0.95, weight_decay=0.0):
        super().__init__(parameters, {'lr': lr, 'momentum': momentum, 'weight_decay': weight_decay})

    @torch.no_grad()
    def step(self, closure=None):
        for group in self.param_groups:
            for p in group['params']:
                if p.grad is None:
                    continue
                state = self.state[p]
                if 'momentum' not in state:
                    state['momentum'] = torch.zeros_like(p)
                state['momentum'].lerp_(p.grad, 1 - group['momentum'])
                step = orthogonal(p.grad.lerp(state['momentum'], group['momentum']))
                p.mul_(1 - group['lr'] * group['weight_decay'])
                p.add_(step, alpha=-0.2 * group['lr'] * max(p.shape) ** 0.5)
