"""
Toy spectra in the format of a training set, for tests and for timing: Voigt-like lines whose strengths follow Boltzmann and Saha
factors of the labels, saturated, then smoothed. They look like stars to the network and to nobody else.
"""
import argparse
import json
import os

import numpy as np

LABELS = ('teff logg vmic feh C N O Na Mg Al Si S K Ca Sc Ti V Cr Mn Co Ni Cu Zn Sr Y Zr Ba La Ce Pr Nd Sm Eu').split()
RANGES = {'teff': [4000, 7000], 'logg': [0.5, 5.0], 'vmic': [0.5, 3.0], 'feh': [-2.5, 0.5], 'C': [-1, 1], 'N': [-1, 1]}
OVERSAMPLING = 4


class Toy:
    """A fixed set of random lines on a grid of `count` pixels; spectrum(labels) gives flux and its derivatives."""

    def __init__(self, count, seed=0, lines=None):
        random = np.random.default_rng(seed)
        self.count = count
        self.ln_start, self.ln_step = np.log(3700.0), np.log(9100 / 3700) / 13500
        n = lines or max(count // 3, 20)
        fine = count * OVERSAMPLING
        self.centre = (random.beta(1, 1.6, n) * fine).astype(int)  # more lines in the blue
        abundance = random.permutation(np.concatenate([np.arange(4, len(LABELS)), np.full(len(LABELS) * 2, -1)]))
        self.element = abundance[random.integers(0, len(abundance), n)]  # -1: iron
        self.excitation = random.uniform(0, 5, n)
        self.ionised = random.random(n) < 0.3
        self.molecular = random.random(n) < 0.1
        self.log_strength = random.normal(-1.1, 1.1, n)
        self.width = OVERSAMPLING * 0.5
        offsets = np.arange(-24, 25)
        self.index = np.clip(self.centre[:, None] + offsets, 0, fine - 1)
        self.distance = np.broadcast_to(offsets / self.width, self.index.shape)
        sigma = OVERSAMPLING * 3 / 2.3548
        kernel = np.exp(-0.5 * (np.arange(-20, 21) / sigma) ** 2)
        self.kernel = np.fft.rfft(kernel / kernel.sum(), fine + 40)
        self.fine = fine

    def opacity(self, labels):
        """Optical depth [fine] at labels."""
        teff, logg, vmic, feh = labels[:4]
        theta = 5040 / teff
        abundance = np.where(self.element >= 0, labels[np.maximum(self.element, 4)], 0.0) + feh
        ion = 1.2 * (logg - 4) * 0.3 + 9 * (theta - 0.87)
        log_tau = self.log_strength + abundance - (theta - 0.87) * self.excitation
        log_tau += np.where(self.ionised, -np.log1p(np.exp(ion)) / 2.3, -np.log1p(np.exp(-ion)) / 2.3) + 0.3
        log_tau = np.where(self.molecular, log_tau + 6 * (theta - 1.05) + 0.5 * (labels[4] + feh), log_tau)
        doppler = np.sqrt(0.7 + 0.3 * vmic**2)
        damping = 0.03 * 10 ** (0.3 * (logg - 4))
        profile = np.exp(-((self.distance / doppler) ** 2)) / doppler + damping / (1 + self.distance**2)
        tau = (10**log_tau)[:, None] * profile
        return np.bincount(self.index.ravel(), tau.ravel(), self.fine)

    def flux(self, labels):
        absorbed = 1 - np.exp(-self.opacity(labels))
        smooth = np.fft.irfft(np.fft.rfft(absorbed, self.fine + 40) * self.kernel, self.fine + 40)[20 : 20 + self.fine]
        return 1 - 0.9 * smooth[::OVERSAMPLING]

    def derivatives(self, labels, step):
        """Central differences over ± step (one per label), per unit of the label."""
        rows = []
        for j, h in enumerate(step):
            up, down = labels.copy(), labels.copy()
            up[j] += h
            down[j] -= h
            rows.append((self.flux(up) - self.flux(down)) / (2 * h))
        return np.array(rows)


def write(folder, stars, count=13500, seed=1, toy_seed=0, chunk=20):
    """Writes a toy data set of `stars` stars drawn uniformly in the box."""
    os.makedirs(folder, exist_ok=True)
    toy = Toy(count, toy_seed)
    ranges = {name: RANGES.get(name, [-0.5, 0.5]) for name in LABELS}
    unit = [1000.0 if name == 'teff' else 1.0 for name in LABELS]
    box = np.array([ranges[name] for name in LABELS], dtype=float)
    step = (box[:, 1] - box[:, 0]) * 1e-3
    random = np.random.default_rng(seed)
    for start in range(0, stars, chunk):
        n = min(chunk, stars - start)
        labels = box[:, 0] + (box[:, 1] - box[:, 0]) * random.random((n, len(LABELS)))
        flux = np.array([toy.flux(row) for row in labels])
        derivatives = np.array([toy.derivatives(row, step) for row in labels]) * np.array(unit)[None, :, None]
        np.savez(
            os.path.join(folder, f'chunk-{start // chunk:05d}.npz'),
            index=np.arange(start, start + n, dtype=np.int32),
            labels=labels,
            flux=flux.astype(np.float16),
            derivatives=derivatives.astype(np.float16),
        )
    info = {
        'version': 1, 'stepKms': 2, 'seed': seed, 'labels': LABELS, 'derivativeUnit': unit, 'resolvingPower': 5000, 'atmospheres': 'toy', 'lines': 'toy',
        'grid': {'lnStart': toy.ln_start, 'lnStep': toy.ln_step, 'count': count}, 'ranges': ranges, 'code': 'toy',
    }
    with open(os.path.join(folder, 'dataset.json'), 'w', encoding='utf-8') as file:
        json.dump(info, file)


if __name__ == '__main__':
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('folder')
    parser.add_argument('--stars', type=int, default=400)
    parser.add_argument('--count', type=int, default=13500)
    parser.add_argument('--seed', type=int, default=1)
    arguments = parser.parse_args()
    write(arguments.folder, arguments.stars, arguments.count, arguments.seed)
