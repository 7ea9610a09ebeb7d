import { describe, expect, it } from 'vitest';
import { byGrade, gradeOf, priorShare } from './grade.ts';

const row = (name: string, priorFraction: number | null, ...flags: Parameters<typeof gradeOf>[0]['flags'][number][]) => ({
  name,
  priorFraction,
  flags,
});

describe('the grade of a row', () => {
  it('is by information: the prior’s part makes a value weak though nothing is flagged', () => {
    expect(gradeOf(row('Mg', 0.07))).toBe('measured');
    expect(gradeOf(row('La', 0.7))).toBe('weak');
    expect(gradeOf(row('teff', null))).toBe('measured');
  });

  it.each(['prior-dominated', 'model-dominated', 'fixed', 'given', 'unreliable', 'out-of-range', 'not-converged'] as const)(
    'of what is %s is not measured, whatever the prior’s part',
    (flag) => {
      expect(gradeOf(row('N', 0.1, flag))).toBe('not measured');
    },
  );

  it('does not fall for want of a calibration', () => {
    expect(gradeOf(row('Ti', 0.1, 'uncalibrated'))).toBe('measured');
    expect(gradeOf(row('Ti', 0.1, 'at-bound'))).toBe('measured');
  });

  it('tells the prior’s share of the information, at most all of it', () => {
    expect(priorShare(row('La', 0.7))).toBeCloseTo(0.49);
    expect(priorShare(row('Eu', 1.02))).toBe(1);
    expect(priorShare(row('teff', null))).toBeNull();
  });

  it('sorts rows into grades, best first, without changing their order or losing one', () => {
    const rows = [row('C', 0.1), row('N', 0.1, 'model-dominated'), row('O', 0.6), row('Na', 0.2)];
    expect(byGrade(rows).map(([grade, some]) => [grade, some.map(({ name }) => name)])).toEqual([
      ['measured', ['C', 'Na']],
      ['weak', ['O']],
      ['not measured', ['N']],
    ]);
    expect(byGrade(rows.slice(0, 1)).map(([grade]) => grade)).toEqual(['measured']);
  });
});
