"""
Trains the emulator on prepared data (prepare.py). Everything that is random follows from the seed and the number of the step, so
a run that is stopped and resumed gives the weights of one that was not.

Loss = error of the flux + lambda * error of a directional derivative. Per spectrum a random label direction v is drawn; the
network is run at x + eps v and x - eps v: the mean is compared with the flux, the difference / 2 eps with J v.
"""
import argparse
import json
import math
import os
import time

import numpy as np
import torch
import torch.multiprocessing as mp

from muon import Muon
from network import NETWORKS, create_network, hidden_matrices, network_class
from start import identity, load_start

# Beside these, a recipe has the network's name and its own sizes (`defaults` of its class).
DEFAULTS = {
    'batch': 16, 'optimiser': 'muon', 'learningRate': 5e-3, 'weightDecay': 1e-4, 'warmup': 0.03, 'derivativeWeight': 3.0, 'step': 0.03, 'augment': 0.0,
    'floor': 0.002, 'ema': 0.999, 'seed': 1, 'clip': 1.0, 'loss': 'root', 'beta2': 0.98,
}
# What the recipe says of the bundle that a run began from (start.py); nothing: random weights.
NO_START = {'start': ''}


def complete(recipe):
    """A recipe with what it leaves out at its default; one without a network, as older checkpoints have it, is the transformer's."""
    name = recipe.get('network', 'transformer')
    full = {'network': name, **network_class(name).defaults, **DEFAULTS, **NO_START}
    unknown = [key for key in recipe if key not in full]
    if unknown:
        raise SystemExit(f'the recipe of network {name} has no {", ".join(unknown)}; it has {", ".join(full)}')
    return {**full, **recipe}


class Prepared:
    """What prepare.py wrote; the large arrays are mapped, not read, so that processes share them."""

    def __init__(self, folder, limit=None):
        with open(os.path.join(folder, 'prepared.json'), encoding='utf-8') as file:
            self.info = json.load(file)
        small = np.load(os.path.join(folder, 'prepared.npz'))
        self.mean, self.basis, self.scale = small['mean'], small['basis'], small['scale']
        self.label_weights = torch.tensor(small['label_weights'], dtype=torch.float32)
        self.x = torch.tensor(small['x'], dtype=torch.float32)[:limit]
        self.coefficients = torch.from_numpy(np.load(os.path.join(folder, 'coefficients.npy'), mmap_mode='c'))[:limit]
        self.jacobian = torch.from_numpy(np.load(os.path.join(folder, 'jacobian.npy'), mmap_mode='c'))[:limit]
        self.flux_rms = float(np.sqrt(small['flux_variance']))
        self.derivative_rms = float(np.sqrt(small['derivative_variance']))

    def sizes(self, recipe):
        info = self.info
        return {
            'labels': self.x.shape[1], 'patches': info['patches'], 'patchSize': info['patchSize'], 'components': info['components'],
            **{key: recipe[key] for key in network_class(recipe['network']).defaults},
        }


class Loss:
    """Errors of coefficients, as errors of pixels: mean over spectra and patches of sqrt(pixel mean square + floor^2) - floor."""

    def __init__(self, prepared, recipe, device):
        self.patches = prepared.info['patches']
        self.scale = torch.tensor(prepared.scale, dtype=torch.float32, device=device) / math.sqrt(prepared.info['patchSize'])
        self.flux_unit, self.derivative_unit = prepared.flux_rms, max(prepared.derivative_rms, 1e-9)
        self.floor, self.kind = recipe['floor'], recipe['loss']

    def __call__(self, residual, unit):
        square = ((residual.view(len(residual), self.patches, -1) * self.scale) ** 2).sum(-1) / unit**2
        if self.kind == 'square':
            return square.mean()
        floor = self.floor / self.flux_unit
        return (torch.sqrt(square + floor**2) - floor).mean()


