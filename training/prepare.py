"""
Prepares training: one orthonormal PCA basis per patch of pixels, and every spectrum and derivative projected on it.

The basis is fixed and orthonormal, so a squared error of the coefficients is a squared error of the pixels (but for what the
basis cannot hold, which is printed), and training never touches a pixel again.
"""
import argparse
import json
import os
import time

import numpy as np

from dataset import Dataset


def label_weights(rms, alpha):
    """s_j = rms_j^-alpha with mean 1 over labels in |J_j| s_j: how far a random direction reaches along each label."""
    rms = np.maximum(rms, rms.max() * 1e-4)
    weights = rms ** -alpha
    return weights / weights[np.argmax(rms)]


def prepare(folders, out, patch_size=180, components=80, alpha=0.6):
    started = time.time()
    data = Dataset(*([folders] if isinstance(folders, str) else folders))
    if data.count % patch_size:
        raise SystemExit(f'{data.count} pixels do not divide into patches of {patch_size}')
    patches = data.count // patch_size
    components = min(components, patch_size)
    labels = len(data.labels)

    # First pass: mean flux and the size of each label's derivative.
    total, n, with_derivatives = np.zeros(data.count), 0, 0
    square = np.zeros(labels)
    for _, _, flux, derivatives in data.read():
        total += flux.sum(axis=0, dtype=np.float64)
        n += len(flux)
        if derivatives is not None:
            with_derivatives += len(flux)
            square += np.einsum('njp,njp->j', derivatives, derivatives)
    mean = total / n
    rms = np.sqrt(square / max(with_derivatives * data.count, 1))
    weights = label_weights(rms, alpha) if with_derivatives else np.ones(labels)

    # Second pass: second moments per patch, of the flux about its mean and of the derivatives.
    flux_moment = np.zeros((patches, patch_size, patch_size))
    derivative_moment = np.zeros_like(flux_moment)
    for _, _, flux, derivatives in data.read():
        residual = (flux - mean).reshape(-1, patches, patch_size).transpose(1, 0, 2)
        flux_moment += residual.transpose(0, 2, 1) @ residual
        if derivatives is not None:
            scaled = derivatives * weights.astype(np.float32)[None, :, None]
            scaled = scaled.reshape(-1, patches, patch_size).transpose(1, 0, 2)
            derivative_moment += scaled.transpose(0, 2, 1) @ scaled
    flux_variance = np.trace(flux_moment, axis1=1, axis2=2).sum() / (n * data.count)
    moment = flux_moment / n / flux_variance
    derivative_variance = 0.0
    if with_derivatives:
        derivative_variance = np.trace(derivative_moment, axis1=1, axis2=2).sum() / (with_derivatives * data.count)
        moment += derivative_moment / with_derivatives / derivative_variance
    _, vectors = np.linalg.eigh(moment)
    basis = np.ascontiguousarray(vectors[:, :, ::-1][:, :, :components].transpose(0, 2, 1))  # [P, K, patch_size]
    variance = np.einsum('pki,pij,pkj->pk', basis, moment, basis) * flux_variance
    scale = np.sqrt(np.maximum(variance, variance.max() * 1e-8))

    # Third pass: project.
    os.makedirs(out, exist_ok=True)
    shape = (n, patches * components)
    coefficients = np.lib.format.open_memmap(os.path.join(out, 'coefficients.npy'), 'w+', np.float32, shape)
    jacobian = np.lib.format.open_memmap(os.path.join(out, 'jacobian.npy'), 'w+', np.float32, (with_derivatives, labels, shape[1]))
    # Spectra that have derivatives come first: row i of jacobian belongs to row i of coefficients.
    x = np.zeros((n, labels))
    indices = np.zeros(n, dtype=np.int64)
    projector = (basis / scale[:, :, None]).transpose(0, 2, 1).astype(np.float32)  # [P, patch_size, K]

    def project(spectra):
        rows = spectra.reshape(-1, patches, patch_size).transpose(1, 0, 2)
        return (rows @ projector).transpose(1, 0, 2).reshape(*spectra.shape[:-1], -1)

    first, last, lost, lost_derivative = 0, with_derivatives, 0.0, 0.0
    for index, rows, flux, derivatives in data.read():
        m = len(rows)
        at = first if derivatives is not None else last
        residual = (flux - mean).astype(np.float32)
        c = project(residual)
        coefficients[at : at + m], x[at : at + m], indices[at : at + m] = c, rows, index
        back = np.einsum('npk,pki->npi', c.reshape(m, patches, components) * scale.astype(np.float32), basis.astype(np.float32))
        lost += np.abs(back.reshape(m, -1) - residual).sum() / (n * data.count)
        if derivatives is not None:
            jc = project(derivatives)
            jacobian[at : at + m] = jc
            kept = ((jc.reshape(m, labels, patches, components) * scale.astype(np.float32)) ** 2).sum(axis=(0, 2, 3))
            lost_derivative = lost_derivative + kept
            first += m
        else:
            last += m
    coefficients.flush()
    jacobian.flush()
    lost_fraction = np.sqrt(np.maximum(0, 1 - lost_derivative / np.maximum(square, 1e-30))) if with_derivatives else np.zeros(labels)
    np.savez(
        os.path.join(out, 'prepared.npz'), x=x, index=indices, mean=mean.reshape(patches, patch_size), basis=basis, scale=scale,
        label_weights=weights, derivative_rms=rms, flux_variance=flux_variance, derivative_variance=derivative_variance,
    )
    summary = {
        'dataset': data.info, 'spectra': n, 'withDerivatives': with_derivatives, 'patches': patches, 'patchSize': patch_size,
        'components': components, 'alpha': alpha, 'basisMae': float(lost),
        'centre': data.centre.tolist(), 'halfRange': data.half_range.tolist(),
    }
    with open(os.path.join(out, 'prepared.json'), 'w', encoding='utf-8') as file:
        json.dump(summary, file, indent=1)
    print(f'{n} spectra, {with_derivatives} with derivatives; {patches} patches x {components} components of {patch_size} pixels')
    print(f'what the basis cannot hold: flux {lost:.2e} (mean absolute), derivatives', end=' ')
    print(' '.join(f'{name} {value:.1%}' for name, value in zip(data.labels, lost_fraction)), '(rms, of each derivative)')
    print(f'prepared in {time.time() - started:.0f} s -> {out}')
    return summary


if __name__ == '__main__':
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('dataset', nargs='+', help='folder with dataset.json and chunks; further folders add spectra, with or without derivatives')
    parser.add_argument('out', help='folder for the prepared training data')
    parser.add_argument('--components', type=int, default=80, help='PCA components per patch')
    parser.add_argument('--patch-size', type=int, default=180, help='pixels per patch')
    parser.add_argument('--alpha', type=float, default=0.6, help='weight of a label in the derivative term ~ rms(derivative)^-alpha')
    arguments = parser.parse_args()
    prepare(arguments.dataset, arguments.out, arguments.patch_size, arguments.components, arguments.alpha)
