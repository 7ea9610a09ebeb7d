import { describe, expect, test } from 'vitest';
import { checkContradictions, checkUnits, readReferences, type ReferenceRow } from './checkReferences.ts';
import type { ReferenceLabel } from './references.ts';

const row = (label: string, value: string, sigma = '0.05', star = 'HD 1', source = 'A'): ReferenceRow => ({
  star,
  source,
  label,
  value,
  sigma,
});
const codeOf = (rows: readonly ReferenceRow[]): string => {
  const read = readReferences(rows, (label) => label !== 'Eu');
  return read.ok ? 'ok' : read.failure.code;
};

describe('a table of references', () => {
  test('labels may be called as people call them', () => {
    const read = readReferences(
      [row('Teff', '5777', '50'), row('[Fe/H]', '-0.2'), row('Mg_H', '0.1'), row('Ti', '0.1'), row('logg', '4.4')],
      () => true,
    );
    expect(read.ok ? read.value.map(({ label }) => label) : []).toEqual(['teff', 'feh', 'Mg', 'Ti', 'logg']);
  });

  test('an empty value is a label that is not known, and no fault', () => {
    const read = readReferences([row('Mg_H', ''), row('Ca_H', '0.1')], () => true);
    expect(read.ok ? read.value.length : 0).toBe(1);
  });

  test('what cannot be meant is refused by name, quoting the row', () => {
    expect(codeOf([row('Mg_Fe', '0.1')])).toBe('REFERENCE_LABEL_UNKNOWN');
    expect(codeOf([row('Eu_H', '0.1')])).toBe('REFERENCE_LABEL_NOT_IN_MODEL');
    expect(codeOf([row('Mg_H', 'about 0')])).toBe('REFERENCE_NOT_A_NUMBER');
    expect(codeOf([row('Mg_H', '0.1', '0')])).toBe('REFERENCE_NOT_A_NUMBER');
    const read = readReferences([row('Mg_H', '0.1'), row('Mg_Fe', '0.1')], () => true);
    expect(read.ok ? '' : read.failure.message).toContain('Row 2 (HD 1, Mg_Fe)');
  });
});

const label = (name: ReferenceLabel['label'], value: number, more: Partial<ReferenceLabel> = {}): ReferenceLabel => ({
  star: 'HD 1',
  source: 'A',
  label: name,
  value,
  sigma: 0.05,
  ...more,
});

describe('units', () => {
  test('kK, log ε, and a linear gravity are told by their size', () => {
    for (const bad of [label('teff', 5.777), label('feh', 7.5), label('Mg', 7.6), label('logg', 27400), label('teff', 300)]) {
      const checked = checkUnits([bad]);
      expect(checked.ok ? '' : checked.failure.code).toBe('REFERENCE_UNITS');
    }
    const kk = checkUnits([label('teff', 5.777)]);
    expect(kk.ok ? '' : kk.failure.message).toContain('kK');
    const epsilon = checkUnits([label('Mg', 7.6)]);
    expect(epsilon.ok ? '' : epsilon.failure.message).toContain('log ε');
  });

  test('usual values pass, and so does one strange star among many', () => {
    const usual = [5200, 5777, 6100, 58].map((value, i) => label('teff', value, { star: String(i) }));
    expect(checkUnits([...usual, label('logg', 4.4), label('feh', -2.4), label('Mg', 0.3)]).ok).toBe(true);
  });
});

describe('contradictions', () => {
  const source = (name: string, shift: (i: number) => number): ReferenceLabel[] =>
    Array.from({ length: 12 }, (_, i) => label('feh', -0.1 * i + shift(i), { star: `S${String(i)}`, source: name }));

  test('one source that says two things of a star is refused', () => {
    const checked = checkContradictions([label('feh', -0.2), label('feh', 0.4)]);
    expect(checked.ok ? '' : checked.failure).toMatchObject({ code: 'REFERENCES_CONTRADICT' });
    expect(checked.ok ? '' : checked.failure.message).toContain('HD 1');
    expect(checkContradictions([label('feh', -0.2), label('feh', -0.15)]).ok).toBe(true);
  });

  test('two sources may differ by a zero point and in a few stars, not in many', () => {
    const a = source('A', () => 0);
    expect(checkContradictions([...a, ...source('B', () => 0.3)]).ok).toBe(true);
    expect(checkContradictions([...a, ...source('B', (i) => (i === 3 ? 1 : 0))]).ok).toBe(true);
    const many = checkContradictions([...a, ...source('B', (i) => (i % 3 === 0 ? 1 : 0))]);
    expect(many.ok ? '' : many.failure.message).toContain('4 of 12 stars');
  });
});
