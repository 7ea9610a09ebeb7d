#!/usr/bin/env python3
"""
emcee on a bundle: reads the posterior of one fit from stdin (JSON of cli/bench/emcee.ts), samples it with differential-evolution and
snooker moves from its Laplace approximation, and prints seconds, spectra and the effective size of every label as JSON.
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
    """ln posterior of scaled labels, a batch at a time; the continuum is profiled."""

    def __init__(self, problem, bundle):
        self.bundle = bundle
        self.problem = problem
        self.flux, self.weight = np.array(problem['flux']), np.array(problem['weight'])
        operator, basis = problem['operator'], problem['basis']
        offset = np.array(operator['offset'])
        rows = np.diff(offset)
        columns = np.concatenate([np.arange(s, s + n) for s, n in zip(operator['start'], rows)])
        self.operator = csr_matrix((operator['weights'], columns, offset), shape=(len(rows), len(bundle.arrays['mean'].ravel())))
        first = np.repeat(np.array(basis['first']), 4) + np.tile(np.arange(4), len(rows))
        self.basis = csr_matrix((basis['values'], first, 4 * np.arange(len(rows) + 1)), shape=(len(rows), basis['count'])).toarray()
        priors = problem['prior']
        self.prior_mean = np.array([p['mean'] if p else 0.0 for p in priors])
        self.prior_weight = np.array([1 / p['sigma'] ** 2 if p else 0.0 for p in priors])
        self.spectra = 0

    def chi2(self, native):
        model = self.operator @ native
        columns = self.basis * model[:, None]
        weighted = columns * self.weight[:, None]
        normal = weighted.T @ columns
        normal[np.diag_indices_from(normal)] *= 1 + 1e-9
        coefficients = cho_solve(cho_factor(normal), weighted.T @ self.flux)
        return np.sum(self.weight * (self.flux - columns @ coefficients) ** 2)

    def __call__(self, x):
        out = np.full(len(x), -np.inf)
        inside = np.all(np.abs(x) <= self.problem['reach'], axis=1)
        if not inside.any():
            return out
        x = x[inside]
        self.spectra += len(x)
        chi2 = np.array([self.chi2(native) for native in self.bundle.flux(x)])
        labels = self.bundle.centre + self.bundle.half_range * x
        wall = np.maximum(0, np.abs(x) - 1) / self.problem['wallSigma']
        penalty = ((labels - self.prior_mean) ** 2 * self.prior_weight).sum(1) + (wall**2).sum(1)
        out[inside] = -0.5 * (chi2 + penalty)
        return out


def main():
    problem = json.load(sys.stdin)
    torch.set_num_threads(1)
    bundle = Bundle(problem['bundle'])
    posterior = Posterior(problem, bundle)
    n = len(bundle.centre)
    walkers = 2 * (n + 2)
    steps = max(8, problem['spectra'] // walkers)
    np.random.seed(problem['seed'])
    mean = (np.array(problem['mean']) - bundle.centre) / bundle.half_range
    covariance = np.array(problem['covariance']).reshape(n, n) / np.outer(bundle.half_range, bundle.half_range)
    limit = problem['reach'] - 1e-6
    start = np.clip(np.random.multivariate_normal(mean, covariance, walkers), -limit, limit)
    moves = [(emcee.moves.DEMove(), 0.8), (emcee.moves.DESnookerMove(), 0.2)]
    sampler = emcee.EnsembleSampler(walkers, n, posterior, moves=moves, vectorize=True)
    began = time.perf_counter()
    sampler.run_mcmc(start, steps)
    seconds = time.perf_counter() - began
    discard = steps // 4
    tau = sampler.get_autocorr_time(discard=discard, quiet=True, tol=0)
    sizes = walkers * (steps - discard) / tau
    short = ' (run shorter than 50 times that: too small)' if steps - discard < 50 * np.max(tau) else ''
    note = f'autocorrelation time up to {np.max(tau):.0f} steps{short}, acceptance {np.mean(sampler.acceptance_fraction):.2f}'
    print(json.dumps({'seconds': seconds, 'spectra': posterior.spectra, 'sizes': sizes.tolist(), 'note': note}))


if __name__ == '__main__':
    main()
