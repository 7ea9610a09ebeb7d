/** Fits with a measured model error, on an analytic model that is wrong in a known way. */
import { beforeAll, describe, expect, it } from 'vitest';
import type { FitOptions, Solution } from '../../domain/fit.ts';
import type { LabelName } from '../../domain/labels.ts';
import type { Nature } from '../../domain/nature.ts';
import type { Spectrum } from '../../domain/spectrum.ts';
import { simulateSpectrum } from '../../spectra/simulate.ts';
import { valueOf } from '../../testing/result.ts';
import { ToyEmulator, toyLabels } from '../../testing/toyEmulator.ts';
import { DEFAULT_FIT_OPTIONS, DEFAULT_TUNING } from '../defaults.ts';
import { fitSpectrum } from '../fitSpectrum.ts';
import { modelDominated } from '../modelDominated.ts';
import { Objective } from '../objective.ts';
import { Pacer } from '../pacer.ts';

const LABELS: LabelName[] = ['teff', 'logg', 'feh', 'Mg', 'Ca'];
const toy = new ToyEmulator({ labels: LABELS, from: 4950, to: 5450, linesPerElement: 8 });
const options: FitOptions = { ...DEFAULT_FIT_OPTIONS, range: [5000, 5400], knotSpacing: 200 };
const count = 200;
const grid = { lnStart: Math.log(4950), lnStep: Math.log(5450 / 4950) / (count - 1), count };
const wave = Float32Array.from({ length: count }, (_, i) => Math.sin(i / 2));
const nature = (sigma: number, amplitude: number, depth = 0): Nature => ({
  model: { id: 'toy', weights: '' },
  date: '2026-01-01',
  command: 'a test',
  stars: { made: 100 },
  resolvingPower: 1800,
  correlation: 69,
  grid,
  law: { wavelength: [4950, 5450], constant: [sigma, sigma], depth: [depth, depth] },
  nodes: [{ teff: 5400, logg: 4, feh: -0.4, stars: 100, amplitudes: [amplitude], factor: new Float32Array(count).fill(1) }],
  shapes: [wave],
});
const tuning = (of: Nature | null) => ({ ...DEFAULT_TUNING, errorFloor: () => 0.001, nature: of });
const fit = async (star: Spectrum, of: Nature | null, more: Partial<FitOptions> = {}) =>
  valueOf(await fitSpectrum(star, toy, { ...options, ...more }, {}, tuning(of)));
const labelOf = ({ labels }: Solution, name: LabelName) => {
  const found = labels.find((label) => label.name === name);
  if (found === undefined) throw new Error(name);
  return found;
};
const variance = ({ noise = NaN, model = NaN, network = NaN } = {}) => noise ** 2 + model ** 2 + network ** 2;

let star: Spectrum;
let plain: Solution;
beforeAll(async () => {
  const [flux] = await toy.predict([toyLabels(toy, [5400, 3.9, 1.1, -0.4])]);
  if (flux === undefined) throw new Error('no flux');
  const lsf = { kind: 'resolving-power', resolvingPower: 1800 } as const;
  star = simulateSpectrum({ flux, ...toy.info }, { id: 'toy', lsf, snr: 100, rv: 40, seed: 1 });
  plain = await fit(star, nature(0.01, 0));
}, 60_000);

