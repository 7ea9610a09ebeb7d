/** The methods and samplers that there are: what page, terminal and validation offer, and what each is. */
import type { FitMethod } from '../domain/fit.ts';
import type { SamplerName } from '../domain/posterior.ts';

interface Choice<Id extends string> {
  readonly id: Id;
  /** A word or two, for a button. */
  readonly title: string;
  readonly help: string;
}

/** In the order in which they are offered; the first is the default: it finds the optimum that CMA-ES finds, in an eighth of the time. */
export const METHODS: readonly [Choice<FitMethod>, ...Choice<FitMethod>[]] = [
  { id: 'lm', title: 'LM', help: 'Levenberg–Marquardt with the emulator’s derivatives, from two starts' },
  { id: 'cmaes', title: 'CMA-ES', help: 'evolution strategy: slower, and needs neither derivatives nor a good start' },
  { id: 'mcmc', title: 'MCMC', help: 'Levenberg–Marquardt, then the posterior sampled about its optimum' },
];
export const DEFAULT_METHOD: FitMethod = METHODS[0].id;

/** In the order in which they are offered; the first is the default: the cheapest where derivatives are cheap. */
export const SAMPLERS: readonly [Choice<SamplerName>, ...Choice<SamplerName>[]] = [
  {
    id: 'hamiltonian',
    title: 'Hamiltonian',
    help: 'turns in a Gaussian that stands in for the posterior, with kicks by the emulator’s gradient',
  },
  { id: 'turns', title: 'turns', help: 'the same without gradients: preconditioned Crank–Nicolson' },
  { id: 'ensemble', title: 'ensemble', help: 'affine-invariant ensemble with stretch and differential-evolution moves' },
];
export const DEFAULT_SAMPLER: SamplerName = SAMPLERS[0].id;

export const METHOD_IDS: readonly FitMethod[] = METHODS.map(({ id }) => id);
export const SAMPLER_IDS: readonly SamplerName[] = SAMPLERS.map(({ id }) => id);
export const methodTitle = (method: FitMethod): string => METHODS.find(({ id }) => id === method)?.title ?? method;
