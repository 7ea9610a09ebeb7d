/** Problems and solutions as text: every bit comes back, and what cannot be read says why. */
import { beforeAll, describe, expect, it } from 'vitest';
import type { Solution } from '../domain/fit.ts';
import type { LabelName } from '../domain/labels.ts';
import { DEFAULT_FIT_OPTIONS } from '../fit/defaults.ts';
import { fitSpectrum } from '../fit/fitSpectrum.ts';
import { Objective } from '../fit/objective.ts';
import { Pacer } from '../fit/pacer.ts';
import { simulateSpectrum } from '../spectra/simulate.ts';
import { failureOf, valueOf } from '../testing/result.ts';
import { ToyEmulator, toyLabels } from '../testing/toyEmulator.ts';
import { problemJson, readProblemJson, readSolutionJson, solutionJson } from './solutionJson.ts';

const LABELS: LabelName[] = ['teff', 'logg', 'feh', 'Mg'];
const toy = new ToyEmulator({ labels: LABELS, from: 4950, to: 5450, linesPerElement: 8 });

let solution: Solution;
beforeAll(async () => {
  const [flux] = await toy.predict([toyLabels(toy, [5400, 3.9, 1.1, -0.4])]);
  if (flux === undefined) throw new Error('no flux');
  const lsf = { kind: 'resolving-power', resolvingPower: 1800 } as const;
  const spectrum = simulateSpectrum({ flux, ...toy.info }, { id: 'toy', lsf, snr: 60, rv: 40, seed: 1 });
  const priors = { logg: { mean: 3.9, sigma: 0.02 }, Mg: { fixed: 0.1 } };
  const maskedRegions = [{ from: 5200, to: 5210, why: 'a fault', frame: 'observed' as const }];
  const options = { ...DEFAULT_FIT_OPTIONS, range: [5000, 5400] as const, knotSpacing: 200, priors, maskedRegions };
  solution = valueOf(await fitSpectrum(spectrum, toy, options));
}, 120_000);

describe('a solution as text', () => {
  it('comes back to the last bit, kinds of arrays included', () => {
    const again = valueOf(readSolutionJson(solutionJson(solution)));
    // `toStrictEqual` tells kinds of arrays and −0 from 0, and takes NaN for NaN.
    expect(again).toStrictEqual(solution);
    expect(solution.residuals.some(Number.isNaN)).toBe(true);
  });

  it('is solved to the same digits by whoever reads its problem', async () => {
    const problem = valueOf(readProblemJson(problemJson(solution.problem)));
    expect(problem).toStrictEqual(solution.problem);
    const at = async (of: Solution['problem']) => {
      const [found] = await new Objective(toy, of, new Pacer(undefined)).evaluateMany([solution.z]);
      return found?.objective;
    };
    expect(await at(problem)).toBe(await at(solution.problem));
  });
});

describe('what cannot be read says why, and what to do', () => {
  it.each([
    ['a file that was cut off', (text: string) => text.slice(0, -200), 'SOLUTION_NOT_JSON', /JSON|string/],
    ['bytes that are no base64', (text: string) => text.replace('"base64":"', '"base64":"***'), 'SOLUTION_NOT_JSON', /base64/],
    ['an unknown kind of array', (text: string) => text.replace('Float64Array', 'Float16Array'), 'SOLUTION_NOT_JSON', /Float16Array/],
    ['another version', (text: string) => text.replace('"format":1', '"format":99'), 'SOLUTION_FORMAT', /99.*reads format 1/],
    ['no solution at all', () => '{"stars": []}', 'SOLUTION_BAD', /format/],
    ['an option that is not known', (text: string) => text.replace('"knotSpacing":200', '"knots":200'), 'SOLUTION_BAD', /options/],
    ['a problem without a prior for every label', (text: string) => text.replace('{"kind":"flat"},', ''), 'SOLUTION_BAD', /prior/],
    [
      'pixels that do not fit together',
      (text: string) => {
        const value = JSON.parse(text) as { problem: { data: { weight: { base64: string } }[] } };
        value.problem.data.forEach(({ weight }) => (weight.base64 = 'AAAAAAAAAAA='));
        return JSON.stringify(value);
      },
      'SOLUTION_BAD',
      /problem\.data.*equally long/,
    ],
  ])('%s', (_, damage, code, message) => {
    const text = solutionJson(solution);
    const damaged = damage(text);
    expect(damaged).not.toBe(text);
    const failure = failureOf(readSolutionJson(damaged));
    expect(failure.code).toBe(code);
    expect(failure.message).toMatch(message);
    expect(failure.hint).toBeTruthy();
  });
});
