import { expect, it } from 'vitest';
import { madeUpCalibration, madeUpFit, madeUpSpectrum } from '../../testing/fit.ts';
import type { Entry } from '../../state/entries.ts';
import { comparedCurve } from './comparedCurve.ts';

const spectrum = madeUpSpectrum(4, { flux: Float64Array.of(90, 80, 70, 60), ivar: Float64Array.of(1, 1, 1, 1) });
const base = madeUpFit(spectrum);
const rest = Float64Array.of(5000, 5010, 5020, 5030);
const entry = (key: string, changes: Partial<typeof base>, spectrumChanges: Partial<typeof spectrum> = {}): Entry => ({
  key,
  spectrum: { ...spectrum, ...spectrumChanges },
  warnings: [],
  run: { kind: 'done', result: { ...base, restWavelength: rest, ...changes }, calibrated: madeUpCalibration() },
  manual: null,
});
const own = entry('own', { continuum: Float64Array.of(100, 200, 300, 400) });
const run = (of: Entry) => {
  if (of.run.kind !== 'done') throw new Error('not fitted');
  return of.run;
};

it('another star is divided by its continuum and brought to this one’s at the same rest wavelengths', () => {
  const other = entry(
    'other',
    { restWavelength: Float64Array.of(4995, 5005, 5015, 5030), continuum: Float64Array.of(10, 10, 10, 10) },
    { flux: Float64Array.of(5, 5, 8, 5), ivar: Float64Array.of(1, 1, 1, 0) },
  );
  const curve = comparedCurve(own, { kind: 'star', title: 'other', entry: other, run: run(other) }, 'rest');
  // Outside this one nothing; 0.5 of 150; 0.8 of 250; nothing where the other has no data.
  expect(Array.from(curve?.flux ?? [])).toEqual([NaN, 75, 200, NaN]);
  expect(curve).toMatchObject({ name: 'other', dashed: false, wavelength: Float64Array.of(4995, 5005, 5015, 5030) });
});

it('another fit is its model over the same pixels; before a fit there is nothing', () => {
  const other = entry('own', { modelFlux: Float64Array.of(1, 2, 3, 4) });
  const compared = { kind: 'fit', title: 'LM · m', entry: own, run: run(other) } as const;
  expect(comparedCurve(own, compared, 'rest')).toMatchObject({ flux: Float64Array.of(1, 2, 3, 4), wavelength: rest, dashed: true });
  expect(comparedCurve({ ...own, run: { kind: 'idle' } }, compared, 'rest')).toBeNull();
});
