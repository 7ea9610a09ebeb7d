"""
A small atlas of ab initio derivatives for the page: the derivatives of a few well-spread stars of a training set, at the
resolution of a survey, to be laid over the emulator's.

    python3 training/atlas.py SET OUT [--stars 24]

Writes OUT/abinitio.json and OUT/abinitio.bin; OUT is the folder of the model that was trained on SET.
"""
import argparse
import hashlib
import json
import os
import sys

import numpy as np

from dataset import Dataset, DatasetError

FORMAT = 'maury-abinitio-1'
RESOLVING_POWER = 1800
# Native pixels per pixel of the atlas: two per FWHM at R = 1800 from R = 5000 with three.
STRIDE = 4
FWHM_PER_SIGMA = 2.3548200450309493
# Labels that stars are spread over.
SPREAD = ('teff', 'logg', 'feh')
# The first one chosen is the nearest to this.
SUN = {'teff': 5772, 'logg': 4.44, 'feh': 0.0}


def well_spread(scaled, first, count):
    """Rows of `scaled` [n, d], beginning with `first`: each next one is the farthest from all before it (Gonzalez 1985)."""
    chosen = [first]
    distance = np.linalg.norm(scaled - scaled[first], axis=1)
    while len(chosen) < min(count, len(scaled)):
        chosen.append(int(np.argmax(distance)))
        distance = np.minimum(distance, np.linalg.norm(scaled - scaled[chosen[-1]], axis=1))
    return chosen


def smoothing_kernel(ln_step, from_power, to_power):
    """Gaussian that brings a spectrum on a ln-lambda grid from one resolving power to a lower one; a single 1 where it is not lower."""
    variance = (1 / to_power**2 - 1 / from_power**2) / FWHM_PER_SIGMA**2
    if variance <= 0:
        return np.ones(1)
    sigma = np.sqrt(variance) / ln_step
    reach = int(np.ceil(5 * sigma))
    kernel = np.exp(-0.5 * (np.arange(-reach, reach + 1) / sigma) ** 2)
    return kernel / kernel.sum()


def smoothed(spectrum, kernel):
    """Convolution on the same grid; the ends are held, so that nothing falls off there."""
    half = len(kernel) // 2
    return np.convolve(np.pad(spectrum, half, mode='edge'), kernel, mode='valid')


def encode(spectrum):
    """int8 q and a scale, with spectrum = scale * sign(q) * (q / 127)^2: small features keep their shape beside large ones."""
    scale = float(np.max(np.abs(spectrum)))
    if scale == 0:
        return np.zeros(len(spectrum), dtype=np.int8), 0.0
    root = np.sqrt(np.abs(spectrum) / scale) * 127
    return (np.sign(spectrum) * np.rint(root)).astype(np.int8), scale


def choose(data, count):
    """Chunk, row and labels of the stars of the atlas. Only the labels of the set are read."""
    where, labels = [], []
    for path in data.chunks:
        with np.load(path) as chunk:
            if 'derivatives' not in chunk.files:
                continue
            for row, values in enumerate(chunk['labels'].astype(np.float64)):
                if np.isfinite(values).all():
                    where.append((path, row))
                    labels.append(values)
    if not where:
        raise DatasetError(f'{data.folder} has no derivatives')
    places = [data.labels.index(name) for name in SPREAD]
    scaled = data.scale_labels(np.array(labels))[:, places]
    sun = np.array([(SUN[name] - data.centre[i]) / data.half_range[i] for name, i in zip(SPREAD, places)])
    first = int(np.argmin(np.linalg.norm(scaled - sun, axis=1)))
    return [(*where[i], labels[i]) for i in well_spread(scaled, first, count)]


def write_atlas(folder, out, count=24):
    data = Dataset(folder)
    grid = data.info['grid']
    kernel = smoothing_kernel(grid['lnStep'], data.info['resolvingPower'], RESOLVING_POWER)
    stars, blocks = [], []
    for path, row, labels in choose(data, count):
        with np.load(path) as chunk:
            derivatives = chunk['derivatives'][row].astype(np.float64)
        if not np.isfinite(derivatives).all():
            print(f'{path}, row {row}: derivatives that are not finite, left out')
            continue
        scales = []
        for derivative, unit in zip(derivatives, data.derivative_unit):
            q, scale = encode(smoothed(derivative / unit, kernel)[::STRIDE])
            blocks.append(q)
            scales.append(scale)
        stars.append({'labels': [float(f'{value:.6g}') for value in labels], 'scales': [float(f'{scale:.6g}') for scale in scales]})
    content = b''.join(block.tobytes() for block in blocks)
    description = {
        'format': FORMAT,
        'file': 'abinitio.bin',
        'bytes': len(content),
        'sha256': hashlib.sha256(content).hexdigest(),
        'labels': data.labels,
        'grid': {'lnStart': grid['lnStart'], 'lnStep': grid['lnStep'] * STRIDE, 'count': len(range(0, data.count, STRIDE))},
        'resolvingPower': RESOLVING_POWER,
        'lines': data.info['lines'],
        'atmospheres': data.info['atmospheres'],
        'stars': stars,
    }
    os.makedirs(out, exist_ok=True)
    with open(os.path.join(out, 'abinitio.bin'), 'wb') as file:
        file.write(content)
    with open(os.path.join(out, 'abinitio.json'), 'w', encoding='utf-8') as file:
        json.dump(description, file)
    print(f'{len(stars)} stars, {len(data.labels)} labels, {description["grid"]["count"]} pixels at R = {RESOLVING_POWER}: {len(content) / 1e6:.2f} MB in {out}')


if __name__ == '__main__':
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('set', help='folder of a training set with derivatives')
    parser.add_argument('out', help='folder of the model bundle')
    parser.add_argument('--stars', type=int, default=24)
    given = parser.parse_args()
    try:
        write_atlas(given.set, given.out, given.stars)
    except DatasetError as error:
        sys.exit(str(error))
