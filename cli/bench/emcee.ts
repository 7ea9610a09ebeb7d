/** The posterior of a fit handed to emcee, with the same bundle run by PyTorch: velocity and widths of the LSF held as fitted. */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import type { Emulator } from '../../src/domain/emulator.ts';
import type { FitResult } from '../../src/domain/fit.ts';
import { isElement } from '../../src/domain/labels.ts';
import { failed, success, type Result } from '../../src/domain/result.ts';
import type { Spectrum } from '../../src/domain/spectrum.ts';
import { DEFAULT_FIT_OPTIONS, DEFAULT_TUNING } from '../../src/fit/defaults.ts';
import { NuisanceModel } from '../../src/fit/nuisances.ts';
import { empiricalVmic, priorSigmaOf } from '../../src/fit/priors.ts';
import { cubicBasis } from '../../src/math/bspline.ts';
import { airToVacuumArray } from '../../src/spectra/airVacuum.ts';

const SCRIPT = fileURLToPath(new URL('../../training/emcee_bench.py', import.meta.url));
const answer = z.object({ seconds: z.number(), spectra: z.number(), sizes: z.array(z.number()), note: z.string() });

/** Pixels, operator, continuum basis, priors and Laplace covariance of a fit, as the script wants them. */
function problem(emulator: Emulator, spectrum: Spectrum, result: FitResult, bundle: string, spectra: number) {
  const { info } = emulator;
  const wavelength = spectrum.medium === 'air' ? airToVacuumArray(spectrum.wavelength) : spectrum.wavelength;
  const pixels = Array.from(wavelength, (_, p) => p).filter((p) => result.used[p] === 1);
  const chosen = (array: ArrayLike<number>) => pixels.map((p) => array[p] ?? NaN);
  const lnObserved = Float64Array.from(chosen(wavelength), Math.log);
  const model = new NuisanceModel(info, lnObserved, spectrum.lsf, DEFAULT_TUNING);
  const { start, offset, weights } = model.operator(result.nuisances ?? model.start(result.rv.value));
  const used = chosen(wavelength);
  const basis = cubicBasis(used, used[0] ?? 0, used[used.length - 1] ?? 1, DEFAULT_FIT_OPTIONS.knotSpacing);
  const value = (name: string) => result.labels.find((label) => label.name === name)?.value ?? 0;
  return {
    bundle,
    spectra,
    seed: result.seed,
    flux: chosen(spectrum.flux),
    // The fit's own weight, from its residual in σ.
    weight: pixels.map(
      (p) =>
        ((result.residuals[p] ?? 0) / ((spectrum.flux[p] ?? NaN) - (result.modelFlux[p] ?? NaN))) ** 2 / Math.max(1, result.chi2Reduced),
    ),
    operator: { start: Array.from(start), offset: Array.from(offset), weights: Array.from(weights) },
    basis: { count: basis.count, first: Array.from(basis.first), values: Array.from(basis.values) },
    prior: info.labels.map((label) =>
      isElement(label.name) || label.name === 'vmic'
        ? {
            mean: label.name === 'vmic' ? empiricalVmic(value('teff'), value('logg'), value('feh')) : 0,
            sigma: priorSigmaOf(label, DEFAULT_FIT_OPTIONS, DEFAULT_TUNING),
          }
        : null,
    ),
    reach: 1 + 3 * DEFAULT_TUNING.wallSigma,
    wallSigma: DEFAULT_TUNING.wallSigma,
    mean: result.labels.map((label) => label.value),
    covariance: Array.from(result.covariance),
  };
}

/** Runs `training/emcee_bench.py`. Failure `NO_EMCEE` where there is no python3 with emcee and torch, or it failed. */
export async function runEmcee(
  emulator: Emulator,
  spectrum: Spectrum,
  result: FitResult,
  bundle: string,
  spectra: number,
): Promise<Result<z.infer<typeof answer>>> {
  const child = spawn('/usr/bin/python3', [SCRIPT], { stdio: ['pipe', 'pipe', 'pipe'] });
  let [out, err] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
  child.stdin.on('error', () => undefined);
  child.stdin.end(JSON.stringify(problem(emulator, spectrum, result, bundle, spectra)));
  const code = await new Promise<number | null>((resolve) => {
    child.on('error', () => {
      resolve(null);
    });
    child.on('close', resolve);
  });
  const last = err.trim().split('\n').at(-1) ?? '';
  if (code !== 0) return failed('NO_EMCEE', last === '' ? 'no /usr/bin/python3' : last, 'apt-get install python3-emcee python3-torch');
  return success(answer.parse(JSON.parse(out)));
}
