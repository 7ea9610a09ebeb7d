"""
Draws what the held-out stars say of a bundle, and writes the tables of docs/emulator.md from its manifest: run it after evaluate.py.
Nothing in that document's tables is typed by hand.
"""
import argparse
import os
import time

import matplotlib

matplotlib.use('Agg')
import matplotlib.pyplot as plt
import numpy as np
import torch

from bundle import Bundle
from dataset import Dataset
from evaluate import PARAMETERS, SURVEY_R
from jacobian import Jacobian
from lsf import Convolution
from markdown import write_between
from tables import derivative_summary, derivative_table, flux_table, map_table

TRUTH, MODEL = '#000000', '#d55e00'  # Okabe-Ito
BLUE = '#0072b2'
# What derivatives.png shows: labels, and for each the window (A, vacuum) seen at the native resolution.
SHOWN = (('Mg', 5120, 5220), ('feh', 5220, 5320), ('Ca', 8480, 8700), ('logg', 5120, 5220))
# The star it shows is the held-out one nearest to this.
NEAR = {'teff': 5000.0, 'logg': 3.0, 'feh': -0.3}
SCALES = {'teff': 500.0, 'logg': 0.7, 'feh': 0.5}


def draw_heldout(bundle, data, path):
    """Error per 100 A at both resolutions, and of every star in the Kiel diagram."""
    held = bundle.manifest['heldOut']
    figure, (left, right) = plt.subplots(1, 2, figsize=(11, 4.2), constrained_layout=True)
    for errors, power, colour in ((held, bundle.manifest['resolvingPower'], BLUE), (held[f'r{SURVEY_R}'], SURVEY_R, MODEL)):
        parts = errors['per100']
        edges = [part['from'] for part in parts] + [parts[-1]['to']]
        left.stairs([100 * part['mae'] for part in parts], edges, baseline=None, color=colour, label=f'R = {power:g}')
    left.set(yscale='log', xlabel='wavelength, Å (vacuum)', ylabel='mean absolute error of normalised flux, %')
    left.legend(frameon=False)
    teff, logg, of_star = [], [], []
    for _, x, flux, _ in data.read():
        physical = x * data.half_range + data.centre
        of_star.append(np.abs(bundle.flux((physical - bundle.centre) / bundle.half_range) - flux).mean(axis=1))
        teff.append(physical[:, bundle.names.index('teff')])
        logg.append(physical[:, bundle.names.index('logg')])
    of_star = 100 * np.concatenate(of_star)
    order = np.argsort(of_star)  # the worst on top
    points = right.scatter(np.concatenate(teff)[order], np.concatenate(logg)[order], c=of_star[order], s=22, cmap='viridis',
                           norm=matplotlib.colors.LogNorm())
    right.invert_xaxis()
    right.invert_yaxis()
    right.set(xlabel='T_eff, K', ylabel='log g')
    figure.colorbar(points, ax=right, label=f'mean absolute error of the star at R = {bundle.manifest["resolvingPower"]:g}, %')
    figure.savefig(path, dpi=110)
    plt.close(figure)


def nearest_star(bundle, data):
    """Scaled labels, physical labels by name, and dF/dx ab initio of the held-out star nearest to NEAR; None if none has derivatives."""
    best, found = np.inf, None
    for _, x, _, derivatives in data.read():
        if derivatives is None:
            continue
        physical = x * data.half_range + data.centre
        distance = sum(((physical[:, bundle.names.index(name)] - value) / SCALES[name]) ** 2 for name, value in NEAR.items())
        row = int(distance.argmin())
        if distance[row] < best:
            best = distance[row]
            truth = derivatives[row] * (bundle.half_range / data.half_range)[:, None]
            found = (physical[row] - bundle.centre) / bundle.half_range, dict(zip(bundle.names, physical[row])), truth
    return found


