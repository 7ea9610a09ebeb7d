"""
What derivatives are worth: small networks trained on the first so many spectra, with the derivative term in the loss and without it,
transformer and perceptron, each for the same CPU time; their held-out errors as a table and a picture.

The budget is CPU time of one thread. What a step of each kind costs is measured first, and the budget turned into steps, so that
what else the machine does changes nothing. Results are kept in OUT/results.json: a run that is there is not made again, one that was
stopped goes on from its checkpoint.
"""
import os

os.environ.setdefault('OMP_NUM_THREADS', '1')  # before NumPy: one thread per process, runs go side by side

import argparse
import concurrent.futures
import contextlib
import json
import multiprocessing
import tempfile
import time
from unittest import mock

import numpy as np
import torch

import export
import train
from bundle import Bundle
from dataset import Dataset
from evaluate import SURVEY_R, measure
from prior import prior_text, write_prior

RECIPES = {'transformer': {'width': 64, 'layers': 2, 'heads': 4, 'mlpRatio': 2}, 'mlp': {'width': 256, 'layers': 2}}
JACOBIAN = 'jacobian.npy'


def without_jacobian(prepared, out):
    """A prepared folder `out` with the same spectra and no derivatives."""
    os.makedirs(out, exist_ok=True)
    for name in os.listdir(prepared):
        link = os.path.join(out, name)
        if name != JACOBIAN and not os.path.lexists(link):
            os.symlink(os.path.abspath(os.path.join(prepared, name)), link)
    whole = np.load(os.path.join(prepared, JACOBIAN), mmap_mode='r')
    np.save(os.path.join(out, JACOBIAN), np.zeros((0, *whole.shape[1:]), dtype=whole.dtype))
    return out


def flux_loss(model, loss, batch, *_):
    """In the place of train.batch_loss: without derivatives one pass of the network does, where that one makes two."""
    x, target = batch[0], batch[3]
    of_flux = loss(model(x) - target, loss.flux_unit)
    return of_flux, of_flux.detach(), torch.zeros(())


def run_training(job, out, **limits):
    """train.train of this job; its progress goes into out/progress.txt. Gives the seconds it took, of CPU (on CUDA, by the clock)."""
    os.makedirs(out, exist_ok=True)
    clock = time.perf_counter if job['cuda'] else time.process_time
    loss = contextlib.nullcontext() if job['derivatives'] else mock.patch.object(train, 'batch_loss', flux_loss)
    with open(os.path.join(out, 'progress.txt'), 'a', encoding='utf-8') as file, contextlib.redirect_stdout(file), loss:
        started = clock()
        train.train(job['data'], out, job['recipe'], stars=job['stars'], cpu=not job['cuda'], **limits)
        return clock() - started


def seconds_per_step(job, few=5, many=25):
    """What a step costs, by the difference of a longer and a shorter run."""
    def cost(steps):
        with tempfile.TemporaryDirectory() as folder:
            return run_training(job, folder, steps=1_000_000, stop_after=steps)

    short = cost(few)
    return max(cost(many) - short, 1e-6) / (many - few)


def one_run(job):
    """Trains, exports and evaluates one network; gives its entry of results.json."""
    torch.set_num_threads(1)
    plan = os.path.join(job['out'], 'plan.json')
    if os.path.exists(plan):
        with open(plan, encoding='utf-8') as file:
            steps = json.load(file)['steps']
    else:
        steps = max(1, round(60 * job['settings']['minutes'] / seconds_per_step(job)))
        os.makedirs(job['out'], exist_ok=True)
        with open(plan, 'w', encoding='utf-8') as file:
            json.dump({'steps': steps}, file)
    resumed = os.path.exists(os.path.join(job['out'], 'checkpoint.pt'))
    seconds = run_training(job, job['out'], steps=steps)
    folder = os.path.join(job['out'], 'bundle')
    with contextlib.redirect_stdout(open(os.devnull, 'w', encoding='utf-8')):
        manifest = export.export(job['out'], folder, job['name'], job['name'], job['prepared'], dtype='float32')
    found = measure(Bundle(folder), Dataset(job['heldout']), job['settings']['heldOutDerivatives'])
    carrying = {name: d for name, d in found['derivatives'].items() if d['informative']}
    over = lambda key: float(np.median([d[key] for d in carrying.values()])) if carrying else None
    return {
        'name': job['name'], 'settings': job['settings'], 'steps': steps, 'spectraSeen': manifest['training']['spectraSeen'],
        'cpuMinutes': None if resumed else seconds / 60, 'parameters': manifest['architecture']['parameters'],
        'heldOut': found['spectra'], 'heldOutDerivatives': found['withDerivatives'],
        'mae': found['mae'], 'mae1800': found[f'r{SURVEY_R}']['mae'], 'labels': len(carrying),
        'derivativeError': over('medianRelativeErrorInformative'), 'derivativeCosine': over('medianCosine1800'),
        'derivatives': {name: d['medianRelativeErrorInformative'] for name, d in carrying.items()},
    }


