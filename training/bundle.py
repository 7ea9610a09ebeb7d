"""Reads and writes a model bundle: manifest.json and one file of weights."""
import hashlib
import json
import os

import numpy as np
import torch

from network import create_network, load_exported

TYPES = {'float16': np.dtype('<f2'), 'float32': np.dtype('<f4')}


class BundleError(Exception):
    """The folder is not a usable bundle; the message says what was found."""


def write_weights(path, arrays, dtype):
    """
    Writes arrays one after another, little-endian. With dtype float16 the matrices are halved; vectors, and what sets the flux
    directly (mean, scale), stay float32. Returns the manifest's table of tensors and the sha256.
    """
    table, blobs, offset = [], [], 0
    for name, array in arrays.items():
        kind = 'float32' if array.ndim < 2 or name in ('mean', 'scale') else dtype
        blob = np.ascontiguousarray(array).astype(TYPES[kind]).tobytes()
        table.append({'name': name, 'shape': list(array.shape), 'dtype': kind, 'offset': offset})
        blob += b'\0' * (-len(blob) % 4)
        blobs.append(blob)
        offset += len(blob)
    data = b''.join(blobs)
    with open(path, 'wb') as file:
        file.write(data)
    return table, hashlib.sha256(data).hexdigest(), len(data)


def write_manifest(folder, manifest):
    path = os.path.join(folder, 'manifest.json')
    with open(path + '.part', 'w', encoding='utf-8') as file:
        json.dump(manifest, file, indent=1, ensure_ascii=False)
        file.write('\n')
    os.replace(path + '.part', path)


class Bundle:
    """A bundle as the app will see it: weights as rounded in the file. Network in float64."""

    def __init__(self, folder):
        self.folder = folder
        with open(os.path.join(folder, 'manifest.json'), encoding='utf-8') as file:
            self.manifest = json.load(file)
        weights = self.manifest['weights']
        with open(os.path.join(folder, weights['file']), 'rb') as file:
            data = file.read()
        if hashlib.sha256(data).hexdigest() != weights['sha256']:
            raise BundleError(f'{folder}: {weights["file"]} has another sha256 than the manifest says')
        self.arrays = {
            t['name']: np.frombuffer(data, TYPES[t['dtype']], int(np.prod(t['shape'])), t['offset']).reshape(t['shape']).astype(np.float64)
            for t in self.manifest['tensors']
        }
        architecture = self.manifest['architecture']
        self.model = create_network(architecture['name'], architecture).double()
        load_exported(self.model, self.arrays)
        self.centre = np.array([label['centre'] for label in self.manifest['labels']])
        self.half_range = np.array([label['halfRange'] for label in self.manifest['labels']])
        self.names = [label['name'] for label in self.manifest['labels']]

    @torch.no_grad()
    def flux(self, x, block=64):
        """Flux [n, count] at scaled labels x [n, labels]."""
        rows = []
        for start in range(0, len(x), block):
            y = self.model(torch.tensor(x[start : start + block])).numpy().reshape(-1, *self.arrays['scale'].shape) * self.arrays['scale']
            rows.append((np.einsum('npk,pki->npi', y, self.arrays['basis'], optimize=True) + self.arrays['mean']).reshape(len(y), -1))
        return np.concatenate(rows)

    def jacobian(self, x, step=1e-3):
        """dF/dx [labels, count] at one x, by central differences in float64 (error ~ step^2)."""
        eye = np.eye(len(x)) * step
        up_down = self.flux(np.concatenate([x + eye, x - eye]))
        return (up_down[: len(x)] - up_down[len(x) :]) / (2 * step)
