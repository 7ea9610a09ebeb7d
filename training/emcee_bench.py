#!/usr/bin/env python3
"""
emcee on a bundle: reads the posterior about one optimum from stdin (JSON of validation/samplers/emcee.ts), samples it with differential-evolution moves
from its Laplace approximation, and prints seconds, spectra, and mean, sigma and effective size of every label as JSON.
"""
import json
import sys
import time

import emcee
import numpy as np
import torch
from scipy.linalg import cho_factor, cho_solve
from scipy.sparse import csr_matrix

from bundle import Bundle


class Posterior:
    """ln posterior of scaled labels and nuisances, a batch at a time; the continuum is profiled."""

    def __init__(self, problem, bundle):
        self.bundle = bundle
        self.labels = len(bundle.centre)
        self.at = np.array(problem['at'])
        self.flux, self.weight = np.array(problem['flux']), np.array(problem['weight'])
        operator, basis = problem['operator'], problem['basis']
        offset = np.array(operator['offset'])
        rows = np.diff(offset)
        columns = np.concatenate([np.arange(s, s + n) for s, n in zip(operator['start'], rows)])
        self.operator = csr_matrix((operator['weights'], columns, offset), shape=(len(rows), len(bundle.arrays['mean'].ravel())))
        self.nuisances = np.array(problem['nuisances'])
        first = np.repeat(np.array(basis['first']), 4) + np.tile(np.arange(4), len(rows))
        self.basis = csr_matrix((basis['values'], first, 4 * np.arange(len(rows) + 1)), shape=(len(rows), basis['count'])).toarray()
        self.prior = np.zeros((len(problem['prior']), len(self.at)))
        for row, prior in zip(self.prior, problem['prior']):
            for i, slope in prior['gradient']:
                row[i] = slope
        self.prior_residual = np.array([prior['residual'] for prior in problem['prior']])
        self.reach = problem['reach']
        self.spectra = 0

    def chi2(self, model):
        columns = self.basis * model[:, None]
        weighted = columns * self.weight[:, None]
        normal = weighted.T @ columns
        normal[np.diag_indices_from(normal)] *= 1 + 1e-9
        coefficients = cho_solve(cho_factor(normal), weighted.T @ self.flux)
        return np.sum(self.weight * (self.flux - columns @ coefficients) ** 2)

    def __call__(self, x):
        out = np.full(len(x), -np.inf)
        inside = np.all(np.abs(x[:, : self.labels]) <= self.reach, axis=1)
        if not inside.any():
            return out
        x = x[inside]
        self.spectra += len(x)
        offset = x - self.at
        models = (self.operator @ self.bundle.flux(x[:, : self.labels]).T).T + offset[:, self.labels :] @ self.nuisances
        chi2 = np.array([self.chi2(model) for model in models])
        penalty = ((self.prior_residual + offset @ self.prior.T) ** 2).sum(1)
        out[inside] = -0.5 * (chi2 + penalty)
        return out


def main():
    problem = json.load(sys.stdin)
    torch.set_num_threads(1)
    bundle = Bundle(problem['bundle'])
    posterior = Posterior(problem, bundle)
    n, labels = len(posterior.at), posterior.labels
    walkers = 2 * (n + 2)
    steps = max(8, problem['spectra'] // walkers)
    np.random.seed(problem['seed'])
    covariance = np.array(problem['covariance']).reshape(n, n)
    start = np.random.multivariate_normal(posterior.at, covariance, walkers)
    limit = posterior.reach - 1e-6
    start[:, :labels] = np.clip(start[:, :labels], -limit, limit)
    # Without DESnookerMove: in emcee 3.1.4 its Jacobian is the square root of what ter Braak & Vrugt (2008) derive, and it narrows every posterior.
    moves = [(emcee.moves.DEMove(), 0.9), (emcee.moves.DEMove(gamma0=1.0), 0.1)]
    sampler = emcee.EnsembleSampler(walkers, n, posterior, moves=moves, vectorize=True)
    began = time.perf_counter()
    sampler.run_mcmc(start, steps)
    seconds = time.perf_counter() - began
    discard = steps // 4
    tau = sampler.get_autocorr_time(discard=discard, quiet=True, tol=0)[:labels]
    sizes = walkers * (steps - discard) / tau
    draws = sampler.get_chain(discard=discard, flat=True)[:, :labels] * bundle.half_range + bundle.centre
    short = ' (run shorter than 50 times that: too small)' if steps - discard < 50 * np.max(tau) else ''
    note = f'autocorrelation time up to {np.max(tau):.0f} steps{short}, acceptance {np.mean(sampler.acceptance_fraction):.2f}'
    summary = {'mean': draws.mean(0).tolist(), 'sigma': draws.std(0).tolist(), 'sizes': sizes.tolist(), 'note': note}
    print(json.dumps({'seconds': seconds, 'spectra': posterior.spectra, **summary}))


if __name__ == '__main__':
    main()