def plan_jobs(prepared, heldout, out, stars, minutes, networks, recipes, derivatives_of, cuda):
    """The runs of a comparison, as what each process is told."""
    with open(os.path.join(prepared, 'prepared.json'), encoding='utf-8') as file:
        info = json.load(file)
    if max(stars) > info['withDerivatives']:
        raise SystemExit(f'{prepared} has {info["withDerivatives"]} spectra with derivatives: give --stars of at most that')
    flux_only = without_jacobian(prepared, os.path.join(out, 'without-derivatives'))
    jobs = []
    for network in networks:
        for n in stars:
            for derivatives in (True, False):
                recipe = {'network': network, **RECIPES[network], **recipes.get(network, {})}
                if not derivatives:
                    recipe['derivativeWeight'] = 0.0
                name = f'{network}-{n}-{"with" if derivatives else "without"}'
                settings = {'network': network, 'stars': n, 'derivatives': derivatives, 'minutes': minutes, 'recipe': recipe, 'cuda': cuda,
                            'seed': info['dataset']['seed'], 'heldOutDerivatives': derivatives_of}
                jobs.append({'name': name, 'settings': settings, 'recipe': recipe, 'stars': n, 'derivatives': derivatives, 'cuda': cuda,
                             'prepared': prepared, 'data': prepared if derivatives else flux_only, 'heldout': heldout, 'out': os.path.join(out, name)})
    return jobs


def read_results(path):
    if not os.path.exists(path):
        return {}
    with open(path, encoding='utf-8') as file:
        return {entry['name']: entry for entry in json.load(file)}


def compare(prepared, heldout, out, stars=(250, 500, 1000), minutes=5.0, networks=tuple(RECIPES), recipes=None, derivatives_of=60, processes=1, cuda=False):
    """Makes what results.json in `out` lacks, and gives the entries in the order of the plan. minutes: of CPU, each run."""
    os.makedirs(out, exist_ok=True)
    path = os.path.join(out, 'results.json')
    jobs = plan_jobs(prepared, heldout, out, stars, minutes, networks, recipes or {}, derivatives_of, cuda)
    results = read_results(path)
    for job in jobs:
        if job['name'] in results and results[job['name']]['settings'] != job['settings']:
            raise SystemExit(f'{path}: {job["name"]} was made with other settings ({results[job["name"]]["settings"]}); give another OUT')
    left = [job for job in jobs if job['name'] not in results]
    print(f'{len(left)} of {len(jobs)} runs to make, {minutes:g} CPU min each, {processes} at a time', flush=True)
    failed = []
    with concurrent.futures.ProcessPoolExecutor(processes, multiprocessing.get_context('spawn')) as pool:
        running = {pool.submit(one_run, job): job['name'] for job in left}
        for future in concurrent.futures.as_completed(running):
            if future.exception() is not None:
                failed.append(running[future])
                print(f'{running[future]} failed: {future.exception()!r}', flush=True)
                continue
            entry = future.result()
            results[entry['name']] = entry
            with open(path + '.part', 'w', encoding='utf-8') as file:
                json.dump(list(results.values()), file, indent=1)
            os.replace(path + '.part', path)
            print(f'{entry["name"]}: {entry["steps"]} steps, flux {entry["mae"]:.3%}, at R = {SURVEY_R} {entry["mae1800"]:.3%}', flush=True)
    if failed:
        raise SystemExit(f'{len(failed)} runs failed ({", ".join(failed)}); the same command makes what is missing')
    return [results[job['name']] for job in jobs]


def key_values(text):
    """width=64,layers=2 -> {'width': 64, 'layers': 2}; numbers as numbers."""
    def value(word):
        for kind in (int, float):
            with contextlib.suppress(ValueError):
                return kind(word)
        return word

    return {key: value(word) for key, word in (pair.split('=', 1) for pair in text.split(','))}


if __name__ == '__main__':
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('prepared', help='folder written by prepare.py, all spectra with derivatives')
    parser.add_argument('heldout', help='a data set that was not trained on')
    parser.add_argument('out', help='folder for runs and results.json')
    parser.add_argument('--stars', type=int, nargs='+', default=[250, 500, 1000], help='training spectra (default 250 500 1000)')
    parser.add_argument('--minutes', type=float, default=5.0, help='CPU minutes of each run (default 5); with --cuda by the clock')
    parser.add_argument('--networks', nargs='+', choices=list(RECIPES), default=list(RECIPES))
    for network, recipe in RECIPES.items():
        parser.add_argument(f'--{network}', type=key_values, default={}, metavar='KEY=VALUE,…', help=f'recipe, beside train.py\'s defaults; default {recipe}')
    parser.add_argument('--derivatives', type=int, default=60, help='held-out stars whose derivatives are compared (default 60)')
    parser.add_argument('--processes', type=int, default=1, help='runs side by side, one thread each')
    parser.add_argument('--cuda', action='store_true', help='train on CUDA; then one process, and the budget is by the clock')
    parser.add_argument('--docs', help='also write the table into DOCS/emulator.md and the picture beside it')
    a = parser.parse_args()
    entries = compare(a.prepared, a.heldout, a.out, a.stars, a.minutes, a.networks, {name: vars(a)[name] for name in RECIPES},
                      a.derivatives, 1 if a.cuda else a.processes, a.cuda)
    print(prior_text(entries))
    if a.docs:
        write_prior(entries, a.docs)
