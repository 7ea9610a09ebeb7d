import { expect, it } from 'vitest';
import type { LabelName } from '../domain/labels.ts';
import { simulateSpectrum } from '../spectra/simulate.ts';
import { ToyEmulator, toyLabels } from '../testing/toyEmulator.ts';
import { DEFAULT_FIT_OPTIONS, DEFAULT_TUNING } from './defaults.ts';
import { fitSpectrum } from './fitSpectrum.ts';
import { labelInfluence, smallestSet } from './information.ts';

const LABELS: LabelName[] = ['teff', 'logg', 'vmic', 'feh', 'Mg', 'Ni'];

it('the pixels that carry an element are those of its lines, and their noise is its σ', { timeout: 120_000 }, async () => {
  const toy = new ToyEmulator({ labels: LABELS, from: 4400, to: 6200, linesPerElement: 8 });
  const truth = toyLabels(toy, [5400, 3.9, 1.1, -0.4]);
  const [flux] = await toy.predict([truth]);
  if (flux === undefined) throw new Error('no flux');
  const lsf = { kind: 'resolving-power', resolvingPower: 1800 } as const;
  const spectrum = simulateSpectrum({ flux, ...toy.info }, { id: 'toy', lsf, snr: 100, rv: 40, seed: 1 });
  const options = { ...DEFAULT_FIT_OPTIONS, method: 'lm' as const, range: [4450, 6150] as const };
  const fit = await fitSpectrum(spectrum, toy, options, {}, { ...DEFAULT_TUNING, errorFloor: () => 0 });
  if (!fit.ok) throw new Error(fit.failure.message);
  const result = fit.value;
  const jacobian = await toy.jacobian(Float64Array.from(result.labels, ({ value }) => value));
  const influence = labelInfluence({ info: toy.info, jacobian, solution: result });

  const magnesium = LABELS.indexOf('Mg');
  const carried = smallestSet(influence[magnesium] ?? new Float64Array());
  const count = carried.reduce((sum, flag) => sum + flag, 0);
  expect(count).toBeGreaterThan(10);
  expect(count).toBeLessThan(0.3 * result.pixelsUsed);
  // Half of a derivative's size lies within the chosen pixels, which are few: those that were chosen are those that answer to magnesium.
  const slope = jacobian.derivatives[magnesium] ?? new Float32Array();
  const at = (p: number) =>
    Math.abs(slope[Math.round((Math.log(result.restWavelength[p] ?? 1) - toy.info.grid.lnStart) / toy.info.grid.lnStep)] ?? 0);
  const mean = (of: (flag: number) => boolean) => {
    const pixels = [...carried.keys()].filter((p) => result.used[p] === 1 && of(carried[p] ?? 0));
    return pixels.reduce((sum, p) => sum + at(p), 0) / pixels.length;
  };
  expect(mean((flag) => flag === 1)).toBeGreaterThan(5 * mean((flag) => flag === 0));

  for (const [j, { name, sigma }] of result.labels.entries()) {
    const spread = Math.sqrt(influence[j]?.reduce((sum, value) => sum + value, 0) ?? NaN);
    expect(spread, name).toBeLessThan(1.001 * sigma);
    if (name === 'teff') expect(spread).toBeGreaterThan(0.98 * sigma);
  }
});

it('Σ g² and what the priors put in are σ², also where the errors were widened', { timeout: 120_000 }, async () => {
  const toy = new ToyEmulator({ labels: LABELS, from: 4400, to: 6200, linesPerElement: 8 });
  const [flux] = await toy.predict([toyLabels(toy, [5400, 3.9, 1.1, -0.4])]);
  if (flux === undefined) throw new Error('no flux');
  const lsf = { kind: 'resolving-power', resolvingPower: 1800 } as const;
  const made = simulateSpectrum({ flux, ...toy.info }, { id: 'toy', lsf, snr: 60, rv: 40, seed: 1 });
  // The blue half states errors three times too small.
  const spectrum = { ...made, ivar: made.ivar.map((w, p) => ((made.wavelength[p] ?? 0) < 5300 ? 9 * w : w)) };
  const options = { ...DEFAULT_FIT_OPTIONS, method: 'lm' as const, range: [4450, 6150] as const };
  const fit = await fitSpectrum(spectrum, toy, options, {}, { ...DEFAULT_TUNING, errorFloor: () => 0 });
  if (!fit.ok) throw new Error(fit.failure.message);
  const { z, curvature, scaledCovariance, labels, problem, chi2Reduced, chi2ReducedWidened } = fit.value;
  // One number says how well the model describes the spectrum, the other whether the widening succeeded.
  expect(chi2Reduced).toBeGreaterThan(3);
  expect(chi2ReducedWidened).toBeLessThan(1.3);
  const jacobian = await toy.jacobian(Float64Array.from(labels, ({ value }) => value));
  const influence = labelInfluence({ info: toy.info, jacobian, solution: fit.value });
  const n = z.length;
  const c = (i: number, j: number) => scaledCovariance[i * n + j] ?? NaN;
  labels.forEach(({ name, sigma }, j) => {
    let prior = 0;
    for (let a = 0; a < n; a++) for (let b = 0; b < n; b++) prior += c(j, a) * (curvature.prior[a * n + b] ?? NaN) * c(b, j);
    const half = problem.labels[j]?.halfRange ?? NaN;
    const noise = influence[j]?.reduce((sum, value) => sum + value, 0) ?? NaN;
    expect(Math.sqrt(noise + half * half * prior) / sigma, name).toBeCloseTo(1, 6);
    if (name === 'teff') expect(Math.sqrt(noise) / sigma).toBeGreaterThan(0.98);
  });
});

it('the smallest set is the smallest, and empty where nothing is known', () => {
  expect([...smallestSet(Float64Array.from([1, 0, 6, 3, 0]))]).toEqual([0, 0, 1, 1, 0]);
  expect([...smallestSet(Float64Array.from([1, 0, 6, 3, 0]), 0.5)]).toEqual([0, 0, 1, 0, 0]);
  expect([...smallestSet(new Float64Array(3))]).toEqual([0, 0, 0]);
});
