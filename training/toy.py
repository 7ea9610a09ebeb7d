"""
A bundle from toy spectra (synthetic.py) in seconds: prepare, train, export, evaluate. For tests that a bundle written here is the
same network where it is read; it knows nothing of stars. Beside the bundle, truth.json holds flux and derivatives in float64.
"""
import argparse
import os
import tempfile

import torch

import evaluate
import export
import prepare
import synthetic
import train
from truth import write_truth

SIZES = {'transformer': {'width': 16, 'layers': 2, 'heads': 2}, 'mlp': {'width': 24, 'layers': 2}}


def make(out, network, activation=None, steps=40, dtype='float16'):
    recipe = {'network': network, **SIZES[network], 'batch': 8, 'learningRate': 3e-3, 'warmup': 0.1}
    if activation is not None:
        recipe['activation'] = activation
    with tempfile.TemporaryDirectory() as folder:
        spectra, heldout, prepared, run = (os.path.join(folder, name) for name in ('train', 'heldout', 'prepared', 'run'))
        synthetic.write(spectra, 40, count=120, seed=1)
        synthetic.write(heldout, 6, count=120, seed=2)
        prepare.prepare(spectra, prepared, patch_size=20, components=10)
        train.train(prepared, run, recipe, steps=steps, cpu=True)
        export.export(run, out, f'toy-{network}', f'Toy spectra, {network}', dtype=dtype)
        evaluate.evaluate(out, heldout)
    write_truth(out)


if __name__ == '__main__':
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('out', help='bundle folder')
    parser.add_argument('--network', choices=list(SIZES), default='mlp')
    parser.add_argument('--activation', help='of the mlp')
    parser.add_argument('--steps', type=int, default=40)
    a = parser.parse_args()
    torch.set_num_threads(1)
    make(a.out, a.network, a.activation, a.steps)
