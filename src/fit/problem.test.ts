/** Problems as values: options that pose them, and that whoever has one can solve it again. */
import { beforeAll, describe, expect, it } from 'vitest';
import type { FitOptions, Solution } from '../domain/fit.ts';
import type { LabelName } from '../domain/labels.ts';
import { FIT_REASONS, pixelsOf } from '../domain/problem.ts';
import { PIXEL_REASONS, type Spectrum } from '../domain/spectrum.ts';
import { simulateSpectrum } from '../spectra/simulate.ts';
import { valueOf } from '../testing/result.ts';
import { ToyEmulator, toyLabels } from '../testing/toyEmulator.ts';
import { DEFAULT_FIT_OPTIONS, DEFAULT_TUNING } from './defaults.ts';
import { fitSpectrum } from './fitSpectrum.ts';
import { levenbergMarquardt } from './lm.ts';
import { Objective } from './objective.ts';
import { Pacer } from './pacer.ts';

const LABELS: LabelName[] = ['teff', 'logg', 'feh', 'Mg', 'Ca'];
const toy = new ToyEmulator({ labels: LABELS, from: 4950, to: 5450, linesPerElement: 8 });
const exact = { ...DEFAULT_TUNING, errorFloor: () => 0 };
const options: FitOptions = { ...DEFAULT_FIT_OPTIONS, range: [5000, 5400], knotSpacing: 200 };
const TRUTH = toyLabels(toy, [5400, 3.9, 1.1, -0.4]);

let spectrum: Spectrum;
let usual: Solution;
const fit = async (more: Partial<FitOptions> = {}, star = spectrum) =>
  valueOf(await fitSpectrum(star, toy, { ...options, ...more }, {}, exact));
const labelOf = ({ labels }: Solution, name: LabelName) => labels.find((label) => label.name === name);

beforeAll(async () => {
  const [flux] = await toy.predict([TRUTH]);
  if (flux === undefined) throw new Error('no flux');
  const lsf = { kind: 'resolving-power', resolvingPower: 1800 } as const;
  spectrum = simulateSpectrum({ flux, ...toy.info }, { id: 'toy', lsf, snr: 60, rv: 40, seed: 1 });
  usual = await fit();
}, 120_000);

describe('a problem is a value', { timeout: 120_000 }, () => {
  it('that is sent elsewhere is solved to the same digits, from its own start', async () => {
    const { problem, z } = structuredClone(usual);
    const objective = new Objective(toy, problem, new Pacer(undefined));
    const [there] = await objective.evaluateMany([z]);
    const [here] = await new Objective(toy, usual.problem, new Pacer(undefined)).evaluateMany([usual.z]);
    expect(there?.objective).toBe(here?.objective);
    const again = await levenbergMarquardt(
      objective,
      z.map((value) => value + 0.02),
      { maxIterations: 14, tolerance: 0.001 },
    );
    LABELS.forEach((_, i) => {
      const sigma = Math.sqrt(usual.scaledCovariance[i * (z.length + 1)] ?? NaN);
      expect(Math.abs((again?.at.z[i] ?? NaN) - (z[i] ?? NaN)) / sigma).toBeLessThan(0.1);
    });
  });

  it('of two visits is a sum over them: the labels are shared, and known better by √2', async () => {
    const [data] = usual.problem.data;
    const twice = new Objective(toy, { ...usual.problem, data: [data, data] }, new Pacer(undefined));
    const z = twice.pack(twice.labelsOf(usual.z), usual.nuisances, usual.nuisances);
    const both = await twice.linearise(z);
    const one = await new Objective(toy, usual.problem, new Pacer(undefined)).linearise(usual.z);
    if (both === null || one === null) throw new Error('not finite');
    expect(both.chi2).toBeCloseTo(2 * one.chi2, 6);
    const [n, m] = [usual.z.length, z.length];
    for (let i = 0; i < LABELS.length; i++)
      expect((both.curvature.data[i * m + i] ?? NaN) / (one.curvature.data[i * n + i] ?? NaN)).toBeCloseTo(2, 9);
    // Nuisances of one visit know nothing of the other's.
    expect(both.curvature.data[LABELS.length * m + n]).toBe(0);
  });
});

