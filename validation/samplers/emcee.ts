/** The posterior of a fit handed to emcee, with the same bundle run by PyTorch, priors and nuisances included. */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import type { Emulator } from '../../src/domain/emulator.ts';
import type { FitResult } from '../../src/domain/fit.ts';
import { failed, success, type Result } from '../../src/domain/result.ts';
import type { Spectrum } from '../../src/domain/spectrum.ts';
import { DEFAULT_FIT_OPTIONS } from '../../src/fit/defaults.ts';
import { uncertaintyAt } from '../../src/fit/fisher.ts';
import { boxOf } from '../../src/fit/mcmc/posteriorTarget.ts';
import { Objective } from '../../src/fit/objective.ts';
import { Pacer } from '../../src/fit/pacer.ts';
import { gaussianRows } from '../../src/fit/priors.ts';
import { tuningFor } from '../../src/fit/tuning.ts';
import { cubicBasis } from '../../src/math/bspline.ts';
import { airToVacuumArray } from '../../src/spectra/airVacuum.ts';

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
 * derivatives of the model along them at the optimum, and v_mic's prior by its tangent there: both bend little within the posterior. The
 * weights are taken from the residuals in σ, which are those of the fit for a simulated star only.
 */
async function problem(emulator: Emulator, spectrum: Spectrum, optimum: FitResult, bundle: string, spectra: number) {
  const { info } = emulator;
  const tuning = tuningFor(spectrum, info);
  const wavelength = spectrum.medium === 'air' ? airToVacuumArray(spectrum.wavelength) : spectrum.wavelength;
  const pixels = Array.from(wavelength, (_, p) => p).filter((p) => optimum.used[p] === 1);
  const chosen = (array: ArrayLike<number>) => Float64Array.from(pixels, (p) => array[p] ?? NaN);
  const weight = chosen(spectrum.flux).map((flux, k) => {
    const p = pixels[k] ?? -1;
    return ((optimum.residuals[p] ?? NaN) / (flux - (optimum.modelFlux[p] ?? NaN))) ** 2 / Math.max(1, optimum.chi2Reduced);
  });
  const used = chosen(wavelength);
  const data = { lnObserved: used.map(Math.log), flux: chosen(spectrum.flux), weight, lsf: spectrum.lsf };
  const objective = new Objective(emulator, data, DEFAULT_FIT_OPTIONS, tuning, new Pacer(undefined));
  const labels = Float64Array.from(optimum.labels, (label) => label.value);
  const nuisances = optimum.nuisances ?? objective.nuisances.start(optimum.rv.value);
  const at = objective.pack(labels, nuisances);
  const linearised = objective.lineariseNative(at, await emulator.jacobian(labels));
  const laplace = linearised === null ? null : uncertaintyAt(objective, linearised, 1);
  if (linearised === null || laplace === null) return null;
  const operator = objective.operatorAt(nuisances);
  const basis = cubicBasis(used, used[0] ?? 0, used[used.length - 1] ?? 1, DEFAULT_FIT_OPTIONS.knotSpacing);
  const rows = [...gaussianRows(at, info, DEFAULT_FIT_OPTIONS, tuning), ...objective.nuisances.priorRows(nuisances, info.labels.length)];
  const { start, offset, weights } = operator;
  return {
    bundle,
    spectra,
    seed: optimum.seed,
    flux: Array.from(data.flux),
    weight: Array.from(weight),
    operator: { start: Array.from(start), offset: Array.from(offset), weights: Array.from(weights) },
    nuisances: objective.nuisances.columns(nuisances, operator, linearised.native).map((column) => Array.from(column)),
    basis: { count: basis.count, first: Array.from(basis.first), values: Array.from(basis.values) },
    prior: rows,
    reach: boxOf(objective).upper[0] ?? NaN,
    at: Array.from(at),
    covariance: Array.from(laplace.scaled),
  };
}

/**
 * Samples with `training/emcee_bench.py` the posterior about an optimum that Levenberg–Marquardt found for a simulated star. Failures:
 * `NO_COVARIANCE`, and `NO_EMCEE` where there is no python3 with emcee and torch, or it failed.
 */
export async function runEmcee(
  emulator: Emulator,
  spectrum: Spectrum,
  optimum: FitResult,
  bundle: string,
  spectra: number,
): Promise<Result<Sampled>> {
  const input = await problem(emulator, spectrum, optimum, bundle, spectra);
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
