"""Writes the averaged weights of a training run as a model bundle: weights file and manifest.json."""
import argparse
import datetime
import os

import numpy as np
import torch

from bundle import Bundle, write_manifest, write_weights
from network import create_network, exported_tensors
from train import Prepared
from training_stars import training_stars

CITATIONS = [
    'Wu, Xiang et al. 2026, ApJ, arXiv:2604.02730 (PhDLspec: the method)',
    'Ting, Conroy, Rix & Cargile 2019, ApJ 879, 69 (The Payne: emulating ab initio spectra)',
    'Asplund, Grevesse, Sauval & Scott 2009, ARA&A 47, 481 (solar scale)',
]
LIMITS = [
    'LTE, plane-parallel, one-dimensional atmospheres: no NLTE, no convection, no chromosphere, no rotation.',
    'Outside the label ranges the spectrum is an extrapolation.',
    'The abundance pattern enters the opacity and the ionisation balance; the temperature structure of the atmosphere follows T_eff, log g, [Fe/H] and the mean of [O, Mg, Si, Ca, Ti/Fe] only.',
    'TiO, VO, CaH and SiH lines are absent from the line list: spectra below about 4300 K are not credible in detail, nor is anything below 3950 A.',
    'Normalised flux only: continuum shape, extinction and absolute flux are not emulated.',
]
UNITS = {'teff': 'K', 'vmic': 'km/s'}


def export(run, out, identifier, title, prepared_folder=None, dtype='float16', atmospheres=None, lines=None):
    state = torch.load(os.path.join(run, 'checkpoint.pt'), map_location='cpu')
    prepared = Prepared(prepared_folder or state['prepared'])
    info, dataset = prepared.info, prepared.info['dataset']
    model = create_network(state['recipe'].get('network', 'transformer'), state['sizes'])
    with torch.no_grad():
        for parameter, average in zip(model.parameters(), state['average']):
            parameter.copy_(average)
    arrays = {name: tensor.numpy() for name, tensor in exported_tensors(model).items()}
    arrays.update(mean=prepared.mean, scale=prepared.scale, basis=prepared.basis)
    os.makedirs(out, exist_ok=True)
    table, sha256, size = write_weights(os.path.join(out, 'weights.bin'), arrays, dtype)
    labels = []
    for j, name in enumerate(dataset['labels']):
        low, high = dataset['ranges'][name]
        labels.append({'name': name, 'unit': UNITS.get(name, 'dex'), 'min': low, 'max': high,
                       'centre': info['centre'][j], 'halfRange': info['halfRange'][j]})
    manifest = {
        'format': 'maury-model', 'formatVersion': 1, 'id': identifier, 'title': title,
        'date': datetime.date.today().isoformat(), 'citation': CITATIONS, 'limits': LIMITS,
        'architecture': {'name': model.name, 'version': model.version, **model.sizes, **model.architecture(),
                         'parameters': sum(p.numel() for p in model.parameters())},
        'labels': labels, **({'region': dataset['region']} if 'region' in dataset else {}), 'grid': dataset['grid'], 'medium': 'vacuum', 'quantity': 'normalised flux',
        'resolvingPower': dataset['resolvingPower'],
        'trainedOn': {
            'atmospheres': atmospheres or dataset['atmospheres'], 'lines': lines or dataset['lines'], 'code': f"{dataset['code']}, training set version {dataset['version']}, sampled at {dataset['stepKms']} km/s",
            'seed': dataset['seed'], 'spectra': info['spectra'], 'withDerivatives': info['withDerivatives'],
            'withoutDerivatives': info['spectra'] - info['withDerivatives'],
            'stars': training_stars(dataset['labels'], prepared.x.numpy() * np.array(info['halfRange']) + np.array(info['centre'])),
        },
        'training': {'recipe': state['recipe'], 'steps': state['step'], 'spectraSeen': state['samples'], 'finished': state['finished'],
                     'minutes': round(state['elapsed'] / 60, 1), 'processes': state['processes'],
                     'derivativeAlpha': info['alpha'], 'basisMae': info['basisMae']},
        'weights': {'file': 'weights.bin', 'sha256': sha256, 'bytes': size},
        'tensors': table, 'check': None, 'heldOut': None, 'heldOutMae': None,
    }
    write_manifest(out, manifest)
    # A truth for every backend to start from: a point off the centre, in float64, with the weights as rounded in the file.
    bundle = Bundle(out)
    x = np.sin(1.7 * np.arange(len(labels)) + 0.5) * 0.5
    flux = bundle.flux(x[None])[0]
    indices = np.linspace(0, len(flux) - 1, 64).astype(int)
    manifest['check'] = {'labels': (bundle.centre + x * bundle.half_range).tolist(), 'pixels': indices.tolist(),
                         'flux': [round(float(f), 7) for f in flux[indices]], 'tolerance': 1e-4}
    write_manifest(out, manifest)
    print(f'{out}: {size / 1e6:.2f} MB, {manifest["architecture"]["parameters"]} weights, step {state["step"]}'
          + ('' if state['finished'] else ' (the run was not finished)'))
    return manifest


if __name__ == '__main__':
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('run', help='folder of the training run (checkpoint.pt)')
    parser.add_argument('out', help='bundle folder, e.g. public/models/<id>')
    parser.add_argument('--id', required=True)
    parser.add_argument('--title', required=True)
    parser.add_argument('--prepared', help='prepared data, if moved since the run')
    parser.add_argument('--dtype', choices=['float16', 'float32'], default='float16')
    parser.add_argument('--atmospheres', help="citation, instead of the data set's own line")
    parser.add_argument('--lines', help="citation, instead of the data set's own line")
    a = parser.parse_args()
    export(a.run, a.out, a.id, a.title, a.prepared, a.dtype, a.atmospheres, a.lines)
