"""
A finished bundle as the starting point of a training run on other spectra (other line list, box or basis): train.py --start BUNDLE.

What the bundle computes is kept, as far as the new basis can hold it. Both ends of its network are linear, so the changes of frame are exact there:

    x_old = a x_new + c                                      the labels' centres and half-ranges
    y_new = y_old M + m ,  M = s_old B_old B_newT / s_new ,  m = (mean_old - mean_new) B_newT / s_new      patch by patch

with B the orthonormal bases and s their scales.
"""
import json
import os

import numpy as np

from bundle import Bundle
from network import load_exported, network_class


class StartError(Exception):
    """The bundle cannot start this run; the message says why."""


def identity(folder):
    """What the recipe says of a start: the bundle's id and the first 12 hex digits of its weights' sha256."""
    with open(os.path.join(folder, 'manifest.json'), encoding='utf-8') as file:
        manifest = json.load(file)
    return f'{manifest["id"]} {manifest["weights"]["sha256"][:12]}'


def load_start(model, folder, prepared):
    """Fills `model` with the weights of the bundle in `folder`, changed to the labels' frame and the basis of `prepared`."""
    bundle = Bundle(folder)
    old, new = bundle.manifest['architecture'], model.sizes
    if network_class(old['name']) is not type(model):
        raise StartError(f'{folder} is of network {old["name"]}, and the run of {model.name}; give --network')
    for key in ('labels', 'patches', 'patchSize', *type(model).defaults):
        if old[key] != new[key]:
            raise StartError(f'{folder} has {key} {old[key]}, and the run {new[key]}')
    if bundle.names != list(prepared.info['dataset']['labels']) or bundle.manifest['grid'] != prepared.info['dataset']['grid']:
        raise StartError(f'{folder} has other labels or another grid than the prepared spectra')
    half = np.array(prepared.info['halfRange'])
    a = half / bundle.half_range
    c = (np.array(prepared.info['centre']) - bundle.centre) / bundle.half_range
    tensors = {name: array.copy() for name, array in bundle.arrays.items() if name not in ('mean', 'scale', 'basis')}
    project = np.swapaxes(prepared.basis, 1, 2) / prepared.scale[:, None, :]
    turn = (bundle.arrays['scale'][:, :, None] * bundle.arrays['basis']) @ project
    shift = np.einsum('pi,pik->pk', bundle.arrays['mean'] - prepared.mean, project)
    FRAMES[model.name](tensors, a, c, turn, shift)
    return load_exported(model, tensors)


def look_at_labels(tensors, weight, bias, a, c):
    """The first rows of `weight` [inputs, out] belong to the labels: x_old W + b = x_new (a W) + (b + c W)."""
    w = tensors[weight]
    tensors[bias] = tensors[bias] + c @ w[: len(a)]
    w[: len(a)] *= a[:, None]


def transformer_frame(tensors, a, c, turn, shift):
    patches, k, _ = turn.shape
    if 'code0.w' in tensors:
        look_at_labels(tensors, 'code0.w', 'code0.b', a, c)
    look_at_labels(tensors, 'input.w', 'input.b', a, c)
    tensors['head.b'] = np.einsum('pk,pkl->pl', tensors['head.b'], turn) + shift
    tensors['head.w'] = tensors['head.w'] @ turn
    skip = np.einsum('jpk,pkl->jpl', tensors['skip.w'].reshape(-1, patches, k), turn)
    tensors['head.b'] += np.einsum('j,jpl->pl', c, skip[: len(a)])
    skip[: len(a)] *= a[:, None, None]
    tensors['skip.w'] = skip.reshape(len(skip), -1)


def mlp_frame(tensors, a, c, turn, shift):
    patches, k, _ = turn.shape
    look_at_labels(tensors, 'hidden0.w', 'hidden0.b', a, c)
    tensors['head.w'] = np.einsum('wpk,pkl->wpl', tensors['head.w'].reshape(-1, patches, k), turn).reshape(len(tensors['head.w']), -1)
    tensors['head.b'] = (np.einsum('pk,pkl->pl', tensors['head.b'].reshape(patches, k), turn) + shift).reshape(-1)


FRAMES = {'patch-transformer': transformer_frame, 'mlp': mlp_frame}