def draw(prepared, recipe, step, rank, processes, device):
    """The batch of one process at one step: x, eps v, eps, and the targets of flux and J v, and which rows have derivatives."""
    n, batch = len(prepared.x), recipe['batch']
    per_epoch = max(n // batch, 1)
    epoch, part = divmod(step, per_epoch)
    order = torch.randperm(n, generator=torch.Generator().manual_seed(recipe['seed'] * 1_000_003 + epoch))
    rows = order[part * batch : (part + 1) * batch][rank::processes]
    random = torch.Generator().manual_seed((recipe['seed'] * 7_919 + step) * 64 + rank + 1)
    has = rows < len(prepared.jacobian)
    rows = torch.cat([rows[has], rows[~has]])
    k, labels = int(has.sum()), prepared.x.shape[1]
    v = torch.randn(k, labels, generator=random) * prepared.label_weights
    delta = torch.randn(k, labels, generator=random) * recipe['augment'] * prepared.label_weights.clamp(max=2.0)
    jacobian = prepared.jacobian[rows[:k]]
    directional = torch.bmm(v.unsqueeze(1), jacobian).squeeze(1)
    flux = prepared.coefficients[rows].clone()
    x = prepared.x[rows].clone()
    if recipe['augment'] > 0:
        flux[:k] += torch.bmm(delta.unsqueeze(1), jacobian).squeeze(1)
        x[:k] += delta
    # eps per spectrum: no label moves by more than 0.15 of its half-range, else the central difference is no derivative.
    eps = (0.15 / v.abs().amax(dim=1, keepdim=True)).clamp(max=recipe['step'])
    shift = torch.zeros_like(x)
    shift[:k] = v * eps
    return tuple(t.to(device) for t in (x, shift, eps, flux, directional)), k


def batch_loss(model, loss, batch, k, recipe):
    x, shift, eps, flux, directional = batch
    n = len(x)
    plus, minus = model(torch.cat([x + shift, x - shift])).split(n)
    of_flux = loss((plus + minus) / 2 - flux, loss.flux_unit)
    of_derivative = loss((plus[:k] - minus[:k]) / (2 * eps) - directional, loss.derivative_unit) if k else torch.zeros(())
    return of_flux + recipe['derivativeWeight'] * of_derivative, of_flux.detach(), of_derivative.detach()


def create_optimisers(model, recipe):
    """AdamW for all parameters, or, with optimiser `muon`, Muon for the hidden matrices and AdamW for the rest."""
    if recipe['optimiser'] not in ('adamw', 'muon'):
        raise SystemExit(f'no optimiser is called {recipe["optimiser"]!r}; there is adamw, muon')
    hidden = hidden_matrices(model) if recipe['optimiser'] == 'muon' else []
    others = [p for p in model.parameters() if all(p is not q for q in hidden)]
    adamw = torch.optim.AdamW(
        [{'params': [p for p in others if p.dim() > 1], 'weight_decay': recipe['weightDecay']},
         {'params': [p for p in others if p.dim() <= 1], 'weight_decay': 0.0}],
        lr=recipe['learningRate'], betas=(0.9, recipe['beta2']),
    )
    return [adamw, *([Muon(hidden, recipe['learningRate'], weight_decay=recipe['weightDecay'])] if hidden else [])]


def learning_rate(recipe, progress):
    """Linear warm-up, then a cosine to 1 % of the peak at the end of the run."""
    if progress < recipe['warmup']:
        return recipe['learningRate'] * max(progress / recipe['warmup'], 0.01)
    t = min((progress - recipe['warmup']) / (1 - recipe['warmup']), 1.0)
    return recipe['learningRate'] * (0.01 + 0.99 * 0.5 * (1 + math.cos(math.pi * t)))


def save(path, state):
    """Written beside and renamed, so that a kill leaves the old checkpoint or the new one, never half of one."""
    torch.save(state, path + '.part')
    os.replace(path + '.part', path)


def work(rank, processes, folder, out, recipe, limits, shared, barrier):
    torch.set_num_threads(1)
    torch.manual_seed(recipe['seed'])
    device = torch.device('cuda' if torch.cuda.is_available() and not limits['cpu'] else 'cpu')
    prepared = Prepared(folder, limits['stars'])
    model = create_network(recipe['network'], prepared.sizes(recipe))
    if limits['start']:
        load_start(model, limits['start'], prepared)
    model = model.to(device)
    loss = Loss(prepared, recipe, device)
    optimisers = create_optimisers(model, recipe)
    parameters = list(model.parameters())
    average = [p.detach().clone() for p in parameters]
    step, elapsed, samples = 0, 0.0, 0
    checkpoint = os.path.join(out, 'checkpoint.pt')
    if os.path.exists(checkpoint):
        state = torch.load(checkpoint, map_location=device)
        if complete(state['recipe']) != recipe:
            raise SystemExit(f'{checkpoint} was made with another recipe ({state["recipe"]}); give another --out, or remove it')
        model.load_state_dict(state['model'])
        for optimiser, saved_state in zip(optimisers, state['optimisers']):
            optimiser.load_state_dict(saved_state)
        average = [t.to(device) for t in state['average']]
        step, elapsed, samples = state['step'], state['elapsed'], state['samples']
        if rank == 0:
            print(f'resumed at step {step}, {elapsed / 60:.1f} min', flush=True)

    def write(finished):
        save(checkpoint, {
            'recipe': recipe, 'sizes': model.sizes, 'model': model.state_dict(), 'optimisers': [o.state_dict() for o in optimisers], 'average': average,
            'step': step, 'elapsed': elapsed, 'samples': samples, 'finished': finished, 'processes': processes,
            'prepared': os.path.abspath(folder),
        })

    log = open(os.path.join(out, 'log.jsonl'), 'a', encoding='utf-8') if rank == 0 else None
    clock = saved = logged = time.time()
    running = np.zeros(3)
    first_step = step
    while True:
        # Rank 0 alone reads the clock; the others follow its word, so that all make the same update.
        if rank == 0:
            now = time.time()
            elapsed += now - clock
            clock = now
            progress = step / limits['steps'] if limits['steps'] else elapsed / (60 * limits['minutes'])
            shared['control'][0] = progress
            stopping = limits['stop_after'] is not None and step - first_step >= limits['stop_after']
            # Without the process that started them, workers would go on unseen, beside the run that replaces this one.
            orphaned = processes > 1 and os.getppid() != limits['parent']
            shared['control'][1] = 1.0 if progress >= 1 or stopping or orphaned else 0.0
        if processes > 1:
            barrier.wait()
        progress, stop = float(shared['control'][0]), float(shared['control'][1])
        if stop:
            break
        batch, k = draw(prepared, recipe, step, rank, processes, device)
        for p in parameters:
            p.grad = None
        value, of_flux, of_derivative = batch_loss(model, loss, batch, k, recipe)
        value.backward()
        if processes > 1:
            shared['gradient'][rank] = torch.cat([p.grad.reshape(-1) for p in parameters])
            barrier.wait()
            mean = shared['gradient'].mean(dim=0)
            at = 0
            for p in parameters:
                p.grad = mean[at : at + p.numel()].view_as(p)
                at += p.numel()
        rate = learning_rate(recipe, progress)
        norm = torch.nn.utils.clip_grad_norm_(parameters, recipe['clip'])
        for optimiser in optimisers:
            for group in optimiser.param_groups:
                group['lr'] = rate
            optimiser.step()
        decay = min(recipe['ema'], (step + 1) / (step + 10))
        torch._foreach_mul_(average, decay)
        torch._foreach_add_(average, [p.detach() for p in parameters], alpha=1 - decay)
        step += 1
        samples += recipe['batch']
        running = 0.98 * running + 0.02 * np.array([float(of_flux), float(of_derivative), float(norm)])
        if rank == 0 and time.time() - logged > limits['log_every']:
            logged = time.time()
            fill = 1 - 0.98 ** (step - first_step)
            line = {
                'step': step, 'minutes': round((elapsed + logged - clock) / 60, 2), 'progress': round(progress, 4), 'rate': rate,
                'flux': running[0] / fill * loss.flux_unit, 'derivative': running[1] / fill, 'gradient': running[2] / fill,
                'millisecondsPerSample': round(1e3 * (elapsed + logged - clock) / max(samples, 1), 3),
            }
            log.write(json.dumps(line) + '\n')
            log.flush()
            print(f'{progress:6.1%} step {step} {line["minutes"]:.1f} min: flux {line["flux"]:.5f} derivative {line["derivative"]:.4f} '
                  f'rate {rate:.1e} {line["millisecondsPerSample"]:.2f} ms/spectrum', flush=True)
        if rank == 0 and time.time() - saved > limits['checkpoint_every']:
            elapsed += time.time() - clock
            clock = saved = time.time()
            write(False)
    if rank == 0:
        write(progress >= 1)
        log.close()
        print(f'stopped at step {step} ({progress:.0%}) after {elapsed / 60:.1f} min, {samples} spectra seen', flush=True)


def train(folder, out, recipe=None, minutes=None, steps=None, processes=1, stop_after=None, stars=None, cpu=False,
          checkpoint_every=60.0, log_every=15.0, start=None):
    """
    Trains until `steps` or `minutes`; `stop_after` steps of this call it pauses (for tests). Resumes from out/checkpoint.pt.
    `start`: folder of a bundle whose weights the run begins with, in place of random ones.
    """
    if (minutes is None) == (steps is None):
        raise SystemExit('give --minutes or --steps')
    recipe = complete({**(recipe or {}), **({'start': identity(start)} if start else {})})
    os.makedirs(out, exist_ok=True)
    if torch.cuda.is_available() and not cpu:
        processes = 1
    limits = {'minutes': minutes, 'steps': steps, 'stop_after': stop_after, 'stars': stars, 'cpu': cpu,
              'checkpoint_every': checkpoint_every, 'log_every': log_every, 'parent': os.getpid(), 'start': start}
    shared = {'control': torch.zeros(2, dtype=torch.float64).share_memory_()}
    if processes == 1:
        work(0, 1, folder, out, recipe, limits, shared, None)
        return
    size = sum(p.numel() for p in create_network(recipe['network'], Prepared(folder, 1).sizes(recipe)).parameters())
    shared['gradient'] = torch.zeros(processes, size).share_memory_()
    context = mp.get_context('spawn')
    barrier = context.Barrier(processes)
    mp.spawn(work, args=(processes, folder, out, recipe, limits, shared, barrier), nprocs=processes)


if __name__ == '__main__':
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('prepared', help='folder written by prepare.py')
    parser.add_argument('out', help='folder for the checkpoint and the log')
    parser.add_argument('--minutes', type=float, help='wall-clock length of the run (over all resumes); sets the learning-rate schedule')
    parser.add_argument('--steps', type=int, help='length of the run in steps, instead of --minutes')
    parser.add_argument('--processes', type=int, default=1, help='data-parallel processes of one thread each (CPU)')
    parser.add_argument('--stars', type=int, help='train on the first STARS spectra only')
    parser.add_argument('--cpu', action='store_true', help='do not use CUDA')
    parser.add_argument('--network', choices=list(NETWORKS), default='transformer', help='default transformer')
    parser.add_argument('--start', help='folder of a finished bundle of the same sizes, whose weights the run begins with')
    sizes = {}
    for network, kind in NETWORKS.items():
        for key, value in kind.defaults.items():
            sizes.setdefault(key, (type(value), []))[1].append(f'{network} {value}')
    for key, (kind, values) in sizes.items():
        parser.add_argument(f'--{key}', type=kind, default=None, help=f'default: {", ".join(values)}')
    for key, value in DEFAULTS.items():
        parser.add_argument(f'--{key}', type=type(value), default=value, help=f'default {value}')
    arguments = vars(parser.parse_args())
    given = {key: arguments[key] for key in ('network', *sizes, *DEFAULTS) if arguments[key] is not None}
    train(
        arguments['prepared'], arguments['out'], given, arguments['minutes'], arguments['steps'],
        arguments['processes'], stars=arguments['stars'], cpu=arguments['cpu'], start=arguments['start'],
    )