describe('a fit with a measured model error', { timeout: 60_000 }, () => {
  it('says in its problem where the error is from, and in each σ how much is noise and how much the model', async () => {
    expect(plain.problem.data[0].modelError?.source).toBe('measured');
    const little = await fit(star, nature(0.002, 0));
    const [wide, narrow] = [labelOf(plain, 'Mg'), labelOf(little, 'Mg')];
    expect(wide.sigma).toBeGreaterThan(1.2 * narrow.sigma);
    expect(wide.errors?.model ?? 0).toBeGreaterThan(0.5 * (wide.errors?.noise ?? NaN));
    expect(narrow.errors?.model ?? NaN).toBeLessThan(0.5 * (narrow.errors?.noise ?? 0));
    for (const label of plain.labels) {
      // The rest is the priors': nothing of a flat one.
      expect(variance(label.errors)).toBeLessThan(label.sigma ** 2 * 1.0001);
      if (label.name === 'feh') expect(variance(label.errors) / label.sigma ** 2).toBeGreaterThan(0.95);
    }
  });

  it('is not misled by an error that all pixels share, and says how much it cost', async () => {
    const rest = star.wavelength.map((value) => value / (1 + 40 / 299_792.458));
    const wrong = star.flux.map((value, p) => {
      const i = (Math.log(rest[p] ?? NaN) - grid.lnStart) / grid.lnStep;
      return value * (1 + 0.03 * Math.sin(i / 2));
    });
    const bad: Spectrum = { ...star, flux: wrong };
    const [clean, without, shared] = [
      await fit(star, nature(0.002, 0)),
      await fit(bad, nature(0.002, 0)),
      await fit(bad, nature(0.002, 0.03)),
    ];
    const off = (found: Solution) =>
      ['feh', 'Mg', 'Ca'].reduce((sum, name) => {
        const [a, b] = [labelOf(found, name as LabelName), labelOf(plain, name as LabelName)];
        return sum + ((a.value - b.value) / b.sigma) ** 2;
      }, 0);
    expect(off(shared)).toBeLessThan(0.3 * off(without));
    for (const { name, sigma } of shared.labels) expect(sigma).toBeGreaterThan(0.99 * labelOf(clean, name).sigma);
  });

  it('ends at one place by Levenberg–Marquardt and by CMA-ES: the weights are the problem’s, and both have the same', async () => {
    const all = nature(0.005, 0.01, 0.1);
    const [lm, cma] = [await fit(star, all), await fit(star, all, { method: 'cmaes' })];
    for (const label of lm.labels) expect(Math.abs(labelOf(cma, label.name).value - label.value) / label.sigma).toBeLessThan(0.3);
  });

  it('counts lines for less where the law says that they are wrong', async () => {
    const [flat, deep] = [await fit(star, nature(0.005, 0)), await fit(star, nature(0.005, 0, 0.2))];
    const weightOf = (found: Solution, p: number) => (found.problem.data[0].weight[p] ?? 0) / (flat.problem.data[0].weight[p] ?? NaN);
    const model = flat.modelFlux.map((value, p) => value / (flat.continuum[p] ?? NaN));
    const used = [...flat.used.keys()].filter((p) => flat.used[p] === 1).sort((a, b) => (model[a] ?? 0) - (model[b] ?? 0));
    const [line, continuum] = [used[5] ?? 0, used[used.length - 20] ?? 0];
    expect(weightOf(deep, line)).toBeLessThan(0.8 * weightOf(deep, continuum));
  });

  it('flags a label that hangs on one line which the model has wrong, and one whose lines drown in the model’s error', async () => {
    const sane = plain.labels.filter(({ flags }) => flags.includes('model-dominated'));
    expect(sane).toEqual([]);
    const drowned = await fit(star, nature(0.15, 0));
    const doubted = drowned.labels.filter(({ flags }) => flags.includes('model-dominated') || flags.includes('prior-dominated'));
    expect(doubted.map(({ name }) => name)).toEqual(expect.arrayContaining(['Mg', 'Ca']));

    // One line of Mg twice as strong, after the fit: as if it had been fitted with it.
    const objective = new Objective(toy, plain.problem, new Pacer(undefined));
    const at = await objective.linearise(plain.z);
    if (at === null) throw new Error('not finite');
    const column = at.parts[0].columns[LABELS.indexOf('Mg')] ?? new Float64Array();
    const strongest = column.reduce((best, value, p) => (Math.abs(value) > Math.abs(column[best] ?? 0) ? p : best), 0);
    const [data] = plain.problem.data;
    const flux = data.flux.map((value, p) =>
      Math.abs(p - strongest) < 4
        ? value + 0.12 * Math.sign(-(column[p] ?? 0)) * Math.min(1, Math.abs((column[p] ?? 0) / (column[strongest] ?? NaN)))
        : value,
    );
    const wrong = new Objective(toy, { ...plain.problem, data: [{ ...data, flux }] }, new Pacer(undefined));
    const there = await wrong.linearise(plain.z);
    if (there === null) throw new Error('not finite');
    const why = modelDominated(wrong, there, plain.scaledCovariance, plain.chi2ReducedWidened, plain.labels);
    expect(why[LABELS.indexOf('Mg')]).toMatch(/without its strongest pixels it would be \d+\.\d σ higher/);
  });

  it('of a star of another kind takes the nearest type’s error, and warns', async () => {
    const far = await fit(star, { ...nature(0.01, 0), nodes: [{ ...nature(0.01, 0).nodes[0], teff: 4000 }] as Nature['nodes'] });
    expect(far.warnings.join()).toMatch(/was not measured for a star like this/);
  });
});
