"""Held-out errors of a bundle: prints them, and writes them into its manifest (heldOut, heldOutMae)."""
import argparse
import datetime
import time

import numpy as np
import torch

from bundle import Bundle, write_manifest
from dataset import Dataset, DatasetError
from heldout_derivatives import ELEMENT_LIMIT, LIMITS, SHARE, SNR, ZERO, DerivativeErrors
from heldout_flux import error_map, flux_statistics
from jacobian import Jacobian
from lsf import Convolution

# The resolving power of the surveys that the emulator serves.
SURVEY_R = 1800
PARAMETERS = {'teff': 'T_eff', 'logg': 'log g', 'vmic': 'v_mic', 'feh': '[Fe/H]'}
# What a bundle should reach: mean absolute error at the native resolution and at SURVEY_R, 99th percentile, derivatives, leakage.
GOALS = {'mae': 0.0015, 'mae1800': 0.0005, 'percentile99': 0.01, 'relativeError': 0.10, 'cosine': 0.98, 'leakage': 0.02}


def measure(bundle, data, derivatives_of=None):
    """Errors of a Bundle on a Dataset it was not trained on, as the manifest's heldOut; derivatives of at most so many spectra."""
    manifest = bundle.manifest
    if data.labels != bundle.names or data.info['grid'] != manifest['grid']:
        raise DatasetError(f'{data.folder}: labels or grid differ from those of the bundle {manifest["id"]}')
    convolution = Convolution(manifest['grid']['lnStep'], manifest['resolvingPower'], SURVEY_R)
    jacobian = Jacobian(bundle)
    native, low, labels, indices = [], [], [], []
    derivative_errors = DerivativeErrors(bundle.names, bundle.half_range, convolution)
    for index, x_data, flux, derivatives in data.read():
        # The held-out set may be scaled by other ranges: go through physical labels.
        physical = x_data * data.half_range + data.centre
        x = (physical - bundle.centre) / bundle.half_range
        difference = bundle.flux(x) - flux
        native.append(np.abs(difference).astype(np.float32))
        # The convolution is linear: that of model and truth differ by that of the difference.
        low.append(np.abs(convolution(difference)).astype(np.float32))
        labels.append(physical)
        indices.append(index)
        if derivatives is None:
            continue
        derivatives = derivatives * (bundle.half_range / data.half_range)[None, :, None].astype(np.float32)
        for row in range(len(x)):
            if derivatives_of is None or derivative_errors.stars < derivatives_of:
                derivative_errors.add(jacobian(x[row]).astype(np.float64), derivatives[row].astype(np.float64))
    native, low, labels, indices = (np.concatenate(parts) for parts in (native, low, labels, indices))
    named = dict(zip(bundle.names, labels.T))
    of_spectra = native.mean(axis=1, dtype=np.float64)
    worst = int(of_spectra.argmax())
    ranges = {label['name']: (label['min'], label['max']) for label in manifest['labels']}
    at_survey = flux_statistics(low, convolution.wavelength(data.wavelength))
    return {
        'spectra': len(native), 'withDerivatives': derivative_errors.stars, 'seed': data.info['seed'], 'date': datetime.date.today().isoformat(),
        **flux_statistics(native, data.wavelength),
        'worst': {'index': int(indices[worst]), 'mae': float(of_spectra[worst]), **{name: float(named[name][worst]) for name in ('teff', 'logg', 'feh')}},
        f'r{SURVEY_R}': at_survey,
        'map': error_map(named, of_spectra, ranges),
        'derivatives': derivative_errors.summary() if derivative_errors.stars else {},
    }


def goal(value, limit, above=False):
    return f'goal {">=" if above else "<="} {limit:g}: ' + ('met' if (value >= limit if above else value <= limit) else 'missed')


