"""Held-out errors of a bundle: prints them, and writes them into its manifest (heldOut, heldOutMae)."""
import argparse
import datetime
import os
import time

import numpy as np
import torch

from bundle import Bundle, write_manifest
from dataset import Dataset, DatasetError


def evaluate(folder, heldout, write=True, derivatives_of=None):
    started = time.time()
    bundle, data = Bundle(folder), Dataset(heldout)
    manifest = bundle.manifest
    if data.labels != bundle.names or data.info['grid'] != manifest['grid']:
        raise DatasetError(f'{heldout}: labels or grid differ from those of the bundle {manifest["id"]}')
    errors, square, truth, cross, model_square = [], 0, 0, 0, 0
    cosines, spectra, with_derivatives = [], 0, 0
    for index, x_data, flux, derivatives in data.read():
        # The held-out set may be scaled by other ranges: go through physical labels.
        x = (x_data * data.half_range + data.centre - bundle.centre) / bundle.half_range
        errors.append(np.abs(bundle.flux(x) - flux).astype(np.float32))
        spectra += len(x)
        if derivatives is None:
            continue
        derivatives = derivatives * (bundle.half_range / data.half_range)[None, :, None].astype(np.float32)
        for row in range(len(x)):
            if derivatives_of is not None and with_derivatives >= derivatives_of:
                break
            with_derivatives += 1
            model = bundle.jacobian(x[row])
            star = derivatives[row].astype(np.float64)
            difference, own = ((model - star) ** 2).sum(axis=1), (star**2).sum(axis=1)
            product, other = (model * star).sum(axis=1), (model**2).sum(axis=1)
            square, truth, cross, model_square = square + difference, truth + own, cross + product, model_square + other
            cosines.append(product / np.sqrt(np.maximum(own * other, 1e-30)))
    errors = np.concatenate(errors)
    mae = float(errors.mean())
    result = {
        'spectra': spectra, 'withDerivatives': with_derivatives, 'seed': data.info['seed'], 'date': datetime.date.today().isoformat(),
        'mae': mae, 'medianOverSpectra': float(np.median(errors.mean(axis=1))), 'worstSpectrum': float(errors.mean(axis=1).max()),
        'rms': float(np.sqrt((errors.astype(np.float64) ** 2).mean())), 'percentile99': float(np.percentile(errors, 99)), 'per100': [], 'derivatives': {},
    }
    for low in range(int(data.wavelength[0] // 100) * 100, int(data.wavelength[-1]) + 1, 100):
        inside = (data.wavelength >= low) & (data.wavelength < low + 100)
        if inside.any():
            part = errors[:, inside]
            result['per100'].append({'from': low, 'to': low + 100, 'mae': float(part.mean()), 'percentile99': float(np.percentile(part, 99))})
    if with_derivatives:
        for j, name in enumerate(bundle.names):
            result['derivatives'][name] = {
                'relativeError': float(np.sqrt(square[j] / max(truth[j], 1e-30))),
                'cosine': float(cross[j] / np.sqrt(max(truth[j] * model_square[j], 1e-30))),
                'medianCosine': float(np.median([c[j] for c in cosines])),
                'rms': float(np.sqrt(truth[j] / (with_derivatives * data.count)) / bundle.half_range[j]),
            }
    report(manifest, result)
    print(f'({time.time() - started:.0f} s)')
    if write:
        manifest['heldOut'], manifest['heldOutMae'] = result, mae
        write_manifest(folder, manifest)
        print(f'written to {os.path.join(folder, "manifest.json")}')
    return result


def report(manifest, result):
    print(f'{manifest["id"]}: {result["spectra"]} held-out spectra, {result["withDerivatives"]} with derivatives')
    print(f'normalised flux at R = {manifest["resolvingPower"]}: mean absolute error {result["mae"]:.3%} (median over spectra '
          f'{result["medianOverSpectra"]:.3%}, worst {result["worstSpectrum"]:.3%}), rms {result["rms"]:.3%}, '
          f'99th percentile {result["percentile99"]:.3%}')
    print('per 100 A (MAE %):', ' '.join(f'{part["from"]}:{100 * part["mae"]:.2f}' for part in result['per100']))
    if result['derivatives']:
        print('derivatives (relative rms error, cosine):')
        rows = [f'{name:5s} {d["relativeError"]:6.1%} {d["cosine"]:.3f}' for name, d in result['derivatives'].items()]
        for start in range(0, len(rows), 6):
            print('  ' + ' | '.join(rows[start : start + 6]))


if __name__ == '__main__':
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('bundle', help='folder with manifest.json')
    parser.add_argument('heldout', help='a data set that was not trained on')
    parser.add_argument('--no-write', action='store_true', help='print only')
    parser.add_argument('--derivatives', type=int, help='derivatives of the first so many spectra only')
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    evaluate(arguments.bundle, arguments.heldout, not arguments.no_write, arguments.derivatives)
