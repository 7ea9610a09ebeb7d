"""
The whole way from spectra to a bundle, small enough for a test: prepare, train for a few epochs, export, evaluate, and truth.json for
other implementations. Prints what each step took, and writes summary.json. What is there already is not made again.
"""
import argparse
import json
import os
import time

import torch

import evaluate
import export
import prepare
import train
from network import create_network
from truth import write_truth

BATCH = 4


@torch.no_grad()
def losses(run, stars):
    """Errors of flux and derivatives, in the units of training, of the untrained network and of the exported one, on the same draw of all spectra."""
    state = torch.load(os.path.join(run, 'checkpoint.pt'), map_location='cpu')
    recipe = train.complete(state['recipe'])
    prepared = train.Prepared(state['prepared'], stars)
    loss = train.Loss(prepared, recipe, 'cpu')
    batch, k = train.draw(prepared, {**recipe, 'batch': len(prepared.x)}, 0, 0, 1, 'cpu')
    torch.manual_seed(recipe['seed'])
    model = create_network(recipe['network'], state['sizes'])

    def now():
        _, of_flux, of_derivative = train.batch_loss(model, loss, batch, k, recipe)
        return {'flux': float(of_flux), 'derivative': float(of_derivative)}

    before = now()
    for parameter, average in zip(model.parameters(), state['average']):
        parameter.copy_(average)
    return before, now()


def small_run(spectra, heldout, out, stars=50, epochs=2, recipe=None):
    """Trains on the first `stars` of `spectra` with train.py's recipe, but batches of 4; gives what summary.json holds."""
    prepared, run, bundle = (os.path.join(out, name) for name in ('prepared', 'run', 'bundle'))
    seconds = {}

    def timed(name, work):
        started = time.time()
        work()
        seconds[name] = round(time.time() - started, 2)
        print(f'{name}: {seconds[name]:.1f} s', flush=True)

    if not os.path.exists(os.path.join(prepared, 'prepared.json')):
        timed('prepare', lambda: prepare.prepare(spectra, prepared))
    steps = epochs * (stars // BATCH)
    timed('train', lambda: train.train(prepared, run, {'batch': BATCH, **(recipe or {})}, steps=steps, stars=stars, cpu=True))
    timed('export', lambda: export.export(run, bundle, 'small-run', f'{stars} spectra, {epochs} epochs: a test of the way'))
    timed('evaluate', lambda: evaluate.evaluate(bundle, heldout))
    write_truth(bundle, derivatives=False)
    before, after = losses(run, stars)
    print(f'loss of all {stars} spectra, before and after: flux {before["flux"]:.4f} {after["flux"]:.4f}, derivatives {before["derivative"]:.4f} {after["derivative"]:.4f}')
    summary = {'stars': stars, 'epochs': epochs, 'steps': steps, 'seconds': seconds, 'before': before, 'after': after}
    with open(os.path.join(out, 'summary.json'), 'w', encoding='utf-8') as file:
        json.dump(summary, file)
    return summary


if __name__ == '__main__':
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('spectra', help='data set to train on')
    parser.add_argument('heldout', help='data set to evaluate on')
    parser.add_argument('out', help='folder for everything')
    parser.add_argument('--stars', type=int, default=50)
    parser.add_argument('--epochs', type=int, default=2)
    a = parser.parse_args()
    torch.set_num_threads(1)
    small_run(a.spectra, a.heldout, a.out, a.stars, a.epochs)