def draw_derivatives(bundle, data, path):
    """Ab initio and emulated derivatives of one star: all wavelengths at R = 1800, and a window at the native resolution."""
    star = nearest_star(bundle, data)
    if star is None:
        return False
    x, labels, truth = star
    model = Jacobian(bundle)(x)
    manifest = bundle.manifest
    convolution = Convolution(manifest['grid']['lnStep'], manifest['resolvingPower'], SURVEY_R)
    figure, axes = plt.subplots(len(SHOWN), 2, figsize=(12, 2.3 * len(SHOWN)), width_ratios=(2, 1), constrained_layout=True)
    for (name, low, high), (whole, window) in zip(SHOWN, axes):
        j = bundle.names.index(name)
        unit = bundle.half_range[j]
        at = convolution.wavelength(data.wavelength)
        low_truth, low_model = (convolution(d[j].astype(np.float64)) / unit for d in (truth, model))
        whole.plot(at, low_truth, color=TRUTH, lw=0.9, label='ab initio')
        whole.plot(at, low_model, color=MODEL, lw=0.7, label='emulated')
        whole.plot(at, low_model - low_truth - 1.3 * np.abs(low_truth).max(), color=BLUE, lw=0.5, label='difference, shifted')
        whole.set(ylabel=f'∂F/∂{PARAMETERS.get(name, f"[{name}/Fe]")}, per dex', title=f'R = {SURVEY_R}' if name == SHOWN[0][0] else None)
        inside = (data.wavelength > low) & (data.wavelength < high)
        if inside.any():
            window.plot(data.wavelength[inside], truth[j][inside] / unit, color=TRUTH, lw=1.2)
            window.plot(data.wavelength[inside], model[j][inside] / unit, color=MODEL, lw=0.9)
        window.set(title=f'R = {manifest["resolvingPower"]:g}' if name == SHOWN[0][0] else None)
    axes[0][0].legend(frameon=False, ncol=3, fontsize=8)
    for axis in axes[-1]:
        axis.set_xlabel('wavelength, Å (vacuum)')
    figure.suptitle(f'held-out star: T_eff {labels["teff"]:.0f} K, log g {labels["logg"]:.2f}, [Fe/H] {labels["feh"]:.2f}')
    figure.savefig(path, dpi=110)
    plt.close(figure)
    return True


def write_document(manifest, path):
    """The tables of the document at `path`, from the manifest."""
    held, trained = manifest['heldOut'], manifest['trainedOn']
    head = (f'`{manifest["id"]}`, trained on {trained["spectra"]} spectra, {trained["withDerivatives"]} of them with derivatives; '
            f'{held["spectra"]} held-out stars, {held["withDerivatives"]} with derivatives; {held["date"]}. ')
    worst = held['worst']
    write_between(path, 'heldout', f'{head}Errors of normalised flux, %:\n\n{flux_table(manifest)}\n\nThe worst star has T_eff {worst["teff"]:.0f} K, '
                  f'log g {worst["logg"]:.2f}, [Fe/H] {worst["feh"]:.2f}.\n\nMean absolute error at R = {manifest["resolvingPower"]:g}, % (stars):\n\n{map_table(manifest)}')
    if held['derivatives']:
        write_between(path, 'derivatives', f'{derivative_table(manifest)}\n\n{derivative_summary(manifest)}')


def figures(folder, heldout, docs):
    """Writes heldout.png and derivatives.png into docs/emulator, and the tables of docs/emulator.md."""
    started = time.time()
    bundle, data = Bundle(folder), Dataset(heldout)
    if bundle.manifest['heldOut'] is None or f'r{SURVEY_R}' not in bundle.manifest['heldOut']:
        raise SystemExit(f'{folder}: the manifest has no held-out errors of this version; run evaluate.py first')
    pictures = os.path.join(docs, 'emulator')
    os.makedirs(pictures, exist_ok=True)
    draw_heldout(bundle, data, os.path.join(pictures, 'heldout.png'))
    draw_derivatives(bundle, data, os.path.join(pictures, 'derivatives.png'))
    write_document(bundle.manifest, os.path.join(docs, 'emulator.md'))
    print(f'{pictures} and {pictures}.md written in {time.time() - started:.0f} s')


if __name__ == '__main__':
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('bundle', help='folder with manifest.json, evaluated')
    parser.add_argument('heldout', help='the data set it was evaluated on')
    parser.add_argument('--docs', default=os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'docs'), help='default docs')
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    figures(arguments.bundle, arguments.heldout, os.path.normpath(arguments.docs))
