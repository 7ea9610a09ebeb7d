import { expect, it } from 'vitest';
import { numberColumns, readColumns, USUAL_COLUMNS, withColumn } from './sampleColumns.ts';

const ids = (chosen: readonly string[], derivative: string) => numberColumns(chosen, derivative, 'xfe').map(([id]) => id);
const FIXED = ['snr', 'chi2', 'rv', 'teff', 'logg', 'vmic', 'feh'];

it('the usual columns are the parameters, magnesium and the element of the derivative, which is there once', () => {
  expect(ids(USUAL_COLUMNS, 'Ba')).toEqual([...FIXED, 'Mg', 'Ba']);
  expect(ids(USUAL_COLUMNS, 'Mg')).toEqual([...FIXED, 'Mg']);
  expect(ids(USUAL_COLUMNS, 'teff')).toEqual([...FIXED, 'Mg']);
});

it('columns are chosen one by one and stay in order, on the scale that is shown', () => {
  const some = withColumn(withColumn(withColumn(USUAL_COLUMNS, 'Eu', true), 'C', true), 'vmic', false);
  expect(ids(withColumn(some, 'derivative', false), 'Ba')).toEqual(['snr', 'chi2', 'rv', 'teff', 'logg', 'feh', 'C', 'Mg', 'Eu']);
  expect(numberColumns(['C'], 'Mg', 'xh')).toEqual([['C', '[C/H]', 2]]);
  expect(withColumn(some, 'C', true)).toEqual(some);
});

it('what storage held is read for what it is worth', () => {
  expect(readColumns(['Eu', 'snr', 'gone', 3])).toEqual(['snr', 'Eu']);
  expect(readColumns([])).toEqual([]);
  for (const other of [undefined, null, 'snr']) expect(readColumns(other)).toBe(USUAL_COLUMNS);
});
