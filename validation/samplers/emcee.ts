/** The posterior of a fit handed to emcee, with the same bundle run by PyTorch, priors and nuisances included. */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import type { Emulator } from '../../src/domain/emulator.ts';
import type { Solution } from '../../src/domain/fit.ts';
import type { Problem } from '../../src/domain/problem.ts';
import { failed, success, type Result } from '../../src/domain/result.ts';
import { uncertaintyAt } from '../../src/fit/fisher.ts';
import { boxOf } from '../../src/fit/mcmc/posteriorTarget.ts';
import { Objective } from '../../src/fit/objective.ts';
import { Pacer } from '../../src/fit/pacer.ts';
import { cubicBasis } from '../../src/math/bspline.ts';

const SCRIPT = fileURLToPath(new URL('../../training/emcee_bench.py', import.meta.url));
/** What a sampler found. */
export const sampledSchema = z.object({
  seconds: z.number(),
  spectra: z.number(),
  /** By label, in its own unit; effective draws. */
  mean: z.array(z.number()),
  sigma: z.array(z.number()),
  sizes: z.array(z.number()),
  note: z.string(),
});
export type Sampled = z.infer<typeof sampledSchema>;

/**
 * Pixels, operator, continuum basis, priors and Laplace covariance of an optimum, as the script wants them. Velocity and widths enter by the
 * derivatives of the model along them at the optimum, and v_mic's prior by its tangent there: both bend little within the posterior.
 */
async function problem(emulator: Emulator, solution: Solution, bundle: string, spectra: number) {
  const [data] = solution.problem.data;
  const pixels = [...data.weight.keys()].filter((p) => (data.weight[p] ?? 0) > 0);
  const chosen = (array: ArrayLike<number>) => Float64Array.from(pixels, (p) => array[p] ?? NaN);
  const inflation = Math.max(1, solution.chi2ReducedWidened);
  const weight = chosen(data.weight).map((w) => w / inflation);
  // The script knows the pixels in use alone.
  const lnWavelength = chosen(data.lnWavelength);
  const used = lnWavelength.map(Math.exp);
  const reduced: Problem = {
    ...solution.problem,
    data: [
      {
        ...data,
        lnWavelength,
        flux: chosen(data.flux),
        ivar: chosen(data.ivar),
        surveyWeight: weight,
        weight,
        reason: new Uint8Array(used.length),
      },
    ],
  };
  const objective = new Objective(emulator, reduced, new Pacer(undefined));
  const { z: at, nuisances } = solution;
  const linearised = await objective.linearise(at);
  const laplace = linearised === null ? null : uncertaintyAt(objective, linearised, 1);
  if (linearised === null || laplace === null) return null;
  const operator = objective.first.operatorAt(nuisances);
  const basis = cubicBasis(used, used[0] ?? 0, used[used.length - 1] ?? 1, data.knotSpacing);
  const { start, offset, weights } = operator;
  return {
    bundle,
    spectra,
    seed: solution.seed,
    flux: Array.from(chosen(data.flux)),
    weight: Array.from(weight),
    operator: { start: Array.from(start), offset: Array.from(offset), weights: Array.from(weights) },
    nuisances: objective.first.nuisances.columns(nuisances, operator, linearised.native).map((column) => Array.from(column)),
    basis: { count: basis.count, first: Array.from(basis.first), values: Array.from(basis.values) },
    prior: objective.priorRows(at),
    reach: boxOf(objective).upper[0] ?? NaN,
    at: Array.from(at),
    covariance: Array.from(laplace.scaled),
  };
}

/**
 * Samples with `training/emcee_bench.py` the posterior about an optimum that Levenberg–Marquardt found for a simulated star. Failures:
 * `NO_COVARIANCE`, and `NO_EMCEE` where there is no python3 with emcee and torch, or it failed.
 */
export async function runEmcee(emulator: Emulator, solution: Solution, bundle: string, spectra: number): Promise<Result<Sampled>> {
  const input = await problem(emulator, solution, bundle, spectra);
  if (input === null) return failed('NO_COVARIANCE', 'the Fisher matrix cannot be inverted', 'Take another star');
  const child = spawn('/usr/bin/python3', [SCRIPT], { stdio: ['pipe', 'pipe', 'pipe'] });
  let [out, err] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
  child.stdin.on('error', () => undefined);
  child.stdin.end(JSON.stringify(input));
  const code = await new Promise<number | null>((resolve) => {
    child.on('error', () => {
      resolve(null);
    });
    child.on('close', resolve);
  });
  const last = err.trim().split('\n').at(-1) ?? '';
  if (code !== 0) return failed('NO_EMCEE', last === '' ? 'no /usr/bin/python3' : last, 'apt-get install python3-emcee python3-torch');
  return success(sampledSchema.parse(JSON.parse(out)));
}