describe('what a person knows of a star', { timeout: 120_000 }, () => {
  it('a fixed label stays where it is and takes part in nothing; the others answer as to a value without error', async () => {
    const held = await fit({ priors: { teff: { fixed: 5500 } } });
    expect(labelOf(held, 'teff')).toMatchObject({ value: 5500, sigma: 0, flags: ['fixed'] });
    expect(Math.max(...held.covariance.slice(0, LABELS.length).map(Math.abs))).toBe(0);
    expect(labelOf(held, 'feh')?.sigma).toBeLessThan(labelOf(usual, 'feh')?.sigma ?? NaN);
    // A prior as narrow says the same.
    const narrow = await fit({ priors: { teff: { mean: 5500, sigma: 0.2 } } });
    for (const name of ['logg', 'feh', 'Mg', 'Ca'] as const) {
      const [a, b] = [labelOf(held, name), labelOf(narrow, name)];
      expect(Math.abs((a?.value ?? NaN) - (b?.value ?? NaN)) / (b?.sigma ?? NaN)).toBeLessThan(0.1);
    }
  });

  it('a prior on any label pulls as its σ says', async () => {
    const free = labelOf(usual, 'logg');
    if (free === undefined) throw new Error('no log g');
    const mean = free.value + 2 * free.sigma;
    const told = labelOf(await fit({ priors: { logg: { mean, sigma: free.sigma } } }), 'logg');
    // Two equal weights: half way, and √½ of σ; the flat prior that is no more counts for little.
    expect(Math.abs(((told?.value ?? NaN) - free.value) / free.sigma - 1)).toBeLessThan(0.15);
    expect((told?.sigma ?? NaN) / free.sigma).toBeCloseTo(Math.SQRT1_2, 1);
    expect(told?.priorSigma).toBe(free.sigma);
    expect(told?.flags).toEqual(free.flags);
  });

  it('a prior far stronger than the spectrum is what was given, and none that dominates by chance', async () => {
    const sigma = 0.1 * (labelOf(usual, 'logg')?.sigma ?? NaN);
    const given = labelOf(await fit({ priors: { logg: { mean: labelOf(usual, 'logg')?.value ?? NaN, sigma } } }), 'logg');
    expect(given?.priorFraction).toBeGreaterThan(DEFAULT_TUNING.priorDominated);
    expect(given?.flags).toEqual(['given']);
  });

  it('a prior that the model cannot have fails by name', async () => {
    const failed = await fitSpectrum(spectrum, toy, { ...options, priors: { teff: { fixed: 9000 } } }, {}, exact);
    expect(failed).toMatchObject({ ok: false, failure: { code: 'BAD_PRIOR' } });
  });

  it('a pixel that the reader left out says why the reader did', async () => {
    const at = (reason: (typeof PIXEL_REASONS)[number]) => PIXEL_REASONS.indexOf(reason);
    const middle = spectrum.wavelength.findIndex((value) => value > 5250);
    const out = new Map(
      [at('wild: far beyond any spectral line'), at('no error'), at('masked by the file')].map((code, k) => [middle + k, code]),
    );
    const star = {
      ...spectrum,
      ivar: spectrum.ivar.map((value, p) => (out.has(p) ? 0 : value)),
      mask: Int32Array.from(spectrum.ivar, (_, p) => (out.get(p) === at('masked by the file') ? 4 : 0)),
      reason: Uint8Array.from(spectrum.ivar, (_, p) => out.get(p) ?? 0),
    };
    const { problem } = await fit({}, star);
    const said = [...out.keys()].map((p) => FIT_REASONS[problem.data[0].reason[p] ?? NaN]);
    expect(said).toEqual(['wild: far beyond any spectral line', 'no error', 'survey mask']);
  });

  it('stretches are left out in the frame they are given in, and every pixel says why it is', async () => {
    const stretch = { from: 5200, to: 5210, why: 'a fault' };
    const [rest, observed] = [await fit({ maskedRegions: [stretch] }), await fit({ maskedRegions: [{ ...stretch, frame: 'observed' }] })];
    const gone = ({ problem: { data } }: Solution) => {
      const flags = pixelsOf(data[0], 'left out by the person');
      return [...flags.keys()].filter((p) => flags[p] === 1).map((p) => spectrum.wavelength[p] ?? NaN);
    };
    const shift = 1 + 40 / 299_792.458;
    expect(Math.min(...gone(observed))).toBeGreaterThanOrEqual(5200);
    expect(Math.max(...gone(observed))).toBeLessThanOrEqual(5210);
    expect(Math.abs((gone(rest)[0] ?? NaN) / (gone(observed)[0] ?? NaN) - shift)).toBeLessThan(1.5e-4);
    const [data] = rest.problem.data;
    data.reason.forEach((code, p) => {
      expect((data.weight[p] ?? NaN) > 0).toBe(FIT_REASONS[code] === 'good');
    });
  });
});
