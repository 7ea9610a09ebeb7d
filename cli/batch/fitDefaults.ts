import type { FitMethod } from '../../src/domain/fit.ts';
import type { SamplerName } from '../../src/domain/posterior.ts';

export const METHODS: readonly FitMethod[] = ['lm', 'cmaes', 'mcmc'];
export const SAMPLERS: readonly SamplerName[] = ['hamiltonian', 'turns', 'ensemble'];
/** What the terminal fits with unless told: the optimum is the same, and Levenberg–Marquardt is there in a fraction of the time. */
export const DEFAULT_METHOD: FitMethod = 'lm';