def report_flux(manifest, result):
    print(f'{manifest["id"]}: {result["spectra"]} held-out spectra, {result["withDerivatives"]} with derivatives')
    for power, errors, limit in ((manifest['resolvingPower'], result, GOALS['mae']), (SURVEY_R, result[f'r{SURVEY_R}'], GOALS['mae1800'])):
        print(f'normalised flux at R = {power}: mean absolute error {errors["mae"]:.3%} ({goal(100 * errors["mae"], 100 * limit)}), median star '
              f'{errors["medianOverSpectra"]:.3%}, worst star {errors["worstSpectrum"]:.3%}, rms {errors["rms"]:.3%}, 99th percentile '
              f'{errors["percentile99"]:.3%}' + (f' ({goal(100 * errors["percentile99"], 100 * GOALS["percentile99"])})' if errors is result else ''))
        print('  per 100 A (MAE %):', ' '.join(f'{part["from"]}:{100 * part["mae"]:.3f}' for part in errors['per100']))
    worst = result['worst']
    print(f'worst star: number {worst["index"]}, T_eff {worst["teff"]:.0f} K, log g {worst["logg"]:.2f}, [Fe/H] {worst["feh"]:.2f}')
    print(f'map at R = {manifest["resolvingPower"]} (MAE %, spectra; columns [Fe/H]):')
    for teff, logg in dict.fromkeys((tuple(cell['teff']), tuple(cell['logg'])) for cell in result['map']):
        cells = [cell for cell in result['map'] if (tuple(cell['teff']), tuple(cell['logg'])) == (teff, logg)]
        print(f'  T_eff {teff[0]:4.0f}-{teff[1]:4.0f} log g {logg[0]:3.1f}-{logg[1]:3.1f}: ' + '  '.join(
            f'{cell["feh"][0]:4.1f}..{cell["feh"][1]:4.1f} ' + ('   -      ' if cell['mae'] is None else f'{100 * cell["mae"]:.3f} ({cell["spectra"]:2d})') for cell in cells))


def report_derivatives(result):
    rows = result['derivatives']
    if not rows:
        return
    limits = ', '.join(f'{name} {limit:g}' for name, limit in LIMITS.items())
    print(f'derivatives at R = {SURVEY_R}, on the pixels with 90 % of the Fisher information; "carries": sigma of that label alone at S/N {SNR:g} '
          f'per pixel below {ELEMENT_LIMIT} dex ({limits}); leakage: where the ab initio one is below {ZERO:.1%} of its peak, in peaks')
    print('label  error: all stars  where it carries  cosine there  carries in  leakage median, 95 %  (R = 5000: pooled error, cosine)')
    percent = lambda d, key: f'{d[key]:6.1%}' if d['leakageStars'] else '     -'
    for name, d in rows.items():
        print(f'{name:5s}           {d["medianRelativeError"]:6.1%}            {d["medianRelativeErrorInformative"]:6.1%}        '
              f'{d["medianCosine1800"]:.4f}   {d["informativeStars"]:5d}/{result["withDerivatives"]:<4d}    {percent(d, "leakage")} {percent(d, "leakage95")}'
              f'          {d["relativeError"]:6.1%} {d["cosine"]:.4f}')
    carrying = {name: d for name, d in rows.items() if d['informative']}
    none = [name for name in rows if name not in carrying]
    print(f'carry information in at least {SHARE:.0%} of the stars: {len(carrying)} of {len(rows)} labels'
          + (f'; not {", ".join(none)}' if none else ''))

    def verdict(text, missed, of):
        print(f'{text}: {len(of) - len(missed)} of {len(of)} labels' + (f'; not {", ".join(missed)}' if missed else ''))

    verdict(f'relative error <= {GOALS["relativeError"]:.0%}, median over all stars', [n for n, d in rows.items() if d['medianRelativeError'] > GOALS['relativeError']], rows)
    verdict(f'relative error <= {GOALS["relativeError"]:.0%} where the label carries information',
            [n for n, d in carrying.items() if d['medianRelativeErrorInformative'] > GOALS['relativeError']], carrying)
    verdict(f'cosine >= {GOALS["cosine"]} where the label carries information', [n for n, d in carrying.items() if d['medianCosine1800'] < GOALS['cosine']], carrying)
    tested = {n: d for n, d in rows.items() if n not in PARAMETERS and d['leakageStars']}
    verdict(f'elements with median leakage <= {GOALS["leakage"]:.0%}', [n for n, d in tested.items() if d['leakage'] > GOALS['leakage']], tested)


def evaluate(folder, heldout, write=True, derivatives_of=None):
    """Measures, prints, and writes into the manifest of the bundle in `folder`; gives what it wrote as heldOut."""
    started = time.time()
    bundle = Bundle(folder)
    result = measure(bundle, Dataset(heldout), derivatives_of)
    report_flux(bundle.manifest, result)
    report_derivatives(result)
    if write:
        bundle.manifest['heldOut'], bundle.manifest['heldOutMae'] = result, result['mae']
        write_manifest(folder, bundle.manifest)
    print(f'evaluated in {time.time() - started:.0f} s')
    return result


if __name__ == '__main__':
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('bundle', help='folder with manifest.json')
    parser.add_argument('heldout', help='a data set that was not trained on')
    parser.add_argument('--no-write', action='store_true', help='print only')
    parser.add_argument('--derivatives', type=int, help='derivatives of the first so many spectra only')
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    evaluate(arguments.bundle, arguments.heldout, not arguments.no_write, arguments.derivatives)
