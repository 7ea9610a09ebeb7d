/** Visits of one star fitted together. */
import { beforeAll, describe, expect, it } from 'vitest';
import type { FitOptions, Solution } from '../domain/fit.ts';
import type { LabelName } from '../domain/labels.ts';
import { simulateSpectrum } from '../spectra/simulate.ts';
import { valueOf } from '../testing/result.ts';
import { ToyEmulator, toyLabels } from '../testing/toyEmulator.ts';
import { DEFAULT_FIT_OPTIONS, DEFAULT_TUNING } from './defaults.ts';
import { fitSpectrum } from './fitSpectrum.ts';
import { fitVisits, type JointSolution } from './jointFit.ts';

const LABELS: LabelName[] = ['teff', 'logg', 'feh', 'Mg', 'Ca'];
const toy = new ToyEmulator({ labels: LABELS, from: 4950, to: 5450, linesPerElement: 8 });
const options: FitOptions = { ...DEFAULT_FIT_OPTIONS, range: [5000, 5400], knotSpacing: 200 };
const TRUTH = toyLabels(toy, [5400, 3.9, 1.1, -0.4]);
const exact = { ...DEFAULT_TUNING, errorFloor: () => 0 };
/** A model whose error is most of the budget. */
const poor = { ...DEFAULT_TUNING, errorFloor: () => 0.03 };
const VELOCITIES = [40, -25];

async function visits(tuning: typeof DEFAULT_TUNING): Promise<[Solution, Solution]> {
  const [flux] = await toy.predict([TRUTH]);
  if (flux === undefined) throw new Error('no flux');
  const fits = VELOCITIES.map(async (rv, k) => {
    const lsf = { kind: 'resolving-power', resolvingPower: 1800 } as const;
    const star = simulateSpectrum({ flux, ...toy.info }, { id: `visit-${String(k)}`, lsf, snr: 60, rv, seed: k + 1 });
    return valueOf(await fitSpectrum(star, toy, options, {}, tuning));
  });
  const [a, b] = await Promise.all(fits);
  if (a === undefined || b === undefined) throw new Error('no fits');
  return [a, b];
}

const sigma = ({ labels }: Solution, i: number): number => labels[i]?.sigma ?? NaN;
const value = ({ labels }: Solution, i: number): number => labels[i]?.value ?? NaN;

let single: [Solution, Solution];
let joint: JointSolution;
beforeAll(async () => {
  single = await visits(exact);
  joint = valueOf(await fitVisits(single, toy));
}, 120_000);

describe('a joint fit of two visits', { timeout: 120_000 }, () => {
  it('has one set of labels, between the visits and better known by √2', () => {
    expect(joint.solution.converged).toBe(true);
    LABELS.forEach((_, i) => {
      const [a, b, both] = [value(single[0], i), value(single[1], i), value(joint.solution, i)];
      const middle = (a + b) / 2;
      expect(Math.abs(both - middle)).toBeLessThan(0.35 * sigma(single[0], i));
      expect(sigma(joint.solution, i) / sigma(single[0], i)).toBeCloseTo(Math.SQRT1_2, 1);
      expect(Math.abs(both - (TRUTH[toy.info.labels.findIndex(({ name }) => name === LABELS[i])] ?? NaN))).toBeLessThan(
        4 * sigma(joint.solution, i),
      );
    });
  });

  it('has a velocity of each visit', () => {
    joint.visits.forEach(({ rv }, k) => {
      expect(Math.abs(rv.value - (VELOCITIES[k] ?? NaN))).toBeLessThan(4 * rv.sigma);
    });
  });

  it('says how the visits scatter about it: differences that add up, and a ratio to what their noise lets expect', () => {
    LABELS.forEach((name, i) => {
      const [a, b] = joint.visits.map(({ differences }) => differences[i]);
      expect(a?.difference).toBeCloseTo(value(single[0], i) - value(joint.solution, i), 9);
      const { scatter, ratio } = joint.scatter[i] ?? { scatter: NaN, ratio: NaN };
      expect(joint.scatter[i]?.name).toBe(name);
      expect(scatter).toBeCloseTo(Math.abs((a?.difference ?? NaN) - (b?.difference ?? NaN)) / Math.SQRT2, 9);
      expect(ratio).toBeLessThan(4);
    });
  });

  it('counts the degrees of freedom of all visits', () => {
    expect(joint.solution.pixelsUsed).toBe(single[0].pixelsUsed + single[1].pixelsUsed);
    expect(joint.solution.chi2Reduced).toBeCloseTo((single[0].chi2Reduced + single[1].chi2Reduced) / 2, 1);
  });

  it('does not take the error of the model for one that visits average', async () => {
    const fits = await visits(poor);
    const { solution } = valueOf(await fitVisits(fits, toy));
    LABELS.forEach((_, i) => {
      expect(sigma(solution, i) / sigma(fits[0], i)).toBeGreaterThan(0.85);
    });
  });

  it('refuses what cannot be joined, by name', async () => {
    const other = { ...single[1], problem: { ...single[1].problem, model: { id: 'another', weights: '' } } };
    expect(await fitVisits([single[0], other], toy)).toMatchObject({ ok: false, failure: { code: 'OTHER_MODEL' } });
    const prior = { ...single[1].problem.prior, wallSigma: 1 };
    expect(await fitVisits([single[0], { ...single[1], problem: { ...single[1].problem, prior } }], toy)).toMatchObject({
      ok: false,
      failure: { code: 'OTHER_PRIOR' },
    });
    expect(await fitVisits([single[0]], toy)).toMatchObject({ ok: false, failure: { code: 'ONE_VISIT' } });
    expect(await fitVisits([joint.solution, single[1]], toy)).toMatchObject({ ok: false, failure: { code: 'ALREADY_JOINT' } });
    expect(await fitVisits(single, toy, () => true)).toMatchObject({ ok: false, failure: { code: 'CANCELLED' } });
  });
});
